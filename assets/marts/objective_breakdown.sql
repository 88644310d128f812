-- Which objectives do the activities of each area have? Of the activities recorded there, how many have each.
WITH minimum AS (
    SELECT max(CAST(parameter_value AS INTEGER)) AS base FROM reference.rules WHERE rule = 'minimum_base'
),
visited AS (
    SELECT DISTINCT force_area_code FROM staged.visits
    UNION
    SELECT DISTINCT force_area_code FROM staged.activity_areas
),
unsaid AS (
    SELECT force_area_code FROM staged.not_said_areas WHERE subject = 'activities'
),
recorded AS (
    SELECT force_area_code, count(*) AS n_area_activities
    FROM staged.activity_areas
    GROUP BY force_area_code
),
with_objective AS (
    SELECT places.force_area_code, codes.code, count(*) AS n_activities
    FROM staged.activity_codes AS codes
    JOIN staged.activity_areas AS places ON places.activity_id = codes.activity_id
    WHERE codes.scheme = 'objective'
    GROUP BY places.force_area_code, codes.code
),
counted AS (
    SELECT
        areas.force_area_code,
        areas.force_area_name,
        objectives.code AS objective_code,
        objectives.label || CASE WHEN objectives.valid_to IS NULL THEN '' ELSE ' (retired)' END AS objective_name,
        coalesce(with_objective.n_activities, 0) AS n_activities,
        coalesce(recorded.n_area_activities, 0) AS n_area_activities,
        unsaid.force_area_code IS NOT NULL AS is_unsaid,
        CASE
            WHEN with_objective.n_activities > 0 THEN 'value'
            WHEN unsaid.force_area_code IS NOT NULL THEN 'not_said'
            WHEN visited.force_area_code IS NOT NULL THEN 'zero'
            ELSE 'not_covered'
        END AS state,
        coalesce(agreement.verdict IN ('tentative', 'back_to_definition'), false) AS is_tentative
    FROM reference.force_areas AS areas
    CROSS JOIN reference.codebook AS objectives
    LEFT JOIN visited ON visited.force_area_code = areas.force_area_code
    LEFT JOIN unsaid ON unsaid.force_area_code = areas.force_area_code
    LEFT JOIN recorded ON recorded.force_area_code = areas.force_area_code
    LEFT JOIN with_objective
        ON with_objective.force_area_code = areas.force_area_code AND with_objective.code = objectives.code
    LEFT JOIN reference.agreement AS agreement
        ON agreement.scheme = objectives.scheme
        AND agreement.code = objectives.code
        AND agreement.is_sample = (SELECT coalesce(bool_or(is_sample), false) FROM staged.submissions)
    WHERE objectives.scheme = 'objective' AND objectives.replaced_by IS NULL
)
SELECT
    force_area_code,
    force_area_name,
    objective_code,
    objective_name,
    CASE WHEN state <> 'not_said' THEN n_activities END AS n_activities,
    CASE WHEN n_area_activities > 0 OR NOT is_unsaid THEN n_area_activities END AS n_area_activities,
    CASE WHEN state <> 'not_said' AND n_area_activities >= minimum.base
        THEN round(counted.n_activities / n_area_activities, 4)
    END AS activity_share,
    state,
    is_tentative,
    (SELECT coalesce(bool_or(is_sample), false) FROM staged.submissions) AS is_sample
FROM counted
CROSS JOIN minimum
ORDER BY force_area_code, objective_code
