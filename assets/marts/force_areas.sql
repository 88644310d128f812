-- What do we know about each force area? One row each, with its coverage first.
WITH made AS (
    SELECT
        visits.force_area_code,
        count(*) AS n_visits,
        count(*) FILTER (visits.organisation_type_code = 'ORG.FORCE') AS n_force_visits,
        count(*) FILTER (visits.organisation_type_code = 'ORG.OPCC') AS n_commissioner_visits,
        min(visits.visited_on) AS first_visited_on,
        max(visits.visited_on) AS last_visited_on
    FROM staged.visits AS visits
    GROUP BY visits.force_area_code
),
met AS (
    SELECT visits.force_area_code, sum(speakers.n_speakers) AS n_speakers
    FROM staged.speakers AS speakers
    JOIN staged.visits AS visits ON visits.visit_id = speakers.visit_id
    GROUP BY visits.force_area_code
),
found AS (
    SELECT force_area_code, count(*) AS n_activities FROM staged.activity_areas GROUP BY force_area_code
),
asserted AS (
    SELECT force_area_code, count(*) AS n_challenges FROM staged.assertions GROUP BY force_area_code
),
joined AS (
    SELECT force_area_code, sum(n_members) AS n_members FROM marts.network_by_area GROUP BY force_area_code
),
answered AS (
    SELECT force_area_code, count(*) AS n_responses
    FROM staged.responses
    WHERE is_counted AND survey <> 'force_visits'
    GROUP BY force_area_code
),
unsaid AS (
    SELECT
        force_area_code,
        bool_or(subject = 'visits') AS is_visits,
        bool_or(subject IN ('visits', 'other_visits')) AS is_other_visits,
        bool_or(subject = 'activities') AS is_activities,
        bool_or(subject = 'challenges') AS is_challenges
    FROM staged.not_said_areas
    GROUP BY force_area_code
),
governed AS (
    SELECT force_area_code, body_name
    FROM reference.governing_bodies
    WHERE DATE '2017-05-09' BETWEEN coalesce(valid_from, DATE '1900-01-01') AND coalesce(valid_to, DATE '9999-12-31')
)
SELECT
    areas.force_area_code,
    areas.force_area_name,
    areas.force_name,
    areas.region_name,
    governed.body_name AS governing_body_name,
    population.population,
    coalesce(made.n_visits, CASE WHEN unsaid.is_visits THEN NULL ELSE 0 END) AS n_visits,
    CASE
        WHEN made.n_force_visits > 0 THEN made.n_force_visits
        WHEN unsaid.is_other_visits THEN NULL
        ELSE 0
    END AS n_force_visits,
    CASE
        WHEN made.n_commissioner_visits > 0 THEN made.n_commissioner_visits
        WHEN unsaid.is_other_visits THEN NULL
        ELSE 0
    END AS n_commissioner_visits,
    coalesce(met.n_speakers, CASE WHEN made.n_visits IS NULL AND unsaid.is_visits THEN NULL ELSE 0 END) AS n_speakers,
    made.first_visited_on,
    made.last_visited_on,
    coalesce(found.n_activities, CASE WHEN unsaid.is_activities THEN NULL ELSE 0 END) AS n_activities,
    coalesce(asserted.n_challenges, CASE WHEN unsaid.is_challenges THEN NULL ELSE 0 END) AS n_challenges,
    coalesce(joined.n_members, 0) AS n_members,
    coalesce(answered.n_responses, 0) AS n_responses,
    made.n_visits IS NOT NULL AS is_visited,
    CASE
        WHEN made.n_visits IS NOT NULL THEN 'value'
        WHEN coalesce(unsaid.is_visits, false) THEN 'not_said'
        ELSE 'not_covered'
    END AS visits_state,
    CASE
        WHEN coalesce(found.n_activities, 0) > 0 THEN 'value'
        WHEN coalesce(unsaid.is_activities, false) THEN 'not_said'
        WHEN made.n_visits IS NOT NULL THEN 'zero'
        ELSE 'not_covered'
    END AS state,
    (SELECT coalesce(bool_or(is_sample), false) FROM staged.submissions) AS is_sample
FROM reference.force_areas AS areas
JOIN reference.population AS population
    ON population.force_area_code = areas.force_area_code AND population.mid_year = 2017
LEFT JOIN governed ON governed.force_area_code = areas.force_area_code
LEFT JOIN unsaid ON unsaid.force_area_code = areas.force_area_code
LEFT JOIN made ON made.force_area_code = areas.force_area_code
LEFT JOIN met ON met.force_area_code = areas.force_area_code
LEFT JOIN found ON found.force_area_code = areas.force_area_code
LEFT JOIN asserted ON asserted.force_area_code = areas.force_area_code
LEFT JOIN joined ON joined.force_area_code = areas.force_area_code
LEFT JOIN answered ON answered.force_area_code = areas.force_area_code
ORDER BY areas.force_area_code
