-- How many events did the neighbourhood teams of each force announce on data.police.uk, month by month, as far as it was asked?
WITH polls AS (
    SELECT force_area_code, neighbourhood_id, fetched_on, CAST(date_trunc('month', fetched_on) AS DATE) AS month_on
    FROM staged.police_uk_answers
    WHERE endpoint = 'events' AND body_state IN ('items', 'empty')
),
polled AS (
    SELECT
        force_area_code,
        count(DISTINCT neighbourhood_id) AS n_neighbourhoods,
        count(DISTINCT fetched_on) AS n_polls,
        min(fetched_on) AS first_polled_on,
        max(fetched_on) AS last_polled_on
    FROM polls
    GROUP BY force_area_code
),
polled_months AS (
    SELECT DISTINCT force_area_code, month_on
    FROM polls
),
events AS (
    SELECT
        force_area_code,
        neighbourhood_id,
        CAST(date_trunc('month', coalesce(starts_on, first_seen_on)) AS DATE) AS month_on
    FROM staged.police_uk_events
),
seen AS (
    SELECT
        force_area_code,
        month_on,
        count(*) AS n_events,
        count(DISTINCT neighbourhood_id) AS n_neighbourhoods_with_event
    FROM events
    GROUP BY force_area_code, month_on
),
months AS (
    SELECT month_on
    FROM polled_months
    UNION
    SELECT month_on
    FROM seen
)
SELECT
    areas.force_area_code,
    areas.force_area_name,
    months.month_on,
    CASE WHEN polled_months.month_on IS NOT NULL OR seen.n_events > 0 THEN coalesce(seen.n_events, 0) END AS n_events,
    CASE
        WHEN polled_months.month_on IS NOT NULL OR seen.n_events > 0 THEN coalesce(seen.n_neighbourhoods_with_event, 0)
    END AS n_neighbourhoods_with_event,
    polled.n_neighbourhoods,
    polled.n_polls,
    polled.first_polled_on,
    polled.last_polled_on,
    CASE
        WHEN seen.n_events > 0 THEN 'value'
        WHEN polled_months.month_on IS NOT NULL THEN 'zero'
        ELSE 'not_covered'
    END AS state
FROM reference.force_areas AS areas
LEFT JOIN months ON true
LEFT JOIN polled ON polled.force_area_code = areas.force_area_code
LEFT JOIN polled_months
    ON polled_months.force_area_code = areas.force_area_code AND polled_months.month_on = months.month_on
LEFT JOIN seen ON seen.force_area_code = areas.force_area_code AND seen.month_on = months.month_on
ORDER BY areas.force_area_code, months.month_on
