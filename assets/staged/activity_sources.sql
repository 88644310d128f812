-- Which reports is each activity based on? If force and commissioner both reported it, and a person merged them, both.
WITH reported AS (
    SELECT
        coalesce(merges.kept_under, records.record_id) AS activity_id,
        visits.visit_id,
        records.record_id AS source_record_id,
        visits.place_key || ' ' || visits.organisation_type_code AS source_key
    FROM staged.records AS records
    JOIN staged.visits AS visits ON visits.visit_id = records.response_id
    LEFT JOIN staged.decisions AS merges ON merges.record_id = records.record_id AND merges.kept_under IS NOT NULL
    WHERE records.repeat = 'activities'
)
SELECT
    activity_id,
    visit_id,
    source_record_id,
    source_key,
    row_number() OVER (
        PARTITION BY activity_id ORDER BY source_record_id <> activity_id, source_record_id
    ) AS source_number
FROM reported
ORDER BY activity_id, source_number
