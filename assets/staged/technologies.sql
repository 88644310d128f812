-- Which products are used in which activities? An empty cell is unknown, not none. A product in two reports of one activity
-- is there once, as in the first of them. The supplier is the product's own, from reference.products; the form before asked for it.
WITH described AS (
    SELECT
        records.record_id AS technology_id,
        sources.activity_id,
        sources.source_number,
        max(answers.text_value) FILTER (answers.question = 'product_name') AS product_name,
        max(answers.text_value) FILTER (answers.question = 'supplier') AS supplier,
        max(answers.number_value) FILTER (answers.question = 'since_year') AS since_year,
        max(answers.number_value) FILTER (answers.question = 'n_members_reached') AS n_members_reached,
        max(answers.code) FILTER (answers.question = 'reach_measure') AS reach_measure_code,
        max(answers.code) FILTER (answers.question = 'cost_band') AS cost_band_code,
        max(answers.code) FILTER (answers.question = 'cost_covers') AS cost_covers_code,
        max(answers.code) FILTER (answers.question = 'staff_hours_week') AS staff_hours_code,
        max(answers.date_value) FILTER (answers.question = 'contract_ends_on') AS contract_ends_on,
        max(answers.code) FILTER (answers.question = 'next_step') AS next_step_code,
        max(answers.code) FILTER (answers.question = 'contact_data_holder') AS contact_data_holder_code
    FROM staged.records AS records
    JOIN staged.activity_sources AS sources ON sources.source_record_id = records.parent_record_id
    JOIN staged.answers AS answers ON answers.record_id = records.record_id
    WHERE records.repeat = 'products'
    GROUP BY records.record_id, sources.activity_id, sources.source_number
)
SELECT
    described.technology_id,
    described.activity_id,
    described.product_name,
    coalesce(described.supplier, listed.supplier) AS supplier,
    described.since_year,
    described.n_members_reached,
    described.reach_measure_code,
    described.cost_band_code,
    described.cost_covers_code,
    described.staff_hours_code,
    described.contract_ends_on,
    described.next_step_code,
    described.contact_data_holder_code,
    activities.is_sample
FROM described
JOIN staged.activities AS activities ON activities.activity_id = described.activity_id
LEFT JOIN reference.products AS listed ON lower(listed.product_name) = lower(trim(described.product_name))
WHERE NOT EXISTS (
    SELECT 1
    FROM described AS earlier
    WHERE earlier.activity_id = described.activity_id
        AND earlier.source_number < described.source_number
        AND lower(trim(earlier.product_name)) = lower(trim(described.product_name))
)
ORDER BY described.technology_id
