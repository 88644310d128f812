-- Which products are used in which activities? An empty cell is unknown, not none.
SELECT
    records.record_id AS technology_id,
    activities.activity_id,
    max(answers.text_value) FILTER (answers.question = 'product_name') AS product_name,
    max(answers.text_value) FILTER (answers.question = 'supplier') AS supplier,
    max(answers.number_value) FILTER (answers.question = 'since_year') AS since_year,
    max(answers.number_value) FILTER (answers.question = 'n_members_reached') AS n_members_reached,
    max(answers.code) FILTER (answers.question = 'reach_measure') AS reach_measure_code,
    max(answers.code) FILTER (answers.question = 'cost_band') AS cost_band_code,
    max(answers.number_value) FILTER (answers.question = 'cost_year') AS cost_year,
    max(answers.date_value) FILTER (answers.question = 'contract_ends_on') AS contract_ends_on,
    max(answers.code) FILTER (answers.question = 'contact_data_holder') AS contact_data_holder_code,
    max(answers.code) FILTER (answers.question = 'measured_result') AS measured_result_code,
    activities.is_sample
FROM staged.records AS records
JOIN staged.activities AS activities ON activities.activity_id = records.parent_record_id
JOIN staged.answers AS answers ON answers.record_id = records.record_id
WHERE records.repeat = 'products'
GROUP BY records.record_id, activities.activity_id, activities.is_sample
ORDER BY technology_id
