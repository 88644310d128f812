-- Which challenges were asserted, by what type of speaker, about which area? The area visited if nothing else was said. The form
-- gives the visit's permission to its challenges too; the form before asked for each, and blank meant the region only.
WITH asserted AS (
    SELECT
        records.record_id AS assertion_id,
        visits.visit_id,
        visits.force_area_code AS visited_code,
        visits.visited_on,
        visits.is_sample,
        max(answers.code) FILTER (answers.question = 'challenge') AS challenge_code,
        max(answers.code) FILTER (answers.question = 'challenge_speaker_type') AS speaker_type_code,
        max(answers.date_value) FILTER (answers.question = 'said_on') AS said_on,
        CASE
            WHEN bool_or(answers.question = 'challenge_release_level' AND answers.missing_reason = 'not_asked')
            THEN visits.release_level
            ELSE max(answers.code) FILTER (answers.question = 'challenge_release_level')
        END AS release_level
    FROM staged.records AS records
    JOIN staged.visits AS visits ON visits.visit_id = records.response_id
    JOIN staged.answers AS answers ON answers.record_id = records.record_id
    WHERE records.repeat = 'challenges'
    GROUP BY
        records.record_id, visits.visit_id, visits.force_area_code, visits.visited_on, visits.release_level, visits.is_sample
),
named AS (
    SELECT DISTINCT record_id AS assertion_id, code AS force_area_code
    FROM staged.answers
    WHERE question = 'challenge_areas' AND code IS NOT NULL
)
SELECT
    asserted.assertion_id,
    asserted.visit_id,
    asserted.challenge_code,
    asserted.speaker_type_code,
    coalesce(named.force_area_code, asserted.visited_code) AS force_area_code,
    coalesce(named.force_area_code, asserted.visited_code) AS place_key,
    areas.region_name,
    coalesce(asserted.said_on, asserted.visited_on) AS said_on,
    coalesce(asserted.release_level, 'REL.WHOLE') AS release_level,
    asserted.is_sample
FROM asserted
LEFT JOIN named ON named.assertion_id = asserted.assertion_id
LEFT JOIN reference.force_areas AS areas
    ON areas.force_area_code = coalesce(named.force_area_code, asserted.visited_code)
ORDER BY asserted.assertion_id, place_key
