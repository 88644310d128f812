"""What data.police.uk said, as tables and marts worked out by hand."""

from __future__ import annotations

import datetime as dt
import json
import os
from html import escape as html_of
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from police_uk_service import NOON, recorded, serving

from assets.tables import models, reference_models, step
from landscape.opendata.police_uk_pull import pull_police_uk
from landscape.opendata.police_uk_text import names_someone, text_key, text_of_html
from landscape.pii_scan import Known
from landscape.staging_db import StagingDatabase, build_table, check_table, scratch_staging_db
from landscape.step import Refresh

OTHER_RECORDED = os.environ.get("LANDSCAPE_POLICE_UK", "")
CHESHIRE, DURHAM, CUMBRIA = "E23000006", "E23000008", "E23000002"
MARTS = ("police_uk_channels", "police_uk_events", "police_uk_themes")
SURGERY = recorded("leicestershire__NC04__events")[0]
HTML = recorded("leicestershire__NC04__priorities")[0]


def event(title: str | None, start: str, **more: object) -> dict[str, object]:
    return {**SURGERY, "title": title, "start_date": start, **more}


def priority(issue: str | None, on: str = "2026-09-01T00:00:00", **more: object) -> dict[str, object]:
    return {"issue": issue, "issue-date": on, "action": None, "action-date": None, **more}


@pytest.fixture(scope="module")
def pulled(tmp_path_factory, reference_paths):
    """Cheshire pulled in October and November 2026; Durham in November alone, and partly refused; ten forces never."""
    with serving() as service:
        service.force(
            "cheshire",
            [*recorded("cheshire_engagement_methods_2020-10")["engagement_methods"], {"type": "telephone", "url": ""}],
            NC04={
                "name": "Leake &amp; Keyworth",
                "detail": recorded("leicestershire__NC04"),
                "events": [
                    event("Drop In Beat Surgery", "2026-10-17T12:00:00"),
                    event("Meet PC 4512 Example", "2026-11-03T10:00:00", address=""),
                ],
                "priorities": [HTML, priority("Speeding &amp; parking"), priority("Call 0191 498 0123")],
            },
            AB12={
                "detail": recorded("policedatakit__neighbourhood-empty-force-url"),
                "events": [],
                "priorities": [recorded("policedatakit__neighbourhood-priority-no-action")],
            },
        )
        pull(reference_paths, service, NOON, ("cheshire",))
        service.bodies["/cheshire/NC04/events"] = [
            event("Meet PC 4512 Example", "2026-11-03T10:00:00"),
            event("", "no date", type=None),
        ]
        service.bodies["/cheshire/NC04/priorities"] = [
            priority("speeding and parking?"),
            priority("<p>Speeding &amp; parking</p>", action="<p>Signs put up.</p>"),
        ]
        service.force(
            "durham",
            [recorded("forces__leicestershire")["engagement_methods"][0]],
            D1={"name": "PC Example’s beat", "detail": {"population": None}},
            d1={"detail": {"id": "d1", "population": "n/a"}},
            **{"D 2": {}},
        )
        service.bodies["/durham/d1/events"] = "<html>sorry</html>"
        del service.bodies["/durham/D1/priorities"]
        pull(reference_paths, service, NOON + dt.timedelta(days=31), ("cheshire", "durham"))
    with scratch_staging_db() as con:
        yield tables_of(StagingDatabase(con, reference_paths))


@pytest.fixture(scope="module")
def reference_paths(tmp_path_factory):
    import shutil

    from marts_landscape import CHECKOUT

    from landscape.paths import ProjectPaths

    paths = ProjectPaths(tmp_path_factory.mktemp("police_uk"))
    shutil.copytree(CHECKOUT.reference, paths.reference)
    coded = f"{text_key('Speeding & parking')},LPR.ROADS,1,2026-11-02\n"
    with (paths.reference / "police_uk_codings.csv").open("a", encoding="utf-8") as stream:
        stream.write(coded)
    return paths


def pull(paths, service, now, forces):
    client = service.client(now)
    pull_police_uk(paths, client, forces, lambda: now)
    client.close()


