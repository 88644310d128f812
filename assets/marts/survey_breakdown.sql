-- How often was each option of each closed question chosen? Every survey, wave and area; an option nobody chose is there with 0.
WITH respondents AS (
    SELECT responses.response_id, responses.survey, responses.wave, responses.force_area_code, responses.is_sample
    FROM staged.responses AS responses
    LEFT JOIN staged.consents AS consents
        ON consents.response_id = responses.response_id AND consents.consent_purpose_code = 'CON.ANALYSIS'
    WHERE responses.is_counted AND coalesce(consents.consent_given AND consents.withdrawn_at IS NULL, true)
),
-- The closed questions asked of the respondent; a ranked question once for each place of its ranking.
closed AS (
    SELECT DISTINCT
        questions.survey,
        coalesce(questions.rank_list, questions.question) AS question,
        questions.rank_place AS choice_rank
    FROM reference.questions AS questions
    WHERE questions.repeat IS NULL AND questions.kind IN ('select_one', 'select_multiple')
),
-- How many respondents of a survey, wave and area gave each distinct cell; its meaning is looked up once, not for each of them.
given AS (
    SELECT
        respondents.survey,
        respondents.wave,
        respondents.force_area_code,
        cells.cell_number,
        count(*) AS n_responses,
        bool_or(respondents.is_sample) AS is_sample
    FROM respondents
    JOIN staged.given_cells AS cells
        ON cells.response_id = respondents.response_id AND cells.record_id = respondents.response_id
    GROUP BY respondents.survey, respondents.wave, respondents.force_area_code, cells.cell_number
),
places AS (
    SELECT
        survey,
        wave,
        CAST(NULL AS VARCHAR) AS force_area_code,
        cell_number,
        CAST(sum(n_responses) AS BIGINT) AS n_responses,
        bool_or(is_sample) AS is_sample
    FROM given
    GROUP BY survey, wave, cell_number
    UNION ALL
    SELECT survey, wave, force_area_code, cell_number, n_responses, is_sample
    FROM given
    WHERE force_area_code IS NOT NULL
),
taken AS (
    SELECT
        meanings.cell_number,
        meanings.question,
        meanings.choice_rank,
        bool_or(coalesce(meanings.missing_reason, '') NOT IN ('not_asked', 'skipped_by_logic')) AS is_asked,
        bool_or(meanings.missing_reason IS NULL) AS is_answered
    FROM staged.cell_meanings AS meanings
    GROUP BY meanings.cell_number, meanings.question, meanings.choice_rank
),
chosen AS (
    SELECT DISTINCT cell_number, question, choice_rank, code
    FROM staged.cell_meanings
    WHERE code IS NOT NULL AND missing_reason IS NULL
),
asked AS (
    SELECT
        places.survey,
        places.wave,
        places.force_area_code,
        closed.question,
        closed.choice_rank,
        CAST(coalesce(sum(places.n_responses) FILTER (taken.is_asked), 0) AS BIGINT) AS n_asked,
        CAST(coalesce(sum(places.n_responses) FILTER (taken.is_answered), 0) AS BIGINT) AS n_answered,
        bool_or(places.is_sample) AS is_sample
    FROM places
    JOIN taken ON taken.cell_number = places.cell_number
    JOIN closed
        ON closed.survey = places.survey
        AND closed.question = taken.question
        AND closed.choice_rank IS NOT DISTINCT FROM taken.choice_rank
    GROUP BY places.survey, places.wave, places.force_area_code, closed.question, closed.choice_rank
),
ticked AS (
    SELECT
        places.survey,
        places.wave,
        places.force_area_code,
        chosen.question,
        chosen.choice_rank,
        chosen.code,
        CAST(sum(places.n_responses) AS BIGINT) AS n_selected
    FROM places
    JOIN chosen ON chosen.cell_number = places.cell_number
    GROUP BY places.survey, places.wave, places.force_area_code, chosen.question, chosen.choice_rank, chosen.code
),
counted AS (
    SELECT
        asked.*,
        options.option_code,
        options.option_name,
        coalesce(ticked.n_selected, 0) AS n_selected
    FROM asked
    JOIN reference.options AS options ON options.survey = asked.survey AND options.question = asked.question
    LEFT JOIN ticked
        ON ticked.survey = asked.survey
        AND ticked.wave = asked.wave
        AND ticked.force_area_code IS NOT DISTINCT FROM asked.force_area_code
        AND ticked.question = asked.question
        AND ticked.choice_rank IS NOT DISTINCT FROM asked.choice_rank
        AND ticked.code = options.option_code
),
totals AS (
    SELECT
        *,
        sum(n_selected) OVER (PARTITION BY survey, wave, question, choice_rank, force_area_code) AS n_ticks
    FROM counted
),
minimum AS (
    SELECT max(CAST(parameter_value AS INTEGER)) AS base FROM reference.rules WHERE rule = 'minimum_base'
)
SELECT
    survey,
    wave,
    question,
    option_code,
    option_name,
    choice_rank,
    force_area_code,
    n_selected,
    n_asked,
    n_answered,
    CASE WHEN n_answered >= minimum.base THEN round(n_selected / n_answered, 4) END AS respondent_share,
    CASE WHEN n_answered >= minimum.base THEN round(n_selected / nullif(n_ticks, 0), 4) END AS tick_share,
    is_sample
FROM totals
CROSS JOIN minimum
ORDER BY survey, wave, question, option_code, choice_rank, force_area_code
