-- Which engagement activities were found? One row each, with what is known of it; an empty cell is unknown. For an activity
-- that was reported twice, the report that was kept decides; where it is empty, the other. The stricter permission applies.
WITH said AS (
    SELECT
        sources.activity_id,
        answers.question,
        arg_min(answers.code, sources.source_number) AS code,
        arg_min(answers.date_value, sources.source_number) AS date_value
    FROM staged.activity_sources AS sources
    JOIN staged.answers AS answers ON answers.record_id = sources.source_record_id
    GROUP BY sources.activity_id, answers.question
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
)
SELECT
    kept.activity_id,
    visits.visit_id,
    visits.force_area_code,
    max(said.code) FILTER (said.question = 'activity_type') AS activity_type_code,
    max(said.code) FILTER (said.question = 'direction') AS direction_code,
    max(said.code) FILTER (said.question = 'participation_level') AS participation_level_code,
    max(said.code) FILTER (said.question = 'novelty') AS novelty_code,
    max(said.date_value) FILTER (said.question = 'started_on') AS started_on,
    max(said.date_value) FILTER (said.question = 'stopped_on') AS stopped_on,
    max(said.code) FILTER (said.question = 'evidence_design') AS evidence_design_code,
    max(said.code) FILTER (said.question = 'evidence_stage') AS evidence_stage_code,
    max(said.code) FILTER (said.question = 'evidence_result') AS evidence_result_code,
    max(said.code) FILTER (said.question = 'demand_effect') AS demand_effect_code,
    strictest.release_level,
    visits.is_sample
FROM staged.activity_sources AS kept
JOIN staged.visits AS visits ON visits.visit_id = kept.visit_id
JOIN said ON said.activity_id = kept.activity_id
JOIN strictest ON strictest.activity_id = kept.activity_id
WHERE kept.source_number = 1
GROUP BY kept.activity_id, visits.visit_id, visits.force_area_code, strictest.release_level, visits.is_sample
ORDER BY kept.activity_id
