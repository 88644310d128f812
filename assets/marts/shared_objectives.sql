-- Which objectives are shared: stated in enough areas, by enough independent sources? An area counts only for what an
-- organisation in it said of itself; what the researcher concluded, and where else an activity runs, are counted apart.
WITH limits AS (
    SELECT
        max(TRY_CAST(parameter_value AS INTEGER)) FILTER (parameter = 'fewest_areas') AS fewest_areas,
        max(TRY_CAST(parameter_value AS INTEGER)) FILTER (parameter = 'fewest_sources') AS fewest_sources
    FROM reference.rules
    WHERE rule = 'shared_objectives'
),
residual AS (
    SELECT parameter_value AS code FROM reference.rules WHERE rule = 'residual_codes'
),
-- Another organisation is another source: area × organisation type visited. An unknown one adds none.
coded AS (
    SELECT
        codes.code,
        codes.activity_id,
        codes.coding_basis,
        sources.source_key
    FROM staged.activity_codes AS codes
    JOIN staged.activity_sources AS sources ON sources.activity_id = codes.activity_id
    WHERE codes.scheme = 'objective'
),
counted AS (
    SELECT
        code,
        count(DISTINCT activity_id) AS n_activities,
        count(DISTINCT source_key) AS n_sources,
        count(DISTINCT source_key) FILTER (coding_basis = 'stated') AS n_stated_sources,
        count(DISTINCT activity_id) FILTER (coding_basis = 'stated') AS n_stated,
        count(DISTINCT activity_id) FILTER (coding_basis = 'inferred') AS n_inferred
    FROM coded
    GROUP BY code
),
placed AS (
    SELECT
        coded.code,
        count(DISTINCT places.place_key) AS n_areas,
        count(DISTINCT places.place_key) FILTER (places.is_lead AND coded.coding_basis = 'stated') AS n_stated_areas,
        count(DISTINCT places.place_key) FILTER (places.is_lead AND coded.coding_basis = 'inferred') AS n_inferred_areas,
        string_agg(DISTINCT areas.force_area_name, ', ' ORDER BY areas.force_area_name) AS force_area_names
    FROM coded
    JOIN staged.activity_areas AS places ON places.activity_id = coded.activity_id
    LEFT JOIN reference.force_areas AS areas ON areas.force_area_code = places.force_area_code
    GROUP BY coded.code
),
-- Of areas that may not be named a release knows only this.
beyond AS (
    SELECT
        objectives.code,
        elsewhere.elsewhere,
        CASE WHEN elsewhere.elsewhere = '3 areas or more' THEN 3 ELSE 0 END AS n_areas
    FROM reference.codebook AS objectives
    LEFT JOIN staged.elsewhere AS elsewhere ON elsewhere.code = objectives.code
)
SELECT
    objectives.code AS objective_code,
    objectives.label AS objective_name,
    coalesce(counted.n_activities, 0) AS n_activities,
    coalesce(placed.n_areas, 0) AS n_areas,
    coalesce(placed.n_stated_areas, 0) AS n_stated_areas,
    coalesce(placed.n_inferred_areas, 0) AS n_inferred_areas,
    coalesce(counted.n_sources, 0) AS n_sources,
    coalesce(counted.n_stated_sources, 0) AS n_stated_sources,
    coalesce(counted.n_stated, 0) AS n_stated,
    coalesce(counted.n_inferred, 0) AS n_inferred,
    coalesce(placed.n_stated_areas, 0) + beyond.n_areas >= limits.fewest_areas
    AND coalesce(counted.n_stated_sources, 0) + beyond.n_areas >= limits.fewest_sources
    AND objectives.code NOT IN (SELECT code FROM residual) AS is_shared,
    placed.force_area_names,
    beyond.elsewhere,
    (SELECT coalesce(bool_or(is_sample), false) FROM staged.submissions) AS is_sample
FROM reference.codebook AS objectives
CROSS JOIN limits
JOIN beyond ON beyond.code = objectives.code
LEFT JOIN counted ON counted.code = objectives.code
LEFT JOIN placed ON placed.code = objectives.code
WHERE objectives.scheme = 'objective'
ORDER BY objectives.code
