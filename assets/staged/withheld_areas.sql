-- Of which areas can something not be told by name? None here: the team sees all, so only a release has such areas.
SELECT areas.force_area_code, subjects.subject
FROM reference.force_areas AS areas
CROSS JOIN (VALUES ('visits'), ('activities'), ('challenges')) AS subjects (subject)
WHERE false
ORDER BY areas.force_area_code, subjects.subject
