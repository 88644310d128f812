-- Which objectives, audiences, partners and channels does each activity have, which challenges does it answer, and who recognised
-- it? A code named twice is there once. From several reports all codes are kept; the primary objective and its basis are
-- those of the report that was kept. The form says that a blank basis means stated; the form before did not.
WITH coding AS (
    SELECT
        activity_id,
        coalesce(
            max(code) FILTER (question = 'objective_basis'),
            CASE WHEN bool_or(question = 'status' AND missing_reason IS DISTINCT FROM 'not_asked') THEN 'BAS.STATED' END
        ) AS basis_code,
        max(number_value) FILTER (question = 'coder') AS coder
    FROM staged.activity_answers
    WHERE source_number = 1
    GROUP BY activity_id
),
named AS (
    SELECT
        answers.activity_id,
        codebook.scheme,
        answers.code,
        answers.question = 'primary_objective' AND answers.source_number = 1 AS is_primary,
        answers.coded_by
    FROM staged.activity_answers AS answers
    JOIN reference.codebook AS codebook ON codebook.code = answers.code
    WHERE answers.question IN (
        'primary_objective', 'other_objectives', 'audiences', 'seldom_heard', 'partners', 'channels', 'responds_to', 'recognised'
    )
)
SELECT
    named.activity_id,
    named.scheme,
    named.code,
    bool_or(named.is_primary) AS is_primary,
    CASE
        WHEN named.scheme <> 'objective' THEN NULL
        WHEN coding.basis_code = 'BAS.STATED' THEN 'stated'
        WHEN coding.basis_code = 'BAS.INFERRED' THEN 'inferred'
    END AS coding_basis,
    coding.coder,
    min(named.coded_by) AS coded_by
FROM named
JOIN coding ON coding.activity_id = named.activity_id
GROUP BY named.activity_id, named.scheme, named.code, coding.basis_code, coding.coder
ORDER BY named.activity_id, named.scheme, named.code
