-- Which areas know about which objective × type of activity, and on what evidence? From the activities that name an area.
WITH known AS (
    SELECT
        places.force_area_code,
        codes.code AS objective_code,
        activities.activity_type_code,
        activities.started_year,
        coalesce(activities.status_code = 'STS.STOPPED', false) AS is_stopped,
        activities.evidence_design_code,
        activities.evidence_result_code,
        activities.is_sample
    FROM staged.activity_areas AS places
    JOIN staged.activities AS activities ON activities.activity_id = places.activity_id
    JOIN staged.activity_codes AS codes ON codes.activity_id = places.activity_id AND codes.scheme = 'objective'
    WHERE places.force_area_code IS NOT NULL
),
counted AS (
    SELECT
        force_area_code,
        objective_code,
        activity_type_code,
        count(*) AS n_activities,
        count(*) FILTER (is_stopped) AS n_stopped,
        count(*) FILTER (evidence_design_code > 'EVD.D0') AS n_evaluated,
        count(*) FILTER (evidence_result_code = 'EVD.R+') AS n_worked,
        count(*) FILTER (evidence_result_code = 'EVD.R-') AS n_not_worked,
        max(evidence_design_code) AS evidence_design_code,
        min(started_year) AS started_year,
        bool_or(is_sample) AS is_sample
    FROM known
    WHERE activity_type_code IS NOT NULL
    GROUP BY force_area_code, objective_code, activity_type_code
)
SELECT
    counted.force_area_code,
    areas.force_area_name,
    counted.objective_code,
    objectives.label AS objective_name,
    counted.activity_type_code,
    kinds.label AS activity_type_name,
    counted.n_activities,
    counted.n_stopped,
    counted.n_evaluated,
    counted.n_worked,
    counted.n_not_worked,
    counted.evidence_design_code,
    coalesce(designs.label, 'unknown') AS evidence_design_name,
    counted.started_year,
    counted.is_sample
FROM counted
JOIN reference.force_areas AS areas ON areas.force_area_code = counted.force_area_code
JOIN reference.codebook AS objectives ON objectives.code = counted.objective_code
JOIN reference.codebook AS kinds ON kinds.code = counted.activity_type_code
LEFT JOIN reference.codebook AS designs ON designs.code = counted.evidence_design_code
ORDER BY counted.force_area_code, counted.objective_code, counted.activity_type_code
