-- Who consented to what? Each purpose has its own question; no answer is no consent. A withdrawal ends
-- consent given before it, not consent given afterwards.
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
    CASE
        WHEN withdrawals.withdrawn_at >= coalesce(responses.submitted_at, TIMESTAMP '-infinity') THEN withdrawals.withdrawn_at
    END AS withdrawn_at
FROM staged.answers AS answers
JOIN asked ON asked.survey = answers.survey AND asked.question = answers.question
JOIN staged.responses AS responses ON responses.response_id = answers.response_id
LEFT JOIN staged.withdrawals AS withdrawals
    ON withdrawals.response_id = responses.response_id
    AND withdrawals.consent_purpose_code = asked.consent_purpose_code
ORDER BY answers.response_id, asked.consent_purpose_code