def tables_of(staging_db):
    refresh = Refresh(staging_db, tuple)
    for each in (*(step(f"reference__{model.name}") for model in reference_models()), step("staged__police_uk")):
        each.run(refresh)
    staged = step("staged__police_uk").makes
    made = [model for model in models("marts") if model.name in MARTS]
    for model in made:
        build_table(staging_db.con, model)
    assert [failure for model in (*staged, *made) for failure in check_table(staging_db.con, model)] == []
    return staging_db.con


def rows(con, query: str):
    return con.execute(query).fetchall()


def test_an_event_keeps_the_days_it_was_first_and_last_seen_on(pulled):
    october, november = dt.date(2026, 10, 1), dt.date(2026, 11, 1)
    assert rows(
        pulled,
        "SELECT start_text, event_title, event_title_state, starts_on, first_seen_on, last_seen_on "
        "FROM staged.police_uk_events ORDER BY start_text",
    ) == [
        ("2026-10-17T12:00:00", "Drop In Beat Surgery", "value", dt.date(2026, 10, 17), october, october),
        ("2026-11-03T10:00:00", None, "withheld", dt.date(2026, 11, 3), october, november),
        ("no date", None, "blank", None, november, november),
    ]


def test_how_a_value_was_there_is_kept(pulled):
    assert rows(
        pulled,
        "SELECT neighbourhood_id, neighbourhood_name, population, population_state, description_state "
        "FROM staged.police_uk_neighbourhoods ORDER BY force_area_code, neighbourhood_id",
    ) == [
        ("AB12", "AB12", 1000, "value", "value"),
        ("NC04", "Leake & Keyworth", None, "zero", "value"),
        ("D 2", "D 2", None, "zero", "absent"),
        ("D1", None, None, "null", "absent"),
        ("d1", "d1", None, "odd", "absent"),
    ]


def test_an_error_an_empty_list_and_what_is_no_json_stay_apart(pulled):
    assert rows(
        pulled,
        "SELECT neighbourhood_id, endpoint, http_status, body_state, n_items FROM staged.police_uk_answers "
        f"WHERE force_area_code = '{DURHAM}' AND endpoint IN ('events', 'priorities') ORDER BY ALL",
    ) == [
        ("D 2", "events", 200, "empty", 0),
        ("D 2", "priorities", 200, "empty", 0),
        ("D1", "events", 200, "empty", 0),
        ("D1", "priorities", 404, "error", 0),
        ("d1", "events", 200, "unreadable", 0),
        ("d1", "priorities", 200, "empty", 0),
    ]


def test_priorities_are_told_apart_by_wording_and_date_and_kept_without_mark_up(pulled):
    found = rows(
        pulled,
        "SELECT issue_text, issue_state, action_text, first_seen_on FROM staged.police_uk_priorities "
        "WHERE neighbourhood_id = 'NC04' ORDER BY issue_text NULLS LAST",
    )
    october, november = dt.date(2026, 10, 1), dt.date(2026, 11, 1)
    assert found == [
        ("Speeding & parking", "value", "Signs put up.", october),
        (text_of_html(HTML["issue"]), "value", None, october),
        ("speeding and parking?", "value", None, november),
        (None, "withheld", None, october),
    ]


def test_no_contact_detail_and_no_name_enters_the_staging_db(pulled):
    shown = " ".join(
        str(row)
        for (table,) in rows(pulled, "SELECT schema_name || '.' || table_name FROM duckdb_tables()")
        if "police_uk" in table
        for row in rows(pulled, f"SELECT * FROM {table}")
    )
    assert "Beat Surgery" in shown
    for secret in ("@", "centralleicester", "Example", "498 0123", "Buddhist"):
        assert secret not in shown


def test_channels_are_those_of_the_latest_answer_and_ten_forces_are_not_covered(pulled):
    found = {
        (area, channel): (has, link, state)
        for area, channel, has, link, state in rows(
            pulled,
            "SELECT force_area_code, contact_channel_code, has_channel, has_link, state FROM marts.police_uk_channels",
        )
    }
    assert {channel for _, channel in found} == {"facebook", "twitter", "web", "telephone"}
    assert found[CHESHIRE, "web"] == (True, True, "value")
    assert found[CHESHIRE, "telephone"] == (True, False, "value")
    assert found[DURHAM, "facebook"] == (True, True, "value")
    assert found[DURHAM, "web"] == (False, None, "zero")
    assert found[CUMBRIA, "web"] == (None, None, "not_covered")


