-- Which audiences are addressed through which channels? Every combination has a row.
WITH digital AS (
    SELECT parameter_value AS code FROM reference.rules WHERE rule = 'digital_channels'
),
met AS (
    SELECT
        audiences.code AS audience_code,
        channels.code AS channel_code,
        count(DISTINCT audiences.activity_id) AS n_activities,
        count(DISTINCT places.place_key) AS n_areas
    FROM staged.activity_codes AS audiences
    JOIN staged.activity_codes AS channels ON channels.activity_id = audiences.activity_id
    LEFT JOIN staged.activity_areas AS places ON places.activity_id = audiences.activity_id
    WHERE audiences.scheme = 'audience' AND channels.scheme = 'channel'
    GROUP BY audiences.code, channels.code
)
SELECT
    channels.code AS channel_code,
    channels.label AS channel_name,
    channels.code IN (SELECT code FROM digital) AS is_digital,
    audiences.code AS audience_code,
    audiences.label AS audience_name,
    coalesce(met.n_activities, 0) AS n_activities,
    coalesce(met.n_areas, 0) AS n_areas,
    CASE
        WHEN met.n_activities > 0 THEN 'value'
        WHEN EXISTS (SELECT 1 FROM staged.visits) THEN 'zero'
        ELSE 'not_covered'
    END AS state,
    (SELECT coalesce(bool_or(is_sample), false) FROM staged.submissions) AS is_sample
FROM reference.codebook AS channels
CROSS JOIN reference.codebook AS audiences
LEFT JOIN met ON met.channel_code = channels.code AND met.audience_code = audiences.code
WHERE channels.scheme = 'channel' AND audiences.scheme = 'audience'
ORDER BY channels.code, audiences.code
