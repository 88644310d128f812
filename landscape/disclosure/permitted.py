"""What may be released from each table, as SQL on the staging database.

Levels, from most to least: REL.NAMED (the area may be named), REL.REGION (its region only), REL.UNATTRIBUTED (no place),
REL.INTERNAL (nothing). Every column of a table is written out: one that is not written here is in no release.
"""

from __future__ import annotations

FEWEST_AREAS = 3
FEWEST_SPEAKERS = 3
FEWEST_ORGANISATIONS = 2
"""A region is named only if this many of its areas were visited, with this many speakers of this many organisations."""

FEWEST_AREAS_OF_REGION_ONLY = 2
"""Rows shown for a region come from at least this many areas, or subtraction would show one area's."""

_STEPS = f"""
visited AS (
    SELECT * FROM staged.visits WHERE release_level <> 'REL.INTERNAL'
),
found AS (
    SELECT activities.*
    FROM staged.activities AS activities
    JOIN visited ON visited.visit_id = activities.visit_id
    WHERE activities.release_level <> 'REL.INTERNAL'
        AND NOT EXISTS (
            SELECT 1
            FROM staged.activity_sources AS sources
            JOIN staged.visits AS visits ON visits.visit_id = sources.visit_id
            WHERE sources.activity_id = activities.activity_id AND visits.release_level = 'REL.INTERNAL'
        )
),
said AS (
    SELECT assertions.*
    FROM staged.assertions AS assertions
    JOIN visited ON visited.visit_id = assertions.visit_id
    WHERE assertions.release_level <> 'REL.INTERNAL'
),
met AS (
    SELECT
        visited.region_name,
        visited.place_key,
        speakers.n_speakers,
        visited.place_key || coalesce(speakers.organisation_type_code, visited.organisation_type_code, '') AS organisation
    FROM visited
    LEFT JOIN staged.speakers AS speakers ON speakers.visit_id = visited.visit_id
    WHERE visited.release_level IN ('REL.NAMED', 'REL.REGION')
),
open_regions AS (
    SELECT region_name
    FROM met
    WHERE region_name IS NOT NULL
    GROUP BY region_name
    HAVING count(DISTINCT place_key) >= {FEWEST_AREAS}
        AND sum(n_speakers) >= {FEWEST_SPEAKERS}
        AND count(DISTINCT organisation) FILTER (n_speakers > 0) >= {FEWEST_ORGANISATIONS}
),
placed AS (
    SELECT 'visits' AS subject, visit_id AS id, place_key, region_name, release_level FROM visited
    UNION ALL
    SELECT 'activities', areas.activity_id, areas.place_key, areas.region_name, found.release_level
    FROM staged.activity_areas AS areas
    JOIN found ON found.activity_id = areas.activity_id
    UNION ALL
    SELECT 'challenges', assertion_id, place_key, region_name, release_level FROM said
),
several AS (
    SELECT placed.subject, placed.region_name
    FROM placed
    JOIN open_regions ON open_regions.region_name = placed.region_name
    WHERE placed.release_level = 'REL.REGION'
    GROUP BY placed.subject, placed.region_name
    HAVING count(DISTINCT placed.place_key) >= {FEWEST_AREAS_OF_REGION_ONLY}
),
-- If everything shown for the whole landscape only came from one region, elimination would find it: another joins it.
alone AS (
    SELECT placed.subject, min(placed.region_name) AS region_name
    FROM placed
    LEFT JOIN several ON several.subject = placed.subject AND several.region_name = placed.region_name
    WHERE placed.release_level = 'REL.UNATTRIBUTED'
        OR (placed.release_level = 'REL.REGION' AND several.region_name IS NULL)
    GROUP BY placed.subject
    HAVING count(DISTINCT placed.region_name) = 1 AND bool_or(placed.release_level = 'REL.REGION')
),
joining AS (
    SELECT several.subject, min(several.region_name) AS region_name
    FROM several
    JOIN alone ON alone.subject = several.subject AND alone.region_name <> several.region_name
    GROUP BY several.subject
),
shown AS (
    SELECT
        placed.subject,
        placed.id,
        placed.place_key,
        placed.release_level,
        CASE WHEN placed.release_level = 'REL.NAMED' THEN placed.place_key END AS force_area_code,
        CASE placed.release_level
            WHEN 'REL.NAMED' THEN open_regions.region_name
            WHEN 'REL.REGION' THEN CASE WHEN joining.region_name IS NULL THEN several.region_name END
        END AS region_name
    FROM placed
    LEFT JOIN open_regions ON open_regions.region_name = placed.region_name
    LEFT JOIN several ON several.subject = placed.subject AND several.region_name = placed.region_name
    LEFT JOIN joining ON joining.subject = placed.subject AND joining.region_name = placed.region_name
),
-- All areas of the region, or of the whole landscape, are withheld: one alone would show that it has something.
unnamed AS (
    SELECT DISTINCT shown.subject, areas.force_area_code
    FROM shown
    JOIN reference.force_areas AS areas ON shown.region_name IS NULL OR shown.region_name = areas.region_name
    WHERE shown.release_level <> 'REL.NAMED'
),
unnamed_visits AS (
    SELECT force_area_code FROM unnamed WHERE subject = 'visits'
    EXCEPT
    SELECT force_area_code FROM shown WHERE subject = 'visits'
),
places AS (
    SELECT alias AS place FROM reference.aliases
    UNION
    SELECT unnest([force_area_name, force_name, region_name]) FROM reference.force_areas
)
"""

