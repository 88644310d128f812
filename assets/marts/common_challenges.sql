-- Which challenges are common: asserted about enough areas, by enough types of speaker?
WITH limits AS (
    SELECT
        max(TRY_CAST(parameter_value AS INTEGER)) FILTER (parameter = 'fewest_areas') AS fewest_areas,
        max(TRY_CAST(parameter_value AS INTEGER)) FILTER (parameter = 'fewest_speaker_types') AS fewest_speaker_types
    FROM reference.rules
    WHERE rule = 'common_challenges'
),
residual AS (
    SELECT parameter_value AS code FROM reference.rules WHERE rule = 'residual_codes'
),
counted AS (
    SELECT
        assertions.challenge_code,
        count(DISTINCT assertions.assertion_id) AS n_assertions,
        count(DISTINCT assertions.place_key) AS n_areas,
        count(DISTINCT assertions.speaker_type_code) AS n_speaker_types,
        count(DISTINCT assertions.assertion_id) FILTER (assertions.speaker_type_code = 'SPK.FORCE_LEAD') AS n_by_force_leads,
        count(DISTINCT assertions.assertion_id) FILTER (assertions.speaker_type_code = 'SPK.FRONTLINE') AS n_by_front_line,
        count(DISTINCT assertions.assertion_id) FILTER (assertions.speaker_type_code = 'SPK.STAFF') AS n_by_police_staff,
        count(DISTINCT assertions.assertion_id) FILTER (assertions.speaker_type_code = 'SPK.OPCC') AS n_by_commissioners,
        count(DISTINCT assertions.assertion_id) FILTER (
            assertions.speaker_type_code IN ('SPK.ACADEMIC', 'SPK.PARTNER', 'SPK.OTHER')
        ) AS n_by_others,
        string_agg(DISTINCT areas.force_area_name, ', ' ORDER BY areas.force_area_name) AS force_area_names
    FROM staged.assertions AS assertions
    LEFT JOIN reference.force_areas AS areas ON areas.force_area_code = assertions.force_area_code
    GROUP BY assertions.challenge_code
),
-- Of areas that may not be named a release knows only this, and nothing of who spoke there.
beyond AS (
    SELECT
        challenges.code,
        elsewhere.elsewhere,
        CASE WHEN elsewhere.elsewhere = '3 areas or more' THEN 3 ELSE 0 END AS n_areas
    FROM reference.codebook AS challenges
    LEFT JOIN staged.elsewhere AS elsewhere ON elsewhere.code = challenges.code
)
SELECT
    challenges.code AS challenge_code,
    challenges.label AS challenge_name,
    coalesce(counted.n_assertions, 0) AS n_assertions,
    coalesce(counted.n_areas, 0) AS n_areas,
    coalesce(counted.n_speaker_types, 0) AS n_speaker_types,
    coalesce(counted.n_by_force_leads, 0) AS n_by_force_leads,
    coalesce(counted.n_by_front_line, 0) AS n_by_front_line,
    coalesce(counted.n_by_police_staff, 0) AS n_by_police_staff,
    coalesce(counted.n_by_commissioners, 0) AS n_by_commissioners,
    coalesce(counted.n_by_others, 0) AS n_by_others,
    coalesce(counted.n_areas, 0) + beyond.n_areas >= limits.fewest_areas
    AND coalesce(counted.n_speaker_types, 0) >= limits.fewest_speaker_types
    AND challenges.code NOT IN (SELECT code FROM residual) AS is_common,
    challenges.code IN (
        SELECT parameter_value FROM reference.rules WHERE rule = 'intermediary_challenges'
    ) AS is_about_intermediaries,
    counted.force_area_names,
    beyond.elsewhere,
    (SELECT coalesce(bool_or(is_sample), false) FROM staged.submissions) AS is_sample
FROM reference.codebook AS challenges
CROSS JOIN limits
JOIN beyond ON beyond.code = challenges.code
LEFT JOIN counted ON counted.challenge_code = challenges.code
WHERE challenges.scheme = 'challenge'
ORDER BY challenges.code
