-- Which practice is new to all areas here or to policing, which was taken over from elsewhere, and which was stopped or did not
-- work? A cautionary tale has no place unless the organisation that reported it confirmed its wording.
WITH rules AS (
    SELECT parameter, parameter_value AS code FROM reference.rules WHERE rule = 'innovative_practice'
),
judged AS (
    SELECT
        activities.*,
        coalesce(activities.novelty_code IN (SELECT code FROM rules WHERE parameter = 'new'), false) AS is_new,
        activities.adopted_from_names IS NOT NULL
        OR coalesce(activities.novelty_code IN (SELECT code FROM rules WHERE parameter = 'adopted'), false) AS is_adopted,
        coalesce(activities.status_code IN (SELECT code FROM rules WHERE parameter = 'stopped'), false) AS is_stopped,
        coalesce(
            activities.evidence_result_code IN (SELECT code FROM rules WHERE parameter = 'did_not_work'), false
        ) AS has_not_worked
    FROM staged.activities AS activities
),
practice AS (
    SELECT *, is_stopped OR has_not_worked AS is_cautionary
    FROM judged
    WHERE is_new OR is_adopted OR is_stopped OR has_not_worked
),
aims AS (
    SELECT
        codes.activity_id,
        string_agg(codes.code, ' + ' ORDER BY codes.code) AS objective_codes,
        string_agg(objectives.label, ' + ' ORDER BY codes.code) AS objective_names
    FROM staged.activity_codes AS codes
    JOIN reference.codebook AS objectives ON objectives.code = codes.code
    WHERE codes.scheme = 'objective'
    GROUP BY codes.activity_id
),
confirmed AS (
    SELECT activity_id
    FROM staged.activity_texts
    WHERE text_kind IN ('summary', 'lesson')
    GROUP BY activity_id
    HAVING bool_and(text_state = 'confirmed')
),
placed AS (
    SELECT
        places.activity_id,
        count(DISTINCT places.place_key) AS n_areas,
        string_agg(DISTINCT areas.force_area_name, ', ' ORDER BY areas.force_area_name) AS force_area_names,
        string_agg(DISTINCT places.region_name, ', ' ORDER BY places.region_name) AS region_names
    FROM staged.activity_areas AS places
    LEFT JOIN reference.force_areas AS areas ON areas.force_area_code = places.force_area_code
    GROUP BY places.activity_id
),
described AS (
    SELECT
        practice.activity_id,
        CASE WHEN practice.is_cautionary THEN 'cautionary' WHEN practice.is_new THEN 'new' ELSE 'adopted' END AS practice_kind,
        practice.is_new,
        practice.is_adopted,
        practice.is_stopped,
        practice.has_not_worked,
        practice.novelty_code,
        coalesce(novelties.label, 'unknown') AS novelty_name,
        practice.activity_type_code,
        coalesce(types.label, 'unknown') AS activity_type_name,
        aims.objective_codes,
        aims.objective_names,
        coalesce(placed.n_areas, 0) AS n_areas,
        CASE WHEN NOT practice.is_cautionary OR confirmed.activity_id IS NOT NULL THEN placed.force_area_names END
        AS force_area_names,
        CASE WHEN NOT practice.is_cautionary OR confirmed.activity_id IS NOT NULL THEN placed.region_names END AS region_names,
        coalesce(organisations.label, 'unknown') AS source_name,
        year(visits.visited_on) AS recorded_year,
        practice.started_year,
        practice.stopped_year,
        practice.stopped_why_code,
        reasons.label AS stopped_why_name,
        practice.evidence_design_code,
        coalesce(designs.label, 'unknown') AS evidence_design_name,
        practice.evidence_stage_code,
        coalesce(stages.label, 'unknown') AS evidence_stage_name,
        practice.evidence_result_code,
        coalesce(results.label, 'unknown') AS evidence_result_name,
        practice.evidence_word,
        practice.is_sample
    FROM practice
    LEFT JOIN staged.visits AS visits ON visits.visit_id = practice.visit_id
    LEFT JOIN aims ON aims.activity_id = practice.activity_id
    LEFT JOIN confirmed ON confirmed.activity_id = practice.activity_id
    LEFT JOIN placed ON placed.activity_id = practice.activity_id
    LEFT JOIN reference.codebook AS novelties ON novelties.code = practice.novelty_code
    LEFT JOIN reference.codebook AS types ON types.code = practice.activity_type_code
    LEFT JOIN reference.codebook AS reasons ON reasons.code = practice.stopped_why_code
    LEFT JOIN reference.codebook AS organisations ON organisations.code = visits.organisation_type_code
    LEFT JOIN reference.codebook AS designs ON designs.code = practice.evidence_design_code
    LEFT JOIN reference.codebook AS stages ON stages.code = practice.evidence_stage_code
    LEFT JOIN reference.codebook AS results ON results.code = practice.evidence_result_code
)
-- Numbered by what is shown; where two rows show the same, it does not matter which comes first.
SELECT
    'P' || lpad(
        CAST(
            row_number() OVER (
                ORDER BY
                    CASE practice_kind WHEN 'new' THEN 1 WHEN 'adopted' THEN 2 ELSE 3 END, novelty_code, is_adopted, activity_type_code,
                    objective_codes, started_year, stopped_year, stopped_why_code, n_areas, force_area_names, region_names, source_name, evidence_design_code, evidence_stage_code,
                    evidence_result_code, recorded_year
            ) AS VARCHAR
        ),
        3,
        '0'
    ) AS practice_id,
    * EXCLUDE (activity_id)
FROM described
ORDER BY practice_id
