-- Whom did we visit in each area: which type of organisation, how often, when, and what types of speaker were met?
-- Every area has rows for force and commissioner's office; other organisations only where one was visited.
WITH made AS (
    SELECT
        force_area_code,
        organisation_type_code,
        count(*) AS n_visits,
        min(visited_on) AS first_visited_on,
        max(visited_on) AS last_visited_on
    FROM staged.visits
    WHERE force_area_code IS NOT NULL AND organisation_type_code IS NOT NULL
    GROUP BY force_area_code, organisation_type_code
),
met AS (
    SELECT visits.force_area_code, visits.organisation_type_code, speakers.speaker_type_code, sum(speakers.n_speakers) AS n_speakers
    FROM staged.speakers AS speakers
    JOIN staged.visits AS visits ON visits.visit_id = speakers.visit_id
    WHERE visits.force_area_code IS NOT NULL
    GROUP BY visits.force_area_code, visits.organisation_type_code, speakers.speaker_type_code
),
spoken AS (
    SELECT
        met.force_area_code,
        met.organisation_type_code,
        sum(met.n_speakers) AS n_speakers,
        count(met.speaker_type_code) AS n_speaker_types,
        string_agg(met.speaker_type_code, ' + ' ORDER BY met.speaker_type_code) AS speaker_type_codes,
        string_agg(kinds.label, ' + ' ORDER BY met.speaker_type_code) AS speaker_type_names
    FROM met
    LEFT JOIN reference.codebook AS kinds ON kinds.code = met.speaker_type_code
    GROUP BY met.force_area_code, met.organisation_type_code
),
cells AS (
    SELECT areas.force_area_code, kinds.code AS organisation_type_code
    FROM reference.force_areas AS areas
    CROSS JOIN reference.codebook AS kinds
    WHERE kinds.code IN ('ORG.FORCE', 'ORG.OPCC')
    UNION
    SELECT force_area_code, organisation_type_code FROM made
)
SELECT
    cells.force_area_code,
    areas.force_area_name,
    cells.organisation_type_code,
    kinds.label AS organisation_type_name,
    CASE WHEN made.n_visits IS NOT NULL OR unsaid.force_area_code IS NULL THEN coalesce(made.n_visits, 0) END AS n_visits,
    CASE WHEN made.n_visits IS NOT NULL OR unsaid.force_area_code IS NULL THEN coalesce(spoken.n_speakers, 0) END AS n_speakers,
    CASE
        WHEN made.n_visits IS NOT NULL OR unsaid.force_area_code IS NULL THEN coalesce(spoken.n_speaker_types, 0)
    END AS n_speaker_types,
    spoken.speaker_type_codes,
    spoken.speaker_type_names,
    made.first_visited_on,
    made.last_visited_on,
    CASE
        WHEN made.n_visits IS NOT NULL THEN 'value'
        WHEN unsaid.force_area_code IS NOT NULL THEN 'not_said'
        ELSE 'not_covered'
    END AS state,
    (SELECT coalesce(bool_or(is_sample), false) FROM staged.submissions) AS is_sample
FROM cells
JOIN reference.force_areas AS areas ON areas.force_area_code = cells.force_area_code
JOIN reference.codebook AS kinds ON kinds.code = cells.organisation_type_code
LEFT JOIN made
    ON made.force_area_code = cells.force_area_code AND made.organisation_type_code = cells.organisation_type_code
LEFT JOIN staged.not_said_areas AS unsaid
    ON unsaid.force_area_code = cells.force_area_code AND unsaid.subject = 'other_visits'
LEFT JOIN spoken
    ON spoken.force_area_code = cells.force_area_code AND spoken.organisation_type_code = cells.organisation_type_code
ORDER BY cells.force_area_code, cells.organisation_type_code
