-- Who else delivers, with which objectives and in which types of activity?
WITH roles AS (
    SELECT parameter AS partner_code, parameter_value AS partner_role FROM reference.rules WHERE rule = 'intermediaries'
),
by_type AS (
    SELECT parameter AS activity_type_code, parameter_value AS partner_code
    FROM reference.rules
    WHERE rule = 'intermediary_types'
),
named AS (
    SELECT activity_id, code AS partner_code FROM staged.activity_codes WHERE scheme = 'partner'
),
-- Wardens and mediators deliver the activities of their type, even if nobody ticked them as partners.
implied AS (
    SELECT activities.activity_id, by_type.partner_code
    FROM staged.activities AS activities
    JOIN by_type ON by_type.activity_type_code = activities.activity_type_code
),
delivered AS (
    SELECT
        activity_id,
        partner_code,
        NOT bool_or(is_named) AS is_by_type
    FROM (
        SELECT activity_id, partner_code, true AS is_named FROM named
        UNION ALL
        SELECT activity_id, partner_code, false AS is_named FROM implied
    ) AS both_ways
    GROUP BY activity_id, partner_code
),
cells AS (
    SELECT activity_id, 'all' AS breakdown, 'ALL' AS breakdown_code FROM staged.activities
    UNION ALL
    SELECT activity_id, 'objective' AS breakdown, code FROM staged.activity_codes WHERE scheme = 'objective'
    UNION ALL
    SELECT activity_id, 'activity_type' AS breakdown, activity_type_code FROM staged.activities
),
rows_wanted AS (
    SELECT 'all' AS breakdown, 'ALL' AS breakdown_code, 'All activities' AS breakdown_name
    UNION ALL
    SELECT scheme, code, label FROM reference.codebook WHERE scheme IN ('objective', 'activity_type')
),
bases AS (
    SELECT cells.breakdown, cells.breakdown_code, count(DISTINCT cells.activity_id) AS n_partner_known
    FROM cells
    WHERE cells.activity_id IN (SELECT activity_id FROM delivered)
    GROUP BY cells.breakdown, cells.breakdown_code
),
counted AS (
    SELECT
        cells.breakdown,
        cells.breakdown_code,
        delivered.partner_code,
        count(DISTINCT cells.activity_id) AS n_activities,
        count(DISTINCT cells.activity_id) FILTER (delivered.is_by_type) AS n_by_type,
        count(DISTINCT places.place_key) AS n_areas
    FROM cells
    JOIN delivered ON delivered.activity_id = cells.activity_id
    LEFT JOIN staged.activity_areas AS places ON places.activity_id = cells.activity_id
    GROUP BY cells.breakdown, cells.breakdown_code, delivered.partner_code
)
SELECT
    partners.code AS partner_code,
    partners.label AS partner_name,
    coalesce(roles.partner_role, 'other') AS partner_role,
    rows_wanted.breakdown,
    rows_wanted.breakdown_code,
    rows_wanted.breakdown_name,
    coalesce(counted.n_activities, 0) AS n_activities,
    coalesce(counted.n_by_type, 0) AS n_by_type,
    coalesce(bases.n_partner_known, 0) AS n_partner_known,
    coalesce(counted.n_areas, 0) AS n_areas,
    (SELECT coalesce(bool_or(is_sample), false) FROM staged.submissions) AS is_sample
FROM reference.codebook AS partners
CROSS JOIN rows_wanted
LEFT JOIN roles ON roles.partner_code = partners.code
LEFT JOIN bases ON bases.breakdown = rows_wanted.breakdown AND bases.breakdown_code = rows_wanted.breakdown_code
LEFT JOIN counted
    ON counted.breakdown = rows_wanted.breakdown
    AND counted.breakdown_code = rows_wanted.breakdown_code
    AND counted.partner_code = partners.code
WHERE partners.scheme = 'partner'
ORDER BY partners.code, rows_wanted.breakdown, rows_wanted.breakdown_code
