-- How many of those invited responded? For each survey and wave with a list of invitations: all, by type of
-- organisation, by region. Respondents who are not on the list are counted apart, since a link can be forwarded.
WITH lists AS (
    SELECT survey, wave, bool_or(is_sample) AS is_sample FROM staged.invitations GROUP BY survey, wave
),
-- Responses can be matched to people only if the survey asks for an e-mail address.
named_surveys AS (
    SELECT DISTINCT survey FROM reference.questions WHERE question_use = 'email'
),
responded AS (
    SELECT
        responses.survey,
        responses.wave,
        responses.response_id,
        responses.person_key,
        responses.organisation_type_code,
        responses.force_area_code
    FROM staged.responses AS responses
    JOIN lists ON lists.survey = responses.survey AND lists.wave = responses.wave
    WHERE responses.is_counted
),
people AS (
    SELECT
        invitations.survey,
        invitations.wave,
        invitations.organisation_type_code,
        invitations.force_area_code,
        true AS is_invited,
        bool_or(responded.response_id IS NOT NULL) AS has_responded
    FROM staged.invitations AS invitations
    LEFT JOIN responded
        ON responded.survey = invitations.survey
        AND responded.wave = invitations.wave
        AND responded.person_key = invitations.person_key
    GROUP BY
        invitations.survey,
        invitations.wave,
        invitations.person_key,
        invitations.organisation_type_code,
        invitations.force_area_code
    UNION ALL
    SELECT survey, wave, organisation_type_code, force_area_code, false, true
    FROM responded
    WHERE NOT EXISTS (
        SELECT 1
        FROM staged.invitations AS invitations
        WHERE invitations.survey = responded.survey
            AND invitations.wave = responded.wave
            AND invitations.person_key = responded.person_key
    )
),
cuts AS (
    SELECT people.*, 'all' AS cut, 'ALL' AS cut_code, landscape.full_name_at_start AS cut_name
    FROM people
    CROSS JOIN reference.landscape AS landscape
    UNION ALL
    SELECT people.*, 'organisation_type', coalesce(kinds.code, 'NOT_STATED'), coalesce(kinds.label, 'Type not stated')
    FROM people
    LEFT JOIN reference.codebook AS kinds ON kinds.code = people.organisation_type_code
    UNION ALL
    SELECT people.*, 'region', coalesce(areas.region_name, 'NOT_STATED'), coalesce(areas.region_name, 'Area not stated')
    FROM people
    LEFT JOIN reference.force_areas AS areas ON areas.force_area_code = people.force_area_code
),
counted AS (
    SELECT
        survey,
        wave,
        cut,
        cut_code,
        cut_name,
        count(*) FILTER (is_invited) AS n_invited,
        count(*) FILTER (is_invited AND has_responded) AS n_responded,
        count(*) FILTER (NOT is_invited) AS n_not_invited
    FROM cuts
    GROUP BY survey, wave, cut, cut_code, cut_name
),
minimum AS (
    SELECT max(CAST(parameter_value AS INTEGER)) AS base FROM reference.rules WHERE rule = 'minimum_base'
)
SELECT
    counted.survey,
    counted.wave,
    counted.cut,
    counted.cut_code,
    counted.cut_name,
    counted.n_invited,
    CASE WHEN named_surveys.survey IS NOT NULL THEN counted.n_responded END AS n_responded,
    CASE WHEN named_surveys.survey IS NOT NULL THEN counted.n_not_invited END AS n_not_invited,
    CASE
        WHEN named_surveys.survey IS NOT NULL AND counted.n_invited >= minimum.base
            THEN round(counted.n_responded / counted.n_invited, 4)
    END AS response_share,
    lists.is_sample
FROM counted
CROSS JOIN minimum
JOIN lists ON lists.survey = counted.survey AND lists.wave = counted.wave
LEFT JOIN named_surveys ON named_surveys.survey = counted.survey
ORDER BY counted.survey, counted.wave, counted.cut, counted.cut_code
