-- Which types of activity were recorded in each area? Every area has a row for every type.
WITH visited AS (
    SELECT force_area_code FROM staged.visits WHERE force_area_code IS NOT NULL
    UNION
    SELECT force_area_code FROM staged.activity_areas WHERE force_area_code IS NOT NULL
),
unsaid AS (
    SELECT force_area_code FROM staged.not_said_areas WHERE subject = 'activities'
),
recorded AS (
    SELECT force_area_code, count(*) AS n_area_activities
    FROM staged.activity_areas
    WHERE force_area_code IS NOT NULL
    GROUP BY force_area_code
),
of_type AS (
    SELECT places.force_area_code, activities.activity_type_code, count(*) AS n_activities
    FROM staged.activity_areas AS places
    JOIN staged.activities AS activities ON activities.activity_id = places.activity_id
    WHERE places.force_area_code IS NOT NULL
    GROUP BY places.force_area_code, activities.activity_type_code
),
counted AS (
    SELECT
        areas.force_area_code,
        areas.force_area_name,
        types.code AS activity_type_code,
        types.label AS activity_type_name,
        coalesce(of_type.n_activities, 0) AS n_activities,
        coalesce(recorded.n_area_activities, 0) AS n_area_activities,
        unsaid.force_area_code IS NOT NULL AS is_unsaid,
        CASE
            WHEN of_type.n_activities > 0 THEN 'value'
            WHEN unsaid.force_area_code IS NOT NULL THEN 'not_said'
            WHEN visited.force_area_code IS NOT NULL THEN 'zero'
            ELSE 'not_covered'
        END AS state
    FROM reference.force_areas AS areas
    CROSS JOIN reference.codebook AS types
    LEFT JOIN visited ON visited.force_area_code = areas.force_area_code
    LEFT JOIN unsaid ON unsaid.force_area_code = areas.force_area_code
    LEFT JOIN recorded ON recorded.force_area_code = areas.force_area_code
    LEFT JOIN of_type ON of_type.force_area_code = areas.force_area_code AND of_type.activity_type_code = types.code
    WHERE types.scheme = 'activity_type'
)
SELECT
    force_area_code,
    force_area_name,
    activity_type_code,
    activity_type_name,
    CASE WHEN state <> 'not_said' THEN n_activities END AS n_activities,
    CASE WHEN n_area_activities > 0 OR NOT is_unsaid THEN n_area_activities END AS n_area_activities,
    state,
    (SELECT coalesce(bool_or(is_sample), false) FROM staged.submissions) AS is_sample
FROM counted
ORDER BY force_area_code, activity_type_code
