-- For which areas is there something that may not be reported by name? None here: the team sees all; only a release has any.
SELECT areas.force_area_code, subjects.subject
FROM reference.force_areas AS areas
CROSS JOIN (VALUES ('visits'), ('activities'), ('challenges')) AS subjects (subject)
WHERE false
ORDER BY areas.force_area_code, subjects.subject
