-- What are the priorities that neighbourhood teams publish on data.police.uk about? Themes are coded by a person; empty is not yet coded.
WITH polled AS (
    SELECT DISTINCT force_area_code, CAST(date_trunc('month', fetched_on) AS DATE) AS month_on
    FROM staged.police_uk_answers
    WHERE endpoint = 'priorities' AND body_state IN ('items', 'empty')
),
listed AS (
    SELECT polled.force_area_code, polled.month_on, priorities.priority_id, codings.theme_code
    FROM polled
    JOIN staged.police_uk_priorities AS priorities
        ON priorities.force_area_code = polled.force_area_code
        AND priorities.first_seen_on < polled.month_on + INTERVAL 1 MONTH
        AND priorities.last_seen_on >= polled.month_on
    LEFT JOIN reference.police_uk_codings AS codings ON codings.text_key = priorities.text_key
),
themes AS (
    SELECT force_area_code, month_on, theme_code, count(*) AS n_priorities
    FROM listed
    GROUP BY force_area_code, month_on, theme_code
),
totals AS (
    SELECT force_area_code, month_on, count(*) AS n_month_priorities
    FROM listed
    GROUP BY force_area_code, month_on
)
SELECT
    areas.force_area_code,
    areas.force_area_name,
    polled.month_on,
    themes.theme_code,
    codebook.label AS theme_name,
    CASE WHEN polled.month_on IS NOT NULL THEN coalesce(themes.n_priorities, 0) END AS n_priorities,
    CASE WHEN polled.month_on IS NOT NULL THEN coalesce(totals.n_month_priorities, 0) END AS n_month_priorities,
    CASE
        WHEN polled.month_on IS NULL THEN 'not_covered'
        WHEN themes.n_priorities IS NULL THEN 'zero'
        ELSE 'value'
    END AS state
FROM reference.force_areas AS areas
LEFT JOIN polled ON polled.force_area_code = areas.force_area_code
LEFT JOIN themes ON themes.force_area_code = polled.force_area_code AND themes.month_on = polled.month_on
LEFT JOIN totals ON totals.force_area_code = polled.force_area_code AND totals.month_on = polled.month_on
LEFT JOIN reference.codebook AS codebook ON codebook.code = themes.theme_code
ORDER BY areas.force_area_code, polled.month_on, themes.theme_code
