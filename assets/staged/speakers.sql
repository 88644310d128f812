-- How many speakers of what type were met at each visit? The form counts them by type; the form before had a row for each.
WITH listed AS (
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
),
counted AS (
    SELECT
        visits.visit_id AS record_id,
        visits.visit_id,
        'SPK.' || upper(substr(answers.question, length('speakers_') + 1)) AS speaker_type_code,
        CASE
            WHEN answers.question IN ('speakers_force_lead', 'speakers_frontline', 'speakers_staff', 'speakers_opcc')
            THEN visits.organisation_type_code
        END AS organisation_type_code,
        answers.number_value AS n_speakers
    FROM staged.visits AS visits
    JOIN staged.answers AS answers ON answers.record_id = visits.visit_id
    WHERE starts_with(answers.question, 'speakers_') AND answers.number_value > 0
)
SELECT * FROM listed
UNION ALL
SELECT * FROM counted
ORDER BY record_id, speaker_type_code
