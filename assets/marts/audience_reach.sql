-- Which audiences would be missed: reached by no channel other than digital ones?
WITH digital AS (
    SELECT parameter_value AS code FROM reference.rules WHERE rule = 'digital_channels'
),
left_out AS (
    SELECT parameter_value AS code FROM reference.rules WHERE rule = 'audience_gaps'
),
channels AS (
    SELECT activity_id, bool_and(code IN (SELECT code FROM digital)) AS is_digital_only
    FROM staged.activity_codes
    WHERE scheme = 'channel'
    GROUP BY activity_id
),
counted AS (
    SELECT
        addressed.code,
        count(*) AS n_activities,
        count(channels.activity_id) AS n_channel_known,
        count(*) FILTER (channels.is_digital_only) AS n_digital_only,
        count(*) FILTER (NOT channels.is_digital_only) AS n_not_only_digital
    FROM staged.activity_codes AS addressed
    LEFT JOIN channels ON channels.activity_id = addressed.activity_id
    WHERE addressed.scheme = 'audience'
    GROUP BY addressed.code
),
placed AS (
    SELECT addressed.code, count(DISTINCT places.place_key) AS n_areas
    FROM staged.activity_codes AS addressed
    JOIN staged.activity_areas AS places ON places.activity_id = addressed.activity_id
    WHERE addressed.scheme = 'audience'
    GROUP BY addressed.code
)
SELECT
    audiences.code AS audience_code,
    audiences.label AS audience_name,
    coalesce(counted.n_activities, 0) AS n_activities,
    coalesce(placed.n_areas, 0) AS n_areas,
    coalesce(counted.n_channel_known, 0) AS n_channel_known,
    coalesce(counted.n_digital_only, 0) AS n_digital_only,
    coalesce(counted.n_not_only_digital, 0) AS n_not_only_digital,
    CASE
        WHEN audiences.code IN (SELECT code FROM left_out) THEN 'never a gap'
        WHEN counted.n_not_only_digital > 0 THEN 'not only digital'
        WHEN counted.n_digital_only > 0 THEN 'digital only'
        WHEN counted.n_activities > 0 THEN 'channel unknown'
        ELSE 'no activity recorded'
    END AS audience_reach,
    (SELECT coalesce(bool_or(is_sample), false) FROM staged.submissions) AS is_sample
FROM reference.codebook AS audiences
LEFT JOIN counted ON counted.code = audiences.code
LEFT JOIN placed ON placed.code = audiences.code
WHERE audiences.scheme = 'audience'
ORDER BY audiences.code
