-- Which visits were made, where, when and to whom? Only visits that count.
WITH asked AS (
    SELECT
        response_id,
        max(date_value) FILTER (question = 'visited_on') AS visited_on,
        max(code) FILTER (question = 'officer_model') AS officer_model_code
    FROM staged.answers
    WHERE survey = 'force_visits' AND record_id = response_id
    GROUP BY response_id
)
SELECT
    responses.response_id AS visit_id,
    responses.force_area_code,
    responses.force_area_code AS place_key,
    areas.region_name,
    responses.organisation_type_code,
    asked.visited_on,
    asked.officer_model_code,
    responses.release_level,
    responses.is_sample
FROM staged.responses AS responses
JOIN asked ON asked.response_id = responses.response_id
LEFT JOIN reference.force_areas AS areas ON areas.force_area_code = responses.force_area_code
WHERE responses.survey = 'force_visits' AND responses.is_counted
ORDER BY visit_id
