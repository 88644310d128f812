"""What may be released from each table, as SQL on the staging database: rows that may name their area, and nothing else.

Levels: REL.NAMED (the area may be named), REL.WHOLE (without place: of the whole landscape only), REL.INTERNAL (nothing).
No row that may not be named is in a release, in any form; of all of them together it knows, for an objective or a challenge,
whether it reaches at least three other areas. Every column of a table is written out: one that is not written here is in no
release.
"""

from __future__ import annotations

FEWEST_ELSEWHERE = 3
"""Beyond the named areas a release says only: fewer than this, nought included, or this many or more."""

FEWEST_NOT_NAMED = 6
"""And only where at least this many areas are named as visited and not for that code: any of them may have it or not."""

TOLD_OF = ("objective", "challenge")

_STEPS = """
visited AS (
    SELECT * FROM staged.visits WHERE release_level = 'REL.NAMED'
),
internal AS (
    SELECT visit_id FROM staged.visits WHERE release_level = 'REL.INTERNAL'
),
-- What was found or said at a visit for the team only is for the team only.
known AS (
    SELECT activities.*
    FROM staged.activities AS activities
    WHERE activities.release_level <> 'REL.INTERNAL'
        AND activities.visit_id NOT IN (SELECT visit_id FROM internal)
        AND NOT EXISTS (
            SELECT 1
            FROM staged.activity_sources AS sources
            JOIN internal ON internal.visit_id = sources.visit_id
            WHERE sources.activity_id = activities.activity_id
        )
),
asserted AS (
    SELECT *
    FROM staged.assertions
    WHERE release_level <> 'REL.INTERNAL' AND visit_id NOT IN (SELECT visit_id FROM internal)
),
found AS (
    SELECT * FROM known WHERE release_level = 'REL.NAMED'
),
-- Of an activity that an unnamed visit reported, nothing says which of its areas was visited.
areas AS (
    SELECT
        places.activity_id, places.force_area_code, places.place_key, places.region_name,
        places.is_lead AND visited.visit_id IS NOT NULL AS is_lead
    FROM staged.activity_areas AS places
    JOIN found ON found.activity_id = places.activity_id
    LEFT JOIN visited ON visited.visit_id = found.visit_id
),
said AS (
    SELECT * FROM asserted WHERE release_level = 'REL.NAMED'
)
"""

_ELSEWHERE = f"""
reached AS (
    SELECT codes.scheme, codes.code, areas.place_key, known.release_level
    FROM staged.activity_codes AS codes
    JOIN known ON known.activity_id = codes.activity_id
    JOIN staged.activity_areas AS areas ON areas.activity_id = codes.activity_id
    WHERE codes.scheme <> 'objective' OR codes.coding_basis = 'stated'
    UNION ALL
    SELECT 'challenge', challenge_code, place_key, release_level FROM asserted
),
by_area AS (
    SELECT scheme, code, place_key, bool_or(release_level = 'REL.NAMED') AS is_named
    FROM reached
    WHERE place_key IS NOT NULL
    GROUP BY scheme, code, place_key
),
not_named AS (
    SELECT codes.scheme, codes.code, count(DISTINCT visited.place_key) AS n_areas
    FROM reference.codebook AS codes
    CROSS JOIN visited
    LEFT JOIN by_area
        ON by_area.scheme = codes.scheme AND by_area.code = codes.code AND by_area.place_key = visited.place_key
    WHERE codes.scheme IN {TOLD_OF} AND NOT coalesce(by_area.is_named, false)
    GROUP BY codes.scheme, codes.code
)
SELECT
    not_named.scheme,
    not_named.code,
    CASE
        WHEN count(by_area.place_key) FILTER (NOT by_area.is_named) >= {FEWEST_ELSEWHERE}
            THEN '{FEWEST_ELSEWHERE} areas or more'
        ELSE 'fewer than {FEWEST_ELSEWHERE} areas'
    END AS elsewhere
FROM not_named
LEFT JOIN by_area ON by_area.scheme = not_named.scheme AND by_area.code = not_named.code
WHERE not_named.n_areas >= {FEWEST_NOT_NAMED}
GROUP BY not_named.scheme, not_named.code
"""

