-- Why are these the priorities? Of the reasons that a person has coded, how many name each topic.
WITH coded AS (
    SELECT
        responses.wave,
        split_part(texts.question, '_', 1) AS purpose,
        texts.response_id,
        texts.code,
        responses.is_sample
    FROM staged.coded_texts AS texts
    JOIN staged.responses AS responses ON responses.response_id = texts.response_id
    JOIN staged.consents AS consents
        ON consents.response_id = texts.response_id
        AND consents.consent_purpose_code = 'CON.ANALYSIS'
        AND consents.consent_given
        AND consents.withdrawn_at IS NULL
    WHERE responses.is_counted AND texts.question IN ('events_why', 'research_why') AND texts.scheme = 'topic'
),
asked AS (
    SELECT wave, purpose, count(DISTINCT response_id) AS n_coded, bool_or(is_sample) AS is_sample
    FROM coded
    GROUP BY wave, purpose
),
named AS (
    SELECT wave, purpose, code, count(DISTINCT response_id) AS n_named FROM coded GROUP BY wave, purpose, code
)
SELECT
    asked.wave,
    asked.purpose,
    topics.code AS topic_code,
    topics.label AS topic_name,
    coalesce(named.n_named, 0) AS n_named,
    asked.n_coded,
    asked.is_sample
FROM asked
CROSS JOIN reference.codebook AS topics
LEFT JOIN named ON named.wave = asked.wave AND named.purpose = asked.purpose AND named.code = topics.code
WHERE topics.scheme = 'topic'
ORDER BY asked.wave, asked.purpose, topics.code
