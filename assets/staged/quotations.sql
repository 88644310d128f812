-- Which words of speakers were noted, about what, and may they be printed?
WITH noted AS (
    SELECT
        records.record_id,
        visits.visit_id,
        visits.release_level,
        visits.is_sample,
        trim(max(answers.text_value) FILTER (answers.question = 'quotation')) AS words,
        max(answers.code) FILTER (answers.question = 'quotation_activity_type') AS activity_type_code,
        max(answers.code) FILTER (answers.question = 'quotation_challenge') AS challenge_code,
        max(answers.code) FILTER (answers.question = 'quotation_speaker_type') AS speaker_type_code,
        max(answers.code) FILTER (answers.question = 'quotation_permitted') AS permitted_code,
        max(answers.code) FILTER (answers.question = 'permission_given') AS permission_given_code
    FROM staged.records AS records
    JOIN staged.visits AS visits ON visits.visit_id = records.response_id
    JOIN staged.answers AS answers ON answers.record_id = records.record_id
    WHERE records.repeat = 'quotations'
    GROUP BY records.record_id, visits.visit_id, visits.release_level, visits.is_sample
)
SELECT
    noted.record_id,
    noted.visit_id,
    noted.words,
    noted.activity_type_code,
    noted.challenge_code,
    noted.speaker_type_code,
    noted.permission_given_code,
    CASE
        WHEN noted.permitted_code IS DISTINCT FROM 'ANS.YES' THEN 'refused'
        ELSE coalesce(approvals.text_state, 'open')
    END AS text_state,
    noted.release_level,
    noted.is_sample
FROM noted
LEFT JOIN reference.approvals AS approvals
    ON approvals.record_id = noted.record_id
    AND approvals.question = 'quotation'
    AND approvals.words_sha256 = sha256(noted.words)
WHERE noted.words <> ''
ORDER BY noted.record_id