def test_events_by_month_tell_none_listed_from_not_asked(pulled):
    query = (
        "SELECT month_on, n_events, n_neighbourhoods_with_event, n_neighbourhoods, n_polls, state "
        "FROM marts.police_uk_events WHERE force_area_code = '{}' ORDER BY month_on"
    )
    october, november = dt.date(2026, 10, 1), dt.date(2026, 11, 1)
    assert rows(pulled, query.format(CHESHIRE)) == [(october, 1, 1, 2, 2, "value"), (november, 2, 1, 2, 2, "value")]
    assert rows(pulled, query.format(DURHAM)) == [
        (october, None, None, 2, 1, "not_covered"),
        (november, 0, 0, 2, 1, "zero"),
    ]
    assert rows(pulled, query.format(CUMBRIA)) == [
        (october, None, None, None, None, "not_covered"),
        (november, None, None, None, None, "not_covered"),
    ]


def test_themes_are_what_a_person_coded_and_the_rest_is_not_yet_coded(pulled):
    assert rows(
        pulled,
        "SELECT month_on, theme_code, theme_name, n_priorities, n_month_priorities, state FROM marts.police_uk_themes "
        f"WHERE force_area_code = '{CHESHIRE}' ORDER BY month_on, theme_code",
    ) == [
        (dt.date(2026, 10, 1), "LPR.ROADS", "Road safety and parking", 1, 4, "value"),
        (dt.date(2026, 10, 1), None, None, 3, 4, "value"),
        (dt.date(2026, 11, 1), "LPR.ROADS", "Road safety and parking", 1, 3, "value"),
        (dt.date(2026, 11, 1), None, None, 2, 3, "value"),
    ]
    assert rows(
        pulled,
        f"SELECT n_priorities, state FROM marts.police_uk_themes WHERE force_area_code IN ('{DURHAM}', '{CUMBRIA}') "
        "ORDER BY force_area_code DESC",
    ) == [(0, "zero"), (None, "not_covered")]


def test_where_nothing_was_pulled_all_twelve_are_not_covered(project):
    with scratch_staging_db() as con:
        tables_of(StagingDatabase(con, project))
        for mart in MARTS:
            assert rows(con, f"SELECT state, count(*) FROM marts.{mart} GROUP BY ALL") == [("not_covered", 12)]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One &amp; two</p>\n\n<p>three&nbsp;four</p>", "One & two\nthree four"),
        ("Leake &amp; Keyworth", "Leake & Keyworth"),
        ("a<br>b<br/>c &lt;d&gt; &#163;5", "a\nb\nc <d> £5"),
        ("<script>alert(1)</script><ul><li>x</li><li>y</li></ul>", "x\ny"),
        ("5 < 6 &amp; 7", "5 < 6 & 7"),
        ("", ""),
    ],
)
def test_mark_up_becomes_text(html, text):
    assert text_of_html(html) == text


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp"))))
def test_whatever_was_escaped_comes_back_as_it_was_written(words):
    assert text_of_html(html_of(words)) == " ".join(words.split())


@pytest.mark.parametrize(
    "text", ["Ask PCSO 7123 Example", "INSP. O’Example", "see @example_police", "Contact Alex Example", "a@b.org"]
)
def test_what_may_name_somebody_is_withheld(text):
    assert names_someone(text, Known())


@pytest.mark.parametrize(
    "text", ["Officers patrol", "Cuppa with a copper", "Speeding on the A19 in 2026", "PCSOs visit on 12 May"]
)
def test_what_names_nobody_stays(text):
    assert not names_someone(text, Known())


@pytest.mark.skipif(not OTHER_RECORDED, reason="LANDSCAPE_POLICE_UK names no folder of recorded bodies")
def test_every_recorded_body_can_be_read():
    folder = Path(OTHER_RECORDED)
    bodies = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))}
    assert bodies
    for name, body in bodies.items():
        if "priority" in name:
            text = text_of_html(body["issue"])
            assert text and "<" not in text and "&" not in text.replace(" & ", "")
    signed = bodies["policedatakit__neighbourhood-priority-html"]
    assert names_someone(text_of_html(signed["action"]), Known())
    assert not names_someone(text_of_html(signed["issue"]), Known())
