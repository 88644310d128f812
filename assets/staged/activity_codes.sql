-- Which objectives, audiences, partners and channels does each activity have? A code named twice stands once.
WITH coding AS (
    SELECT
        record_id,
        max(code) FILTER (question = 'objective_basis') AS basis_code,
        max(number_value) FILTER (question = 'coder') AS coder
    FROM staged.answers
    GROUP BY record_id
),
named AS (
    SELECT
        answers.record_id AS activity_id,
        codebook.scheme,
        answers.code,
        answers.question = 'primary_objective' AS is_primary
    FROM staged.answers AS answers
    JOIN reference.codebook AS codebook ON codebook.code = answers.code
    WHERE answers.question IN ('primary_objective', 'other_objectives', 'audiences', 'partners', 'channels')
)
SELECT
    activities.activity_id,
    named.scheme,
    named.code,
    bool_or(named.is_primary) AS is_primary,
    CASE
        WHEN named.scheme <> 'objective' THEN NULL
        WHEN coding.basis_code = 'BAS.STATED' THEN 'stated'
        WHEN coding.basis_code = 'BAS.INFERRED' THEN 'inferred'
    END AS coding_basis,
    coding.coder
FROM staged.activities AS activities
JOIN named ON named.activity_id = activities.activity_id
JOIN coding ON coding.record_id = activities.activity_id
GROUP BY activities.activity_id, named.scheme, named.code, coding.basis_code, coding.coder
ORDER BY activities.activity_id, named.scheme, named.code
