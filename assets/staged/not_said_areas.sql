-- Of which areas does a release say nothing beyond what it names? Of none for the team, whose tables have everything.
-- In a release this table has other rows (landscape/disclosure/permitted.py), so that the marts there show what is not said.
SELECT
    areas.force_area_code,
    'visits' AS subject
FROM reference.force_areas AS areas
WHERE false
ORDER BY areas.force_area_code
