-- Who joined the network, by area and type of organisation? A member asked to join and agreed to being written to.
WITH wishes AS (
    SELECT response_id
    FROM staged.answers
    WHERE survey = 'network_signup' AND question = 'join_network' AND code = 'ANS.YES'
),
members AS (
    SELECT
        responses.response_id,
        responses.wave,
        responses.force_area_code,
        responses.organisation_type_code,
        responses.is_sample,
        coalesce(agreed.consent_given AND agreed.withdrawn_at IS NULL, false) AS is_area_agreed
    FROM staged.responses AS responses
    JOIN wishes ON wishes.response_id = responses.response_id
    JOIN staged.consents AS consents
        ON consents.response_id = responses.response_id
        AND consents.consent_purpose_code = 'CON.NETWORK'
        AND consents.consent_given
        AND consents.withdrawn_at IS NULL
    LEFT JOIN staged.consents AS agreed
        ON agreed.response_id = responses.response_id
        AND agreed.consent_purpose_code = 'CON.AREA'
    WHERE responses.is_counted
)
SELECT
    members.wave,
    members.force_area_code,
    areas.region_name,
    members.organisation_type_code,
    coalesce(kinds.label, 'Not stated') AS organisation_type_name,
    count(*) AS n_members,
    count(*) FILTER (members.is_area_agreed) AS n_area_agreed,
    bool_or(members.is_sample) AS is_sample
FROM members
LEFT JOIN reference.force_areas AS areas ON areas.force_area_code = members.force_area_code
LEFT JOIN reference.codebook AS kinds ON kinds.code = members.organisation_type_code
GROUP BY members.wave, members.force_area_code, areas.region_name, members.organisation_type_code, kinds.label
ORDER BY members.wave, members.force_area_code, members.organisation_type_code
