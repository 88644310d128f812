-- What effect on demand do speakers assert, by objective and type of activity, and on what evidence design?
WITH judged AS (
    SELECT
        activity_id,
        activity_type_code,
        coalesce(demand_effect_code, 'DEM.UNKNOWN') AS demand_effect_code,
        evidence_design_code
    FROM staged.activities
),
cells AS (
    SELECT activity_id, 'all' AS breakdown, 'ALL' AS breakdown_code FROM judged
    UNION ALL
    SELECT activity_id, 'objective' AS breakdown, code FROM staged.activity_codes WHERE scheme = 'objective'
    UNION ALL
    SELECT activity_id, 'activity_type' AS breakdown, activity_type_code FROM judged
),
rows_wanted AS (
    SELECT 'all' AS breakdown, 'ALL' AS breakdown_code, 'All activities' AS breakdown_name
    UNION ALL
    SELECT scheme, code, label FROM reference.codebook WHERE scheme IN ('objective', 'activity_type')
),
bases AS (
    SELECT breakdown, breakdown_code, count(DISTINCT activity_id) AS n_breakdown_activities
    FROM cells
    GROUP BY breakdown, breakdown_code
),
counted AS (
    SELECT
        cells.breakdown,
        cells.breakdown_code,
        judged.demand_effect_code,
        count(*) AS n_activities,
        count(*) FILTER (judged.evidence_design_code = 'EVD.D0') AS n_not_evaluated,
        count(*) FILTER (judged.evidence_design_code > 'EVD.D0') AS n_evaluated,
        count(*) FILTER (judged.evidence_design_code IS NULL) AS n_design_unknown,
        max(judged.evidence_design_code) AS best_design_code
    FROM cells
    JOIN judged ON judged.activity_id = cells.activity_id
    GROUP BY cells.breakdown, cells.breakdown_code, judged.demand_effect_code
),
placed AS (
    SELECT cells.breakdown, cells.breakdown_code, judged.demand_effect_code, count(DISTINCT places.place_key) AS n_areas
    FROM cells
    JOIN judged ON judged.activity_id = cells.activity_id
    JOIN staged.activity_areas AS places ON places.activity_id = cells.activity_id
    GROUP BY cells.breakdown, cells.breakdown_code, judged.demand_effect_code
)
SELECT
    rows_wanted.breakdown,
    rows_wanted.breakdown_code,
    rows_wanted.breakdown_name,
    effects.code AS demand_effect_code,
    effects.label AS demand_effect_name,
    coalesce(counted.n_activities, 0) AS n_activities,
    coalesce(bases.n_breakdown_activities, 0) AS n_breakdown_activities,
    coalesce(placed.n_areas, 0) AS n_areas,
    coalesce(counted.n_not_evaluated, 0) AS n_not_evaluated,
    coalesce(counted.n_evaluated, 0) AS n_evaluated,
    coalesce(counted.n_design_unknown, 0) AS n_design_unknown,
    counted.best_design_code,
    CASE WHEN counted.n_activities > 0 THEN coalesce(designs.label, 'unknown') END AS best_design_name,
    (SELECT coalesce(bool_or(is_sample), false) FROM staged.submissions) AS is_sample
FROM rows_wanted
CROSS JOIN reference.codebook AS effects
LEFT JOIN bases ON bases.breakdown = rows_wanted.breakdown AND bases.breakdown_code = rows_wanted.breakdown_code
LEFT JOIN counted
    ON counted.breakdown = rows_wanted.breakdown
    AND counted.breakdown_code = rows_wanted.breakdown_code
    AND counted.demand_effect_code = effects.code
LEFT JOIN placed
    ON placed.breakdown = rows_wanted.breakdown
    AND placed.breakdown_code = rows_wanted.breakdown_code
    AND placed.demand_effect_code = effects.code
LEFT JOIN reference.codebook AS designs ON designs.code = counted.best_design_code
WHERE effects.scheme = 'demand_effect'
ORDER BY rows_wanted.breakdown, rows_wanted.breakdown_code, effects.code
