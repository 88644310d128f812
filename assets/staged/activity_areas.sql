-- In which force areas does each activity run? The area visited if nothing else was said; for several reports, all their areas.
WITH named AS (
    SELECT activity_id, source_number, code AS force_area_code
    FROM staged.activity_answers
    WHERE question = 'activity_areas' AND code IS NOT NULL
),
run_in AS (
    SELECT activity_id, force_area_code FROM named
    UNION
    SELECT sources.activity_id, visits.force_area_code
    FROM staged.activity_sources AS sources
    JOIN staged.visits AS visits ON visits.visit_id = sources.visit_id
    WHERE (sources.activity_id, sources.source_number) NOT IN (SELECT (activity_id, source_number) FROM named)
)
SELECT
    run_in.activity_id,
    run_in.force_area_code,
    run_in.force_area_code AS place_key,
    areas.region_name,
    coalesce(run_in.force_area_code = activities.force_area_code, false) AS is_lead
FROM run_in
JOIN staged.activities AS activities ON activities.activity_id = run_in.activity_id
JOIN reference.force_areas AS areas ON areas.force_area_code = run_in.force_area_code
ORDER BY run_in.activity_id, run_in.force_area_code