_TABLES = {
    "staged.submissions": """
        SELECT 'file ' || row_number() OVER (ORDER BY survey, file_name) AS file_name, survey, tool,
            NULL AS sha256, NULL AS n_rows, is_sample, NULL AS exported_at
        FROM staged.submissions""",
    "staged.responses": """
        SELECT responses.response_id, responses.survey, NULL AS response_ref, responses.wave, NULL AS submitted_at,
            responses.submitted_on, responses.status, NULL AS replaced_by, NULL AS person_key,
            responses.organisation_type_code, responses.force_area_code, responses.release_level, responses.is_counted,
            responses.is_sample, NULL AS file_name, NULL AS line
        FROM staged.responses AS responses
        JOIN visited ON visited.visit_id = responses.response_id""",
    "staged.visits": """
        SELECT visit_id, force_area_code, place_key, region_name, organisation_type_code, visited_on, officer_model_code,
            release_level, is_sample
        FROM visited""",
    "staged.visit_codes": """
        SELECT codes.visit_id, codes.scheme, codes.code
        FROM staged.visit_codes AS codes
        JOIN visited ON visited.visit_id = codes.visit_id""",
    "staged.speakers": """
        SELECT speakers.record_id, speakers.visit_id, speakers.speaker_type_code, speakers.organisation_type_code,
            speakers.n_speakers
        FROM staged.speakers AS speakers
        JOIN visited ON visited.visit_id = speakers.visit_id""",
    "staged.activities": """
        SELECT activity_id, visit_id,
            (
                SELECT min_by(areas.force_area_code, (areas.is_lead IS NOT TRUE, areas.force_area_code))
                FROM areas
                WHERE areas.activity_id = found.activity_id
            ) AS force_area_code,
            activity_type_code, participation_level_code, novelty_code, status_code, delivered_by_code, scale_code,
            funding_code, started_year, stopped_year, stopped_why_code, adopted_from_names, evidence_design_code,
            evidence_stage_code, evidence_result_code, evidence_seen_code, evidence_objective_code, evidence_word,
            demand_effect_code, release_level, is_sample
        FROM found""",
    # Texts are shown only where the organisation confirmed that very wording.
    "staged.activity_texts": """
        SELECT texts.activity_id, texts.text_kind, NULL AS record_id, texts.words, texts.text_state
        FROM staged.activity_texts AS texts
        JOIN found ON found.activity_id = texts.activity_id
        WHERE texts.text_state = 'confirmed'""",
    "staged.quotations": """
        SELECT quotations.record_id, quotations.visit_id, quotations.words, quotations.activity_type_code,
            quotations.challenge_code, quotations.speaker_type_code, quotations.permission_given_code,
            quotations.text_state, quotations.release_level, quotations.is_sample
        FROM staged.quotations AS quotations
        JOIN visited ON visited.visit_id = quotations.visit_id
        WHERE quotations.text_state = 'confirmed'""",
    # Of two offices that reported one activity, an unnamed one is not counted as a source.
    "staged.activity_sources": """
        SELECT sources.activity_id, sources.visit_id, sources.source_record_id, sources.source_key, sources.source_number
        FROM staged.activity_sources AS sources
        JOIN found ON found.activity_id = sources.activity_id
        LEFT JOIN visited ON visited.visit_id = sources.visit_id
        WHERE visited.visit_id IS NOT NULL OR sources.visit_id = found.visit_id""",
    "staged.activity_areas": """
        SELECT activity_id, force_area_code, place_key, region_name, is_lead FROM areas""",
    "staged.activity_codes": """
        SELECT codes.activity_id, codes.scheme, codes.code, codes.is_primary, codes.coding_basis, codes.coder, NULL AS coded_by
        FROM staged.activity_codes AS codes
        JOIN found ON found.activity_id = codes.activity_id""",
    "staged.assertions": """
        SELECT assertion_id, visit_id, challenge_code, speaker_type_code, force_area_code, place_key, region_name, said_on,
            release_level, is_sample
        FROM said""",
    "staged.technologies": """
        SELECT technologies.technology_id, technologies.activity_id, technologies.product_name, technologies.supplier,
            technologies.since_year, technologies.n_members_reached, technologies.reach_measure_code,
            technologies.cost_band_code, technologies.cost_covers_code, technologies.staff_hours_code,
            technologies.contract_ends_on, technologies.next_step_code, technologies.contact_data_holder_code,
            technologies.is_sample
        FROM staged.technologies AS technologies
        JOIN found ON found.activity_id = technologies.activity_id""",
    # Published by the police themselves. Texts are left out: the counts do not need them.
    "staged.police_uk_answers": """
        SELECT pull, force_area_code, endpoint, neighbourhood_id, http_status, fetched_on, body_state, n_items
        FROM staged.police_uk_answers""",
    "staged.police_uk_methods": """
        SELECT pull, force_area_code, method_number, fetched_on, contact_channel_code, link_state, has_link
        FROM staged.police_uk_methods""",
    "staged.police_uk_events": """
        SELECT event_id, force_area_code, neighbourhood_id, NULL AS event_title, event_title_state, event_type, start_text,
            starts_on, address_state, description_state, first_seen_on, last_seen_on
        FROM staged.police_uk_events""",
    "staged.police_uk_priorities": """
        SELECT priority_id, force_area_code, neighbourhood_id, text_key, NULL AS issue_text, issue_state, issue_on,
            NULL AS action_text, action_state, action_on, first_seen_on, last_seen_on
        FROM staged.police_uk_priorities""",
    "staged.not_said_areas": """
        SELECT areas.force_area_code, subjects.subject
        FROM reference.force_areas AS areas
        CROSS JOIN (VALUES ('visits'), ('other_visits'), ('activities'), ('challenges')) AS subjects (subject)""",
}

PERMITTED = {
    **{table: f"WITH {_STEPS} {select}" for table, select in _TABLES.items()},
    "staged.elsewhere": f"WITH {_STEPS}, {_ELSEWHERE}",
}
"""The SELECT of what may be released, for each staged table in a release; other staged tables are in no release."""
