-- What was written of each activity to be printed, and may it be? Of several reports, the text of the one that was kept.
WITH written AS (
    SELECT
        activity_id,
        question AS text_kind,
        arg_min(source_record_id, record_number) AS record_id,
        arg_min(trim(text_value), record_number) AS words
    FROM staged.activity_answers
    WHERE question IN ('public_name', 'summary', 'lesson', 'web_address') AND trim(text_value) <> ''
    GROUP BY activity_id, question
)
SELECT
    written.activity_id,
    written.text_kind,
    written.record_id,
    written.words,
    coalesce(approvals.text_state, 'open') AS text_state
FROM written
LEFT JOIN reference.approvals AS approvals
    ON approvals.record_id = written.record_id
    AND approvals.question = written.text_kind
    AND approvals.words_sha256 = sha256(written.words)
ORDER BY written.activity_id, written.text_kind
