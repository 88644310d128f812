-- How many community support officers, special constables and volunteers are there per 100,000 people?
WITH measures AS (
    SELECT force_area_code, counted_on, note, source, 'pcsos' AS measure_code,
        'Police community support officers' AS measure_name, 'full-time equivalent' AS unit, pcsos_fte AS measure_value
    FROM reference.workforce
    UNION ALL
    SELECT force_area_code, counted_on, note, source, 'special_constables',
        'Special constables', 'headcount', special_constables_headcount
    FROM reference.workforce
    UNION ALL
    SELECT force_area_code, counted_on, note, source, 'police_support_volunteers',
        'Police support volunteers', 'headcount', police_support_volunteers_headcount
    FROM reference.workforce
)
SELECT
    measures.force_area_code,
    areas.force_area_name,
    measures.measure_code,
    measures.measure_name,
    measures.unit,
    measures.counted_on AS measured_on,
    measures.measure_value,
    population.population,
    round(measures.measure_value * 100000 / population.population, 2) AS measure_per_100k,
    CASE
        WHEN measures.measure_value IS NULL THEN 'not_covered'
        WHEN measures.measure_value = 0 THEN 'zero'
        ELSE 'value'
    END AS state,
    CASE WHEN measures.measure_value IS NULL THEN measures.note END AS note,
    measures.source || '; ' || population.source AS source
FROM measures
JOIN reference.force_areas AS areas ON areas.force_area_code = measures.force_area_code
JOIN reference.population AS population
    ON population.force_area_code = measures.force_area_code AND population.mid_year = 2017
ORDER BY measures.force_area_code, measures.measure_code
