-- Which activities may be a row of their own? All for the team; in a release only those that may be named with their place.
SELECT activity_id
FROM staged.activities
ORDER BY activity_id
