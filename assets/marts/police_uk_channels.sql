-- Which channels does each force list on data.police.uk as ways to reach it? The latest good answer of each force.
WITH polls AS (
    SELECT
        force_area_code,
        pull,
        fetched_on,
        row_number() OVER (PARTITION BY force_area_code ORDER BY pull DESC) AS place
    FROM staged.police_uk_answers
    WHERE endpoint = 'force' AND body_state = 'items'
),
latest AS (
    SELECT force_area_code, pull, fetched_on
    FROM polls
    WHERE place = 1
),
listed AS (
    SELECT methods.force_area_code, methods.contact_channel_code, bool_or(methods.has_link) AS has_link
    FROM staged.police_uk_methods AS methods
    JOIN latest ON latest.force_area_code = methods.force_area_code AND latest.pull = methods.pull
    GROUP BY methods.force_area_code, methods.contact_channel_code
),
channels AS (
    SELECT DISTINCT contact_channel_code
    FROM listed
)
SELECT
    areas.force_area_code,
    areas.force_area_name,
    channels.contact_channel_code,
    CASE WHEN latest.pull IS NOT NULL AND channels.contact_channel_code IS NOT NULL THEN listed.contact_channel_code IS NOT NULL END
        AS has_channel,
    listed.has_link,
    latest.fetched_on AS polled_on,
    CASE
        WHEN latest.pull IS NULL THEN 'not_covered'
        WHEN listed.contact_channel_code IS NULL THEN 'zero'
        ELSE 'value'
    END AS state
FROM reference.force_areas AS areas
LEFT JOIN channels ON true
LEFT JOIN latest ON latest.force_area_code = areas.force_area_code
LEFT JOIN listed
    ON listed.force_area_code = areas.force_area_code AND listed.contact_channel_code = channels.contact_channel_code
ORDER BY areas.force_area_code, channels.contact_channel_code