_VISIT = "{0}.visit_id || '/' || {0}.release_level AS visit_id"
"""Differs by level, so that no row leads to a visit of another level, and no visit to the area of what was found there."""

_DAY = "CASE WHEN {0}.release_level = 'REL.NAMED' THEN {0}.{1} END AS {1}"
"""Only named rows have days: who was visited on a given day can often be looked up."""

_NAMED = "CASE WHEN found.release_level = 'REL.NAMED' THEN found.{0} END AS {0}"
"""Only named rows say more of an activity than its codes."""

_TEXT = (
    "CASE WHEN found.release_level = 'REL.NAMED' OR NOT EXISTS (SELECT 1 FROM places WHERE regexp_matches("
    "technologies.{0}, '\\b' || regexp_escape(places.place) || '\\b', 'i')) THEN technologies.{0} END AS {0}"
)
"""A product named after a place shows where it is in use."""

_TABLES = {
    "staged.submissions": """
        SELECT 'file ' || row_number() OVER (ORDER BY survey, file_name) AS file_name, survey, tool,
            NULL AS sha256, NULL AS n_rows, is_sample, NULL AS exported_at
        FROM staged.submissions""",
    "staged.responses": f"""
        SELECT visited.visit_id || '/' || visited.release_level AS response_id, responses.survey, NULL AS response_ref,
            responses.wave, NULL AS submitted_at, {_DAY.format("responses", "submitted_on")}, responses.status,
            NULL AS replaced_by, NULL AS person_key, responses.organisation_type_code, shown.force_area_code,
            responses.release_level, responses.is_counted, responses.is_sample, NULL AS file_name, NULL AS line
        FROM staged.responses AS responses
        JOIN visited ON visited.visit_id = responses.response_id
        JOIN shown ON shown.subject = 'visits' AND shown.id = visited.visit_id""",
    "staged.visits": f"""
        SELECT {_VISIT.format("visited")}, shown.force_area_code, visited.place_key, shown.region_name,
            visited.organisation_type_code, {_DAY.format("visited", "visited_on")}, visited.officer_model_code,
            visited.release_level, visited.is_sample
        FROM visited
        JOIN shown ON shown.subject = 'visits' AND shown.id = visited.visit_id""",
    "staged.visit_codes": f"""
        SELECT {_VISIT.format("visited")}, codes.scheme, codes.code
        FROM staged.visit_codes AS codes
        JOIN visited ON visited.visit_id = codes.visit_id""",
    "staged.speakers": f"""
        SELECT speakers.record_id, {_VISIT.format("visited")}, speakers.speaker_type_code,
            speakers.organisation_type_code, speakers.n_speakers
        FROM staged.speakers AS speakers
        JOIN visited ON visited.visit_id = speakers.visit_id""",
    "staged.activities": f"""
        SELECT found.activity_id, {_VISIT.format("found")},
            CASE WHEN found.release_level = 'REL.NAMED' THEN found.force_area_code END AS force_area_code,
            found.activity_type_code, found.participation_level_code, found.novelty_code, found.status_code,
            {_NAMED.format("delivered_by_code")}, {_NAMED.format("scale_code")}, {_NAMED.format("funding_code")},
            {_NAMED.format("started_year")}, {_NAMED.format("stopped_year")}, {_NAMED.format("stopped_why_code")},
            {_NAMED.format("adopted_from_names")}, found.evidence_design_code, found.evidence_stage_code,
            found.evidence_result_code, {_NAMED.format("evidence_seen_code")}, {_NAMED.format("evidence_objective_code")},
            found.evidence_word, found.demand_effect_code, found.release_level, found.is_sample
        FROM found""",
    # An activity is a row of its own only where it may be named; its texts only where the organisation confirmed the wording.
    "staged.listed_activities": """
        SELECT activity_id FROM found WHERE release_level = 'REL.NAMED'""",
    "staged.activity_texts": """
        SELECT texts.activity_id, texts.text_kind, NULL AS record_id, texts.words, texts.text_state
        FROM staged.activity_texts AS texts
        JOIN found ON found.activity_id = texts.activity_id
        WHERE found.release_level = 'REL.NAMED' AND texts.text_state = 'confirmed'""",
    "staged.quotations": f"""
        SELECT quotations.record_id, {_VISIT.format("visited")}, quotations.words, quotations.activity_type_code,
            quotations.challenge_code, quotations.speaker_type_code, quotations.permission_given_code,
            quotations.text_state, quotations.release_level, quotations.is_sample
        FROM staged.quotations AS quotations
        JOIN visited ON visited.visit_id = quotations.visit_id
        WHERE visited.release_level = 'REL.NAMED' AND quotations.text_state = 'confirmed'""",
    "staged.activity_sources": f"""
        SELECT found.activity_id, {_VISIT.format("found")}, sources.source_record_id, sources.source_key, sources.source_number
        FROM staged.activity_sources AS sources
        JOIN found ON found.activity_id = sources.activity_id""",
    "staged.activity_areas": """
        SELECT areas.activity_id, shown.force_area_code, areas.place_key, shown.region_name, areas.is_lead
        FROM staged.activity_areas AS areas
        JOIN shown ON shown.subject = 'activities' AND shown.id = areas.activity_id AND shown.place_key = areas.place_key""",
    "staged.activity_codes": """
        SELECT codes.activity_id, codes.scheme, codes.code, codes.is_primary, codes.coding_basis, codes.coder, NULL AS coded_by
        FROM staged.activity_codes AS codes
        JOIN found ON found.activity_id = codes.activity_id""",
    "staged.assertions": f"""
        SELECT said.assertion_id, {_VISIT.format("said")}, said.challenge_code, said.speaker_type_code,
            shown.force_area_code, said.place_key, shown.region_name, {_DAY.format("said", "said_on")},
            said.release_level, said.is_sample
        FROM said
        JOIN shown ON shown.subject = 'challenges' AND shown.id = said.assertion_id
            AND shown.place_key IS NOT DISTINCT FROM said.place_key""",
    "staged.technologies": f"""
        SELECT technologies.technology_id, technologies.activity_id, {_TEXT.format("product_name")},
            {_TEXT.format("supplier")}, technologies.since_year, technologies.n_members_reached,
            technologies.reach_measure_code, technologies.cost_band_code, technologies.cost_covers_code,
            technologies.staff_hours_code,
            CASE WHEN found.release_level = 'REL.NAMED' THEN technologies.contract_ends_on END AS contract_ends_on,
            CASE WHEN found.release_level = 'REL.NAMED' THEN technologies.next_step_code END AS next_step_code,
            technologies.contact_data_holder_code, technologies.is_sample
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
    "staged.withheld_areas": """
        SELECT force_area_code, subject FROM unnamed
        UNION
        SELECT force_area_code, 'other_visits' FROM unnamed WHERE subject = 'visits'
        UNION
        SELECT unnamed_visits.force_area_code, subjects.subject
        FROM unnamed_visits
        CROSS JOIN (VALUES ('activities'), ('challenges')) AS subjects (subject)""",
}

PERMITTED = {table: f"WITH {_STEPS} {select}" for table, select in _TABLES.items()}
"""The SELECT of what may be released, for each staged table in a release; other staged tables are in no release."""
