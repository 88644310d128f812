-- Which objectives, audiences, partners and channels does each activity have? A code named twice is there once. From several
-- reports all codes are kept; the primary objective and its basis are those of the report that was kept.
WITH coding AS (
    SELECT
        sources.activity_id,
        max(answers.code) FILTER (answers.question = 'objective_basis') AS basis_code,
        max(answers.number_value) FILTER (answers.question = 'coder') AS coder
    FROM staged.activity_sources AS sources
    JOIN staged.answers AS answers ON answers.record_id = sources.source_record_id
    WHERE sources.source_number = 1
    GROUP BY sources.activity_id
),
named AS (
    SELECT
        sources.activity_id,
        codebook.scheme,
        answers.code,
        answers.question = 'primary_objective' AND sources.source_number = 1 AS is_primary,
        answers.coded_by
    FROM staged.activity_sources AS sources
    JOIN staged.answers AS answers ON answers.record_id = sources.source_record_id
    JOIN reference.codebook AS codebook ON codebook.code = answers.code
    WHERE answers.question IN ('primary_objective', 'other_objectives', 'audiences', 'partners', 'channels')
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
