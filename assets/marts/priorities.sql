-- What do people want from future events and, separately, from future research? x of n, with Wilson's 95 % interval.
WITH respondents AS (
    SELECT responses.response_id, responses.wave, responses.force_area_code, responses.is_sample, roles.code AS role_code
    FROM staged.responses AS responses
    JOIN staged.consents AS consents
        ON consents.response_id = responses.response_id
        AND consents.consent_purpose_code = 'CON.ANALYSIS'
        AND consents.consent_given
        AND consents.withdrawn_at IS NULL
    LEFT JOIN staged.answers AS roles ON roles.response_id = responses.response_id AND roles.question = 'role'
    WHERE responses.survey = 'priority_survey' AND responses.is_counted
),
cuts AS (
    SELECT response_id, wave, is_sample, 'all' AS cut, 'ALL' AS cut_code, landscape.full_name_at_start AS cut_name
    FROM respondents
    CROSS JOIN reference.landscape AS landscape
    UNION ALL
    SELECT respondents.response_id, respondents.wave, respondents.is_sample, 'role', respondents.role_code, roles.label
    FROM respondents
    JOIN reference.codebook AS roles ON roles.code = respondents.role_code
    UNION ALL
    SELECT respondents.response_id, respondents.wave, respondents.is_sample, 'area', areas.force_area_code, areas.force_area_name
    FROM respondents
    JOIN reference.force_areas AS areas ON areas.force_area_code = respondents.force_area_code
),
chosen AS (
    SELECT response_id, split_part(question, '_', 1) AS purpose, code
    FROM staged.answers
    WHERE question IN ('events_topics', 'research_topics') AND code IS NOT NULL
    GROUP BY response_id, purpose, code
),
answered AS (
    SELECT cuts.*, took_part.purpose
    FROM cuts
    JOIN (SELECT DISTINCT response_id, purpose FROM chosen) AS took_part ON took_part.response_id = cuts.response_id
),
first_choices AS (
    SELECT response_id, split_part(question, '_', 1) AS purpose, code
    FROM staged.answers
    WHERE question IN ('events_rank', 'research_rank') AND choice_rank = 1 AND code IS NOT NULL
),
counted AS (
    SELECT
        answered.wave,
        answered.purpose,
        answered.cut,
        answered.cut_code,
        answered.cut_name,
        topics.code AS topic_code,
        topics.label || CASE WHEN topics.valid_to IS NULL THEN '' ELSE ' (retired)' END AS topic_name,
        count(chosen.code) AS n_selected,
        count(*) AS n_answered,
        count(first_choices.code) AS n_first_choice,
        bool_or(answered.is_sample) AS is_sample
    FROM answered
    CROSS JOIN reference.codebook AS topics
    LEFT JOIN chosen
        ON chosen.response_id = answered.response_id AND chosen.purpose = answered.purpose AND chosen.code = topics.code
    LEFT JOIN first_choices
        ON first_choices.response_id = answered.response_id
        AND first_choices.purpose = answered.purpose
        AND first_choices.code = topics.code
    WHERE topics.scheme = 'topic' AND topics.replaced_by IS NULL
    GROUP BY answered.wave, answered.purpose, answered.cut, answered.cut_code, answered.cut_name, topics.code, topics.label, topics.valid_to
),
-- Wilson (1927): centre and half-width of the interval, with z = 1.959964.
wilson AS (
    SELECT
        *,
        n_selected / n_answered AS share,
        (n_selected + 1.959964 * 1.959964 / 2) / (n_answered + 1.959964 * 1.959964) AS centre,
        1.959964 / (n_answered + 1.959964 * 1.959964)
            * sqrt(n_selected * (n_answered - n_selected) / n_answered + 1.959964 * 1.959964 / 4) AS half_width
    FROM counted
),
minimum AS (
    SELECT max(CAST(parameter_value AS INTEGER)) AS base FROM reference.rules WHERE rule = 'minimum_base'
)
SELECT
    wave,
    purpose,
    cut,
    cut_code,
    cut_name,
    topic_code,
    topic_name,
    n_selected,
    n_answered,
    CASE WHEN n_answered >= minimum.base THEN round(share, 4) END AS selected_share,
    CASE WHEN n_answered >= minimum.base THEN round(greatest(centre - half_width, 0), 4) END AS interval_low_share,
    CASE WHEN n_answered >= minimum.base THEN round(least(centre + half_width, 1), 4) END AS interval_high_share,
    n_first_choice,
    is_sample
FROM wilson
CROSS JOIN minimum
ORDER BY wave, purpose, cut, cut_code, topic_code
