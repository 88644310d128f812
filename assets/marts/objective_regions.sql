-- Which objectives do the activities of each region have? Regions are those of the areas.
WITH placed AS (
    SELECT DISTINCT activity_id, region_name AS region FROM staged.activity_areas
),
regions AS (
    SELECT
        areas.region_name AS region,
        bool_or(visits.region_name IS NOT NULL) AS is_visited,
        EXISTS (SELECT 1 FROM staged.not_said_areas) AS is_unsaid
    FROM reference.force_areas AS areas
    LEFT JOIN staged.visits AS visits ON visits.region_name = areas.region_name
    GROUP BY areas.region_name
),
recorded AS (
    SELECT region, count(*) AS n_region_activities FROM placed GROUP BY region
),
with_objective AS (
    SELECT placed.region, codes.code, count(*) AS n_activities
    FROM staged.activity_codes AS codes
    JOIN placed ON placed.activity_id = codes.activity_id
    WHERE codes.scheme = 'objective'
    GROUP BY placed.region, codes.code
),
counted AS (
    SELECT
        regions.region AS region_name,
        objectives.code AS objective_code,
        objectives.label AS objective_name,
        coalesce(with_objective.n_activities, 0) AS n_activities,
        coalesce(recorded.n_region_activities, 0) AS n_region_activities,
        CASE
            WHEN with_objective.n_activities > 0 THEN 'value'
            WHEN regions.is_unsaid THEN 'not_said'
            WHEN recorded.n_region_activities > 0 OR regions.is_visited THEN 'zero'
            ELSE 'not_covered'
        END AS state
    FROM regions
    CROSS JOIN reference.codebook AS objectives
    LEFT JOIN recorded ON recorded.region = regions.region
    LEFT JOIN with_objective ON with_objective.region = regions.region AND with_objective.code = objectives.code
    WHERE objectives.scheme = 'objective'
)
SELECT
    region_name,
    objective_code,
    objective_name,
    CASE WHEN state <> 'not_said' THEN n_activities END AS n_activities,
    CASE WHEN state <> 'not_said' THEN n_region_activities END AS n_region_activities,
    state,
    (SELECT coalesce(bool_or(is_sample), false) FROM staged.submissions) AS is_sample
FROM counted
ORDER BY region_name, objective_code
