-- Which objectives are pursued by which types of activity, and on what evidence? Every combination has a row.
WITH coded AS (
    SELECT
        codes.code AS objective_code,
        activities.activity_type_code,
        activities.activity_id,
        activities.evidence_design_code,
        activities.evidence_stage_code,
        activities.evidence_result_code
    FROM staged.activity_codes AS codes
    JOIN staged.activities AS activities ON activities.activity_id = codes.activity_id
    WHERE codes.scheme = 'objective'
),
-- Codes of design and stage are in order of strength, so the last is the best.
counted AS (
    SELECT
        objective_code,
        activity_type_code,
        count(*) AS n_activities,
        max(evidence_design_code) AS best_design_code,
        count(evidence_design_code) AS n_design_known,
        count(*) FILTER (evidence_design_code > 'EVD.D0') AS n_evaluated,
        max(evidence_stage_code) AS best_stage_code,
        count(evidence_stage_code) AS n_stage_known,
        count(*) FILTER (evidence_result_code = 'EVD.R+') AS n_worked,
        count(*) FILTER (evidence_result_code = 'EVD.R?') AS n_promising,
        count(*) FILTER (evidence_result_code = 'EVD.R-') AS n_not_worked,
        count(evidence_result_code) AS n_result_known
    FROM coded
    GROUP BY objective_code, activity_type_code
),
placed AS (
    SELECT coded.objective_code, coded.activity_type_code, count(DISTINCT places.place_key) AS n_areas
    FROM coded
    JOIN staged.activity_areas AS places ON places.activity_id = coded.activity_id
    GROUP BY coded.objective_code, coded.activity_type_code
)
SELECT
    objectives.code AS objective_code,
    objectives.label AS objective_name,
    types.code AS activity_type_code,
    types.label AS activity_type_name,
    coalesce(counted.n_activities, 0) AS n_activities,
    coalesce(placed.n_areas, 0) AS n_areas,
    counted.best_design_code,
    CASE WHEN counted.n_activities > 0 THEN coalesce(designs.label, 'unknown') END AS best_design_name,
    coalesce(counted.n_design_known, 0) AS n_design_known,
    coalesce(counted.n_evaluated, 0) AS n_evaluated,
    counted.best_stage_code,
    CASE WHEN counted.n_activities > 0 THEN coalesce(stages.label, 'unknown') END AS best_stage_name,
    coalesce(counted.n_stage_known, 0) AS n_stage_known,
    coalesce(counted.n_worked, 0) AS n_worked,
    coalesce(counted.n_promising, 0) AS n_promising,
    coalesce(counted.n_not_worked, 0) AS n_not_worked,
    coalesce(counted.n_result_known, 0) AS n_result_known,
    CASE
        WHEN counted.n_activities > 0 THEN 'value'
        WHEN EXISTS (SELECT 1 FROM staged.not_said_areas) THEN 'not_said'
        WHEN EXISTS (SELECT 1 FROM staged.visits) THEN 'zero'
        ELSE 'not_covered'
    END AS state,
    (SELECT coalesce(bool_or(is_sample), false) FROM staged.submissions) AS is_sample
FROM reference.codebook AS objectives
CROSS JOIN reference.codebook AS types
LEFT JOIN counted ON counted.objective_code = objectives.code AND counted.activity_type_code = types.code
LEFT JOIN placed ON placed.objective_code = objectives.code AND placed.activity_type_code = types.code
LEFT JOIN reference.codebook AS designs ON designs.code = counted.best_design_code
LEFT JOIN reference.codebook AS stages ON stages.code = counted.best_stage_code
WHERE objectives.scheme = 'objective' AND types.scheme = 'activity_type'
ORDER BY objectives.code, types.code
