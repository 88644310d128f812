-- Which engagement activities were found? One row each, with what is known of it; an empty cell is unknown. For an activity
-- that was reported twice, the report that was kept decides; where it is empty, the other. The stricter permission applies.
WITH said AS (
    SELECT
        activity_id,
        question,
        arg_min(code, record_number) AS code,
        arg_min(number_value, record_number) AS number_value,
        arg_min(date_value, record_number) AS date_value
    FROM staged.activity_answers
    GROUP BY activity_id, question
),
permitted AS (
    SELECT
        sources.activity_id,
        coalesce(max(answers.code) FILTER (answers.question = 'activity_release_level'), 'REL.WHOLE') AS release_level
    FROM staged.activity_sources AS sources
    JOIN staged.answers AS answers ON answers.record_id = sources.source_record_id
    GROUP BY sources.activity_id, sources.source_record_id
),
strictest AS (
    SELECT
        activity_id,
        CASE
            WHEN bool_or(release_level = 'REL.INTERNAL') THEN 'REL.INTERNAL'
            WHEN bool_or(release_level = 'REL.WHOLE') THEN 'REL.WHOLE'
            ELSE 'REL.NAMED'
        END AS release_level
    FROM permitted
    GROUP BY activity_id
),
origins AS (
    SELECT answers.activity_id, areas.force_area_name AS origin_name
    FROM staged.activity_answers AS answers
    JOIN reference.force_areas AS areas ON areas.force_area_code = answers.code
    WHERE answers.question = 'adopted_from'
    UNION
    SELECT answers.activity_id, 'outside ' || names.short_name
    FROM staged.activity_answers AS answers
    CROSS JOIN reference.landscape AS names
    WHERE answers.question = 'adopted_outside' AND answers.code = 'ANS.YES'
),
adopted AS (
    SELECT activity_id, string_agg(origin_name, ', ' ORDER BY origin_name) AS adopted_from_names
    FROM origins
    GROUP BY activity_id
),
described AS (
    SELECT
        activity_id,
        max(code) FILTER (question = 'activity_type') AS activity_type_code,
        max(code) FILTER (question = 'participation_level') AS participation_level_code,
        max(code) FILTER (question = 'novelty') AS novelty_code,
        max(code) FILTER (question = 'status') AS status_code,
        max(code) FILTER (question = 'delivered_by') AS delivered_by_code,
        max(code) FILTER (question = 'scale') AS scale_code,
        max(code) FILTER (question = 'funding') AS funding_code,
        max(code) FILTER (question = 'stopped_why') AS stopped_why_code,
        max(code) FILTER (question = 'evidence_design') AS evidence_design_code,
        max(code) FILTER (question = 'evidence_stage') AS evidence_stage_code,
        max(code) FILTER (question = 'evidence_result') AS evidence_result_code,
        max(code) FILTER (question = 'evidence_seen') AS evidence_seen_code,
        max(code) FILTER (question = 'evidence_objective') AS evidence_objective_code,
        max(code) FILTER (question = 'demand_effect') AS demand_effect_code,
        max(number_value) FILTER (question = 'started_year') AS started_year,
        max(number_value) FILTER (question = 'stopped_year') AS stopped_year,
        -- The form before asked for days, and called what had stopped a kind of novelty.
        max(date_value) FILTER (question = 'started_on') AS started_on,
        max(date_value) FILTER (question = 'stopped_on') AS stopped_on
    FROM said
    GROUP BY activity_id
)
SELECT
    kept.activity_id,
    visits.visit_id,
    visits.force_area_code,
    described.activity_type_code,
    described.participation_level_code,
    nullif(described.novelty_code, 'NOV.STOP') AS novelty_code,
    CASE
        WHEN described.status_code IS NOT NULL THEN described.status_code
        WHEN described.novelty_code = 'NOV.STOP' THEN 'STS.STOPPED'
        WHEN coalesce(CAST(described.stopped_year AS BIGINT), year(described.stopped_on)) IS NOT NULL THEN 'STS.STOPPED'
    END AS status_code,
    described.delivered_by_code,
    described.scale_code,
    described.funding_code,
    coalesce(CAST(described.started_year AS BIGINT), year(described.started_on)) AS started_year,
    coalesce(CAST(described.stopped_year AS BIGINT), year(described.stopped_on)) AS stopped_year,
    described.stopped_why_code,
    adopted.adopted_from_names,
    described.evidence_design_code,
    described.evidence_stage_code,
    described.evidence_result_code,
    described.evidence_seen_code,
    described.evidence_objective_code,
    -- What a visit hears is an account; it is more only as far as somebody studied it and a document was seen or described.
    CASE
        WHEN described.evidence_seen_code = 'ESN.UNSEEN' THEN 'not seen'
        WHEN described.evidence_design_code IN ('EVD.D3', 'EVD.D4', 'EVD.D5') THEN 'compared'
        WHEN described.evidence_design_code IN ('EVD.D1', 'EVD.D2') THEN 'measured, no comparison'
        WHEN described.evidence_design_code = 'EVD.D0Q' THEN 'studied'
        WHEN described.evidence_design_code IS NULL AND described.evidence_stage_code > 'EVD.S1' THEN 'not seen'
        ELSE 'account only'
    END AS evidence_word,
    described.demand_effect_code,
    strictest.release_level,
    visits.is_sample
FROM staged.activity_sources AS kept
JOIN staged.visits AS visits ON visits.visit_id = kept.visit_id
JOIN described ON described.activity_id = kept.activity_id
JOIN strictest ON strictest.activity_id = kept.activity_id
LEFT JOIN adopted ON adopted.activity_id = kept.activity_id
WHERE kept.source_number = 1
ORDER BY kept.activity_id
