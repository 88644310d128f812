-- How many speakers of what type were met at each visit?
SELECT
    records.record_id,
    visits.visit_id,
    max(answers.code) FILTER (answers.question = 'speaker_type') AS speaker_type_code,
    max(answers.code) FILTER (answers.question = 'speaker_organisation_type') AS organisation_type_code,
    max(answers.number_value) FILTER (answers.question = 'n_speakers') AS n_speakers
FROM staged.records AS records
JOIN staged.visits AS visits ON visits.visit_id = records.response_id
JOIN staged.answers AS answers ON answers.record_id = records.record_id
WHERE records.repeat = 'speakers'
GROUP BY records.record_id, visits.visit_id
ORDER BY records.record_id
