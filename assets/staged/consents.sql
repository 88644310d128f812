-- Who consented to what? Each purpose is asked for by a question of its own; no answer is no consent.
WITH asked AS (
    SELECT survey, question, consent_purpose_code, consent_version
    FROM reference.questions
    WHERE consent_purpose_code IS NOT NULL
)
SELECT
    answers.response_id,
    responses.person_key,
    asked.consent_purpose_code,
    coalesce(answers.code = 'ANS.YES', false) AS consent_given,
    asked.consent_version,
    responses.submitted_at AS given_at,
    CAST(NULL AS TIMESTAMP) AS withdrawn_at
FROM staged.answers AS answers
JOIN asked ON asked.survey = answers.survey AND asked.question = answers.question
JOIN staged.responses AS responses ON responses.response_id = answers.response_id
ORDER BY answers.response_id, asked.consent_purpose_code
