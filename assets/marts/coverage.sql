-- Which source covers which area, how well, since when? Every survey and wave has a row for every area.
WITH counted AS (
    SELECT survey, wave, force_area_code, submitted_on, is_sample
    FROM staged.responses
    WHERE is_counted
),
asked AS (
    SELECT survey, wave, bool_or(is_sample) AS is_sample
    FROM counted
    GROUP BY survey, wave
),
in_areas AS (
    SELECT
        asked.survey,
        asked.wave,
        areas.force_area_code,
        areas.force_area_name,
        count(counted.survey) AS n_records,
        asked.survey = 'force_visits' AND count(unsaid.subject) > 0 AS is_unsaid,
        min(counted.submitted_on) AS first_on,
        max(counted.submitted_on) AS last_on,
        asked.is_sample
    FROM asked
    CROSS JOIN reference.force_areas AS areas
    LEFT JOIN counted
        ON counted.survey = asked.survey AND counted.wave = asked.wave AND counted.force_area_code = areas.force_area_code
    LEFT JOIN staged.not_said_areas AS unsaid
        ON unsaid.force_area_code = areas.force_area_code AND unsaid.subject = 'visits'
    GROUP BY asked.survey, asked.wave, areas.force_area_code, areas.force_area_name, asked.is_sample
)
SELECT
    survey,
    wave,
    force_area_code,
    force_area_name,
    CASE WHEN n_records > 0 OR NOT is_unsaid THEN n_records END AS n_records,
    CASE WHEN n_records > 0 THEN 'value' WHEN is_unsaid THEN 'not_said' ELSE 'not_covered' END AS state,
    first_on,
    last_on,
    is_sample
FROM in_areas
ORDER BY survey, wave, force_area_code
