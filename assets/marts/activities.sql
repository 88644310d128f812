-- The register: what is each activity, for whom, with whom, on what evidence, and what should others know?
-- A text is printed once a person approved its very wording.
WITH texts AS (
    SELECT
        activity_id,
        max(words) FILTER (text_kind = 'public_name') AS public_name,
        max(words) FILTER (text_kind = 'summary') AS summary,
        max(words) FILTER (text_kind = 'lesson') AS lesson,
        max(words) FILTER (text_kind = 'web_address') AS web_address,
        bool_and(text_state = 'confirmed') AS is_confirmed
    FROM staged.activity_texts
    WHERE text_state IN ('approved', 'confirmed')
    GROUP BY activity_id
),
waiting AS (
    SELECT activity_id, count(*) AS n_texts_open
    FROM staged.activity_texts
    WHERE text_state = 'open'
    GROUP BY activity_id
),
named AS (
    SELECT codes.activity_id, codes.scheme, codes.code, codebook.label, codes.is_primary, codes.coding_basis
    FROM staged.activity_codes AS codes
    JOIN reference.codebook AS codebook ON codebook.code = codes.code
),
coded AS (
    SELECT
        activity_id,
        max(code) FILTER (is_primary) AS primary_objective_code,
        max(label) FILTER (is_primary) AS primary_objective_name,
        max(coding_basis) FILTER (scheme = 'objective') AS coding_basis,
        string_agg(code, ' + ' ORDER BY code) FILTER (scheme = 'objective') AS objective_codes,
        string_agg(label, ' + ' ORDER BY code) FILTER (scheme = 'objective') AS objective_names,
        string_agg(code, ' + ' ORDER BY code) FILTER (scheme = 'audience') AS audience_codes,
        string_agg(label, ' + ' ORDER BY code) FILTER (scheme = 'audience') AS audience_names,
        string_agg(code, ' + ' ORDER BY code) FILTER (scheme = 'partner') AS partner_codes,
        string_agg(label, ' + ' ORDER BY code) FILTER (scheme = 'partner') AS partner_names,
        string_agg(code, ' + ' ORDER BY code) FILTER (scheme = 'channel') AS channel_codes,
        string_agg(label, ' + ' ORDER BY code) FILTER (scheme = 'channel') AS channel_names,
        string_agg(code, ' + ' ORDER BY code) FILTER (scheme = 'challenge') AS challenge_codes,
        string_agg(label, ' + ' ORDER BY code) FILTER (scheme = 'challenge') AS challenge_names,
        string_agg(label, ' + ' ORDER BY code) FILTER (scheme = 'recognised') AS recognised_names
    FROM named
    GROUP BY activity_id
),
placed AS (
    SELECT
        places.activity_id,
        count(DISTINCT places.place_key) AS n_areas,
        string_agg(DISTINCT areas.force_area_name, ', ' ORDER BY areas.force_area_name) AS force_area_names
    FROM staged.activity_areas AS places
    LEFT JOIN reference.force_areas AS areas ON areas.force_area_code = places.force_area_code
    GROUP BY places.activity_id
),
products AS (
    SELECT activity_id, string_agg(DISTINCT product_name, ', ' ORDER BY product_name) AS product_names
    FROM staged.technologies
    GROUP BY activity_id
),
described AS (
    SELECT
        activities.activity_id,
        activities.force_area_code,
        areas.force_area_name,
        placed.force_area_names,
        coalesce(placed.n_areas, 0) AS n_areas,
        organisations.label AS source_name,
        year(visits.visited_on) AS recorded_year,
        texts.public_name,
        texts.summary,
        texts.lesson,
        texts.web_address,
        texts.is_confirmed AS confirmed_by_organisation,
        coalesce(waiting.n_texts_open, 0) AS n_texts_open,
        activities.activity_type_code,
        coalesce(types.label, 'unknown') AS activity_type_name,
        coded.primary_objective_code,
        coded.primary_objective_name,
        coded.coding_basis,
        coded.objective_codes,
        coded.objective_names,
        coded.audience_codes,
        coded.audience_names,
        coded.partner_codes,
        coded.partner_names,
        coded.channel_codes,
        coded.channel_names,
        coded.challenge_codes,
        coded.challenge_names,
        activities.delivered_by_code,
        coalesce(deliverers.label, 'unknown') AS delivered_by_name,
        activities.status_code,
        coalesce(statuses.label, 'unknown') AS status_name,
        activities.stopped_why_code,
        reasons.label AS stopped_why_name,
        activities.started_year,
        activities.stopped_year,
        activities.scale_code,
        coalesce(scales.label, 'unknown') AS scale_name,
        activities.funding_code,
        coalesce(payers.label, 'unknown') AS funding_name,
        activities.participation_level_code,
        coalesce(levels.label, 'unknown') AS participation_level_name,
        activities.novelty_code,
        coalesce(novelties.label, 'unknown') AS novelty_name,
        activities.adopted_from_names,
        coded.recognised_names,
        products.product_names,
        activities.evidence_design_code,
        coalesce(designs.label, 'unknown') AS evidence_design_name,
        activities.evidence_stage_code,
        coalesce(stages.label, 'unknown') AS evidence_stage_name,
        activities.evidence_result_code,
        coalesce(results.label, 'unknown') AS evidence_result_name,
        activities.evidence_seen_code,
        coalesce(documents.label, 'unknown') AS evidence_seen_name,
        activities.evidence_objective_code,
        studied.label AS evidence_objective_name,
        activities.evidence_word,
        activities.demand_effect_code,
        coalesce(effects.label, 'unknown') AS demand_effect_name,
        activities.release_level,
        activities.is_sample
    FROM staged.activities AS activities
    LEFT JOIN staged.visits AS visits ON visits.visit_id = activities.visit_id
    LEFT JOIN texts ON texts.activity_id = activities.activity_id
    LEFT JOIN waiting ON waiting.activity_id = activities.activity_id
    LEFT JOIN coded ON coded.activity_id = activities.activity_id
    LEFT JOIN placed ON placed.activity_id = activities.activity_id
    LEFT JOIN products ON products.activity_id = activities.activity_id
    LEFT JOIN reference.force_areas AS areas ON areas.force_area_code = activities.force_area_code
    LEFT JOIN reference.codebook AS organisations ON organisations.code = visits.organisation_type_code
    LEFT JOIN reference.codebook AS types ON types.code = activities.activity_type_code
    LEFT JOIN reference.codebook AS deliverers ON deliverers.code = activities.delivered_by_code
    LEFT JOIN reference.codebook AS statuses ON statuses.code = activities.status_code
    LEFT JOIN reference.codebook AS reasons ON reasons.code = activities.stopped_why_code
    LEFT JOIN reference.codebook AS scales ON scales.code = activities.scale_code
    LEFT JOIN reference.codebook AS payers ON payers.code = activities.funding_code
    LEFT JOIN reference.codebook AS levels ON levels.code = activities.participation_level_code
    LEFT JOIN reference.codebook AS novelties ON novelties.code = activities.novelty_code
    LEFT JOIN reference.codebook AS designs ON designs.code = activities.evidence_design_code
    LEFT JOIN reference.codebook AS stages ON stages.code = activities.evidence_stage_code
    LEFT JOIN reference.codebook AS results ON results.code = activities.evidence_result_code
    LEFT JOIN reference.codebook AS documents ON documents.code = activities.evidence_seen_code
    LEFT JOIN reference.codebook AS studied ON studied.code = activities.evidence_objective_code
    LEFT JOIN reference.codebook AS effects ON effects.code = activities.demand_effect_code
)
-- Numbered by what is shown; where two rows show the same, it does not matter which comes first.
SELECT
    'A' || lpad(
        CAST(
            row_number() OVER (
                ORDER BY
                    force_area_name, source_name, activity_type_name, public_name, objective_codes, summary, started_year,
                    audience_codes, channel_codes, partner_codes, novelty_code, evidence_design_code, status_code, activity_id
            ) AS VARCHAR
        ),
        3,
        '0'
    ) AS activity_number,
    * EXCLUDE (activity_id)
FROM described
ORDER BY activity_number
