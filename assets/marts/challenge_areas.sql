-- Which challenges were asserted about which area? Every area has a row for every challenge.
WITH visited AS (
    SELECT force_area_code FROM staged.visits WHERE force_area_code IS NOT NULL
    UNION
    SELECT force_area_code FROM staged.assertions WHERE force_area_code IS NOT NULL
),
unsaid AS (
    SELECT force_area_code FROM staged.not_said_areas WHERE subject = 'challenges'
),
asserted AS (
    SELECT
        force_area_code,
        challenge_code,
        count(DISTINCT assertion_id) AS n_assertions,
        count(DISTINCT speaker_type_code) AS n_speaker_types
    FROM staged.assertions
    WHERE force_area_code IS NOT NULL
    GROUP BY force_area_code, challenge_code
),
counted AS (
    SELECT
        areas.force_area_code,
        areas.force_area_name,
        challenges.code AS challenge_code,
        challenges.label AS challenge_name,
        asserted.n_assertions,
        asserted.n_speaker_types,
        CASE
            WHEN asserted.n_assertions > 0 THEN 'value'
            WHEN unsaid.force_area_code IS NOT NULL THEN 'not_said'
            WHEN visited.force_area_code IS NOT NULL THEN 'zero'
            ELSE 'not_covered'
        END AS state
    FROM reference.force_areas AS areas
    CROSS JOIN reference.codebook AS challenges
    LEFT JOIN visited ON visited.force_area_code = areas.force_area_code
    LEFT JOIN unsaid ON unsaid.force_area_code = areas.force_area_code
    LEFT JOIN asserted
        ON asserted.force_area_code = areas.force_area_code AND asserted.challenge_code = challenges.code
    WHERE challenges.scheme = 'challenge'
)
SELECT
    force_area_code,
    force_area_name,
    challenge_code,
    challenge_name,
    CASE WHEN state IN ('value', 'zero') THEN coalesce(n_assertions, 0) END AS n_assertions,
    CASE WHEN state IN ('value', 'zero') THEN coalesce(n_speaker_types, 0) END AS n_speaker_types,
    state,
    (SELECT coalesce(bool_or(is_sample), false) FROM staged.submissions) AS is_sample
FROM counted
ORDER BY force_area_code, challenge_code
