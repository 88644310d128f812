-- What was said of each activity, on its line and on its card? The line comes first; of several reports, the one that was kept.
WITH reported AS (
    SELECT activity_id, source_number, source_record_id, source_record_id AS record_id FROM staged.activity_sources
    UNION ALL
    SELECT sources.activity_id, sources.source_number, sources.source_record_id, cards.record_id
    FROM staged.activity_sources AS sources
    JOIN staged.records AS cards ON cards.parent_record_id = sources.source_record_id AND cards.repeat = 'cards'
),
numbered AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY activity_id ORDER BY source_number, record_id <> source_record_id, record_id
        ) AS record_number
    FROM reported
)
SELECT
    numbered.activity_id,
    numbered.source_number,
    numbered.record_number,
    numbered.source_record_id,
    answers.record_id,
    answers.question,
    answers.answer_position,
    answers.code,
    answers.number_value,
    answers.date_value,
    answers.text_value,
    answers.missing_reason,
    answers.coded_by
FROM numbered
JOIN staged.answers AS answers ON answers.record_id = numbered.record_id
ORDER BY numbered.activity_id, numbered.record_number, answers.question, answers.answer_position, answers.code
