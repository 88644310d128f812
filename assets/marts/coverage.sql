-- Which source covers which area, how well, since when? Every area stands under every survey and wave.
WITH counted AS (
    SELECT survey, wave, force_area_code, submitted_on, is_sample
    FROM staged.responses
    WHERE is_counted
),
asked AS (
    SELECT survey, wave, bool_or(is_sample) AS is_sample
    FROM counted
    GROUP BY survey, wave
)
SELECT
    asked.survey,
    asked.wave,
    areas.force_area_code,
    areas.force_area_name,
    count(counted.survey) AS n_records,
    CASE
        WHEN count(counted.survey) > 0 THEN 'value'
        WHEN asked.survey = 'force_visits' AND bool_or(withheld.subject IS NOT NULL) THEN 'withheld'
        ELSE 'not_covered'
    END AS state,
    min(counted.submitted_on) AS first_on,
    max(counted.submitted_on) AS last_on,
    asked.is_sample
FROM asked
CROSS JOIN reference.force_areas AS areas
LEFT JOIN counted
    ON counted.survey = asked.survey AND counted.wave = asked.wave AND counted.force_area_code = areas.force_area_code
LEFT JOIN staged.withheld_areas AS withheld
    ON withheld.force_area_code = areas.force_area_code AND withheld.subject = 'visits'
GROUP BY asked.survey, asked.wave, areas.force_area_code, areas.force_area_name, asked.is_sample
ORDER BY asked.survey, asked.wave, areas.force_area_code
