-- In which force areas does each activity run? The area visited where nothing else was said.
WITH named AS (
    SELECT record_id AS activity_id, code AS force_area_code
    FROM staged.answers
    WHERE question = 'activity_areas' AND code IS NOT NULL
),
run_in AS (
    SELECT activity_id, force_area_code FROM named
    UNION
    SELECT activity_id, force_area_code
    FROM staged.activities
    WHERE activity_id NOT IN (SELECT activity_id FROM named)
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
