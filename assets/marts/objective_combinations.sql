-- Which exact sets of objectives occur together, in how many activities and areas?
WITH sets AS (
    SELECT
        codes.activity_id,
        string_agg(codes.code, ' + ' ORDER BY codes.code) AS objective_codes,
        string_agg(objectives.label, ' + ' ORDER BY codes.code) AS objective_names,
        count(*) AS n_objectives
    FROM staged.activity_codes AS codes
    JOIN reference.codebook AS objectives ON objectives.code = codes.code
    WHERE codes.scheme = 'objective'
    GROUP BY codes.activity_id
)
SELECT
    sets.objective_codes,
    sets.objective_names,
    sets.n_objectives,
    count(DISTINCT sets.activity_id) AS n_activities,
    count(DISTINCT places.place_key) AS n_areas,
    bool_or(activities.is_sample) AS is_sample
FROM sets
JOIN staged.activities AS activities ON activities.activity_id = sets.activity_id
LEFT JOIN staged.activity_areas AS places ON places.activity_id = sets.activity_id
GROUP BY sets.objective_codes, sets.objective_names, sets.n_objectives
ORDER BY sets.objective_codes
