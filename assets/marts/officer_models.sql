-- Specialists, all officers or both: what is in place where visits were made, what do people want, what training is offered?
WITH minimum AS (
    SELECT max(CAST(parameter_value AS INTEGER)) AS base FROM reference.rules WHERE rule = 'minimum_base'
),
options AS (
    SELECT scheme AS asked_about, code AS option_code, label AS option_name
    FROM reference.codebook
    WHERE scheme IN ('officer_model', 'training')
),
said AS (
    SELECT visit_id, force_area_code, place_key, 'officer_model' AS asked_about, officer_model_code AS option_code
    FROM staged.visits
    WHERE officer_model_code IS NOT NULL
    UNION
    SELECT visits.visit_id, visits.force_area_code, visits.place_key, codes.scheme AS asked_about, codes.code AS option_code
    FROM staged.visits AS visits
    JOIN staged.visit_codes AS codes ON codes.visit_id = visits.visit_id
),
by_option AS (
    SELECT
        asked_about,
        option_code,
        count(DISTINCT visit_id) AS n_saying,
        count(DISTINCT place_key) AS n_areas
    FROM said
    GROUP BY asked_about, option_code
),
by_question AS (
    SELECT asked_about, count(DISTINCT visit_id) AS n_said FROM said GROUP BY asked_about
),
area_option AS (
    SELECT force_area_code, asked_about, option_code, count(DISTINCT visit_id) AS n_saying
    FROM said
    WHERE force_area_code IS NOT NULL
    GROUP BY force_area_code, asked_about, option_code
),
area_question AS (
    SELECT force_area_code, asked_about, count(DISTINCT visit_id) AS n_said
    FROM said
    WHERE force_area_code IS NOT NULL
    GROUP BY force_area_code, asked_about
),
unsaid AS (
    SELECT force_area_code FROM staged.not_said_areas WHERE subject = 'visits'
),
is_whole AS (
    SELECT
        'visits' AS view,
        options.asked_about,
        CAST(NULL AS VARCHAR) AS wave,
        CAST(NULL AS VARCHAR) AS force_area_code,
        CAST(NULL AS VARCHAR) AS force_area_name,
        options.option_code,
        options.option_name,
        coalesce(by_option.n_saying, 0) AS n_saying,
        coalesce(by_question.n_said, 0) AS n_said,
        coalesce(by_option.n_areas, 0) AS n_areas,
        false AS is_unsaid
    FROM options
    LEFT JOIN by_option ON by_option.asked_about = options.asked_about AND by_option.option_code = options.option_code
    LEFT JOIN by_question ON by_question.asked_about = options.asked_about
),
in_areas AS (
    SELECT
        'visits' AS view,
        options.asked_about,
        CAST(NULL AS VARCHAR) AS wave,
        areas.force_area_code,
        areas.force_area_name,
        options.option_code,
        options.option_name,
        coalesce(area_option.n_saying, 0) AS n_saying,
        coalesce(area_question.n_said, 0) AS n_said,
        CASE WHEN area_option.n_saying > 0 THEN 1 ELSE 0 END AS n_areas,
        unsaid.force_area_code IS NOT NULL AS is_unsaid
    FROM options
    CROSS JOIN reference.force_areas AS areas
    LEFT JOIN unsaid ON unsaid.force_area_code = areas.force_area_code
    LEFT JOIN area_question
        ON area_question.force_area_code = areas.force_area_code AND area_question.asked_about = options.asked_about
    LEFT JOIN area_option
        ON area_option.force_area_code = areas.force_area_code
        AND area_option.asked_about = options.asked_about
        AND area_option.option_code = options.option_code
),
-- People answer for themselves, not for an area: only the whole landscape is counted.
wanted AS (
    SELECT
        'delegates' AS view,
        question AS asked_about,
        wave,
        CAST(NULL AS VARCHAR) AS force_area_code,
        CAST(NULL AS VARCHAR) AS force_area_name,
        option_code,
        option_name,
        n_selected AS n_saying,
        n_answered AS n_said,
        CAST(NULL AS BIGINT) AS n_areas,
        false AS is_unsaid
    FROM marts.survey_breakdown
    WHERE survey = 'priority_survey' AND question = 'officer_model' AND force_area_code IS NULL
),
together AS (
    SELECT * FROM is_whole
    UNION ALL
    SELECT * FROM in_areas
    UNION ALL
    SELECT * FROM wanted
),
judged AS (
    SELECT
        *,
        CASE
            WHEN n_saying > 0 THEN 'value'
            WHEN is_unsaid THEN 'not_said'
            WHEN n_said > 0 THEN 'zero'
            ELSE 'not_covered'
        END AS state
    FROM together
)
SELECT
    judged.view,
    judged.asked_about,
    judged.wave,
    judged.force_area_code,
    judged.force_area_name,
    judged.option_code,
    judged.option_name,
    CASE WHEN judged.state IN ('value', 'zero') THEN judged.n_saying END AS n_saying,
    CASE WHEN judged.state <> 'not_said' THEN judged.n_said END AS n_said,
    CASE
        WHEN judged.state <> 'not_said' AND judged.n_said >= minimum.base THEN round(judged.n_saying / judged.n_said, 4)
    END AS said_share,
    CASE WHEN judged.state IN ('value', 'zero') THEN judged.n_areas END AS n_areas,
    judged.state,
    (SELECT coalesce(bool_or(is_sample), false) FROM staged.submissions) AS is_sample
FROM judged
CROSS JOIN minimum
ORDER BY judged.view, judged.asked_about, judged.wave, judged.force_area_code NULLS FIRST, judged.option_code
