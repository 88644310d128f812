-- Which engagement activities were found? One row each, with what is known of it; an empty cell is unknown.
SELECT
    records.record_id AS activity_id,
    visits.visit_id,
    visits.force_area_code,
    visits.place_key || ' ' || visits.organisation_type_code AS source_key,
    max(answers.code) FILTER (answers.question = 'activity_type') AS activity_type_code,
    max(answers.code) FILTER (answers.question = 'direction') AS direction_code,
    max(answers.code) FILTER (answers.question = 'participation_level') AS participation_level_code,
    max(answers.code) FILTER (answers.question = 'novelty') AS novelty_code,
    max(answers.date_value) FILTER (answers.question = 'started_on') AS started_on,
    max(answers.date_value) FILTER (answers.question = 'stopped_on') AS stopped_on,
    max(answers.code) FILTER (answers.question = 'evidence_design') AS evidence_design_code,
    max(answers.code) FILTER (answers.question = 'evidence_stage') AS evidence_stage_code,
    max(answers.code) FILTER (answers.question = 'evidence_result') AS evidence_result_code,
    max(answers.code) FILTER (answers.question = 'demand_effect') AS demand_effect_code,
    coalesce(max(answers.code) FILTER (answers.question = 'activity_release_level'), 'REL.REGION') AS release_level,
    visits.is_sample
FROM staged.records AS records
JOIN staged.visits AS visits ON visits.visit_id = records.response_id
JOIN staged.answers AS answers ON answers.record_id = records.record_id
WHERE records.repeat = 'activities'
GROUP BY
    records.record_id, visits.visit_id, visits.force_area_code, visits.place_key, visits.organisation_type_code,
    visits.is_sample
ORDER BY activity_id
