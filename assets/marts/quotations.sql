-- What did people say, in their words? Only what a person approved and the speaker lets be printed.
WITH printable AS (
    SELECT quotations.*, visits.force_area_code
    FROM staged.quotations AS quotations
    JOIN staged.visits AS visits ON visits.visit_id = quotations.visit_id
    WHERE quotations.text_state IN ('approved', 'confirmed')
)
SELECT
    'Q' || lpad(CAST(row_number() OVER (ORDER BY areas.force_area_name, printable.words) AS VARCHAR), 3, '0')
    AS quotation_number,
    printable.words,
    printable.speaker_type_code,
    speakers.label AS speaker_type_name,
    printable.activity_type_code,
    types.label AS about_activity_type_name,
    printable.challenge_code,
    challenges.label AS about_challenge_name,
    printable.force_area_code,
    areas.force_area_name,
    printable.text_state = 'confirmed' AS is_confirmed,
    coalesce(permissions.label, 'unknown') AS permission_given_name,
    printable.release_level,
    printable.is_sample
FROM printable
LEFT JOIN reference.force_areas AS areas ON areas.force_area_code = printable.force_area_code
LEFT JOIN reference.codebook AS speakers ON speakers.code = printable.speaker_type_code
LEFT JOIN reference.codebook AS types ON types.code = printable.activity_type_code
LEFT JOIN reference.codebook AS challenges ON challenges.code = printable.challenge_code
LEFT JOIN reference.codebook AS permissions ON permissions.code = printable.permission_given_code
ORDER BY quotation_number
