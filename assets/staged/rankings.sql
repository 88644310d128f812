-- Which topics did each respondent rank, and in which place? Only those who agreed to analysis; a topic named twice keeps
-- its better place.
SELECT
    answers.response_id,
    responses.wave,
    split_part(answers.question, '_', 1) AS purpose,
    max(roles.code) AS role_code,
    answers.code AS topic_code,
    min(answers.choice_rank) AS choice_rank,
    responses.is_sample
FROM staged.answers AS answers
JOIN staged.responses AS responses ON responses.response_id = answers.response_id AND responses.is_counted
JOIN staged.consents AS consents
    ON consents.response_id = answers.response_id
    AND consents.consent_purpose_code = 'CON.ANALYSIS'
    AND consents.consent_given
    AND consents.withdrawn_at IS NULL
LEFT JOIN staged.answers AS roles ON roles.response_id = answers.response_id AND roles.question = 'role'
WHERE answers.survey = 'priority_survey'
    AND answers.question IN ('events_rank', 'research_rank')
    AND answers.code IS NOT NULL
GROUP BY answers.response_id, responses.wave, purpose, answers.code, responses.is_sample
ORDER BY answers.response_id, purpose, choice_rank, topic_code
