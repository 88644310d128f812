"""The made-up sample, counted from the files themselves."""

from __future__ import annotations

import csv
import datetime as dt
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sample import SAMPLE_SEED, write_sample
from shipped import CHECKOUT, SURVEYS

from landscape.paths import ProjectPaths
from landscape.surveys.contract import hold
from landscape.surveys.definition import Survey
from landscape.surveys.dialects import dialect_of
from landscape.surveys.invited import is_invited_list, read_invited
from landscape.surveys.received import received_files

COMMITTED = CHECKOUT.sample
Rows = list[dict[str, object]]


@pytest.fixture(scope="module")
def surveys() -> tuple[Survey, ...]:
    return tuple(SURVEYS.values())


@pytest.fixture(scope="module", params=[SAMPLE_SEED, 7, 99])
def sample(request, surveys, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    write_sample(surveys, folder, request.param)
    return folder


def sheet_rows(path: Path, sheet: str, heading_row: int) -> Rows:
    headings, *rows = load_workbook(path)[sheet].iter_rows(min_row=heading_row, values_only=True)
    skipped = 1 if heading_row == 1 and sheet != "Sheet1" else 0  # the row of wordings below the names
    return [dict(zip(headings, row, strict=True)) for row in rows[skipped:]]


def signups(folder: Path) -> Rows:
    return sheet_rows(folder / "network_signup" / "SAMPLE-network_signup.xlsx", "Sheet1", 1)


def priorities(folder: Path) -> list[dict[str, str]]:
    path = folder / "priority_survey" / "SAMPLE-priority_survey.csv"
    with path.open(encoding="utf-8-sig", newline="") as stream:
        headings, *rows = csv.reader(stream)
    return [dict(zip(headings, row, strict=True)) for row in rows]


def visits(folder: Path, sheet: str) -> Rows:
    return sheet_rows(folder / "force_visits" / "SAMPLE-force_visits.xlsx", sheet, 1)


def heading(rows, beginning: str) -> str:
    return next(name for name in rows[0] if name and re.sub(r"^\d+\. ", "", name).startswith(beginning))


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(surveys, tmp_path):
    first = write_sample(surveys, tmp_path / "a", 5)
    again = write_sample(surveys, tmp_path / "b", 5)
    other = write_sample(surveys, tmp_path / "c", 6)
    assert [path.relative_to(tmp_path / "a").as_posix() for path in first] == [
        "force_visits/SAMPLE-force_visits.xlsx",
        "SAMPLE-approvals.csv",
        "network_signup/SAMPLE-network_signup.xlsx",
        "network_signup/SAMPLE-invited.csv",
        "priority_survey/SAMPLE-priority_survey.csv",
    ]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in again]
    assert all(path.read_bytes() != then.read_bytes() for path, then in zip(first, other, strict=True))


def test_the_committed_sample_is_what_its_seed_gives(surveys, tmp_path):
    for path in write_sample(surveys, tmp_path, SAMPLE_SEED):
        committed = COMMITTED / path.relative_to(tmp_path)
        assert path.read_bytes() == committed.read_bytes(), f"run python tests/write_sample.py: {committed.name}"


def test_each_file_is_what_its_tool_writes_and_fits_its_questionnaire(surveys, sample):
    for survey in surveys:
        (path,) = (path for path in (sample / survey.name).iterdir() if not is_invited_list(path))
        dialect = dialect_of(path, survey.tool)
        columns = hold(dialect.read(path, survey.asked), survey, path).columns
        found = {question.name for sheet in columns.values() for question in sheet.values()}
        assert found == set(survey.form.by_name)


def test_as_many_were_invited_as_came_to_the_showcase_and_not_all_answered(surveys, sample):
    (survey,) = (survey for survey in surveys if survey.name == "network_signup")
    invited = read_invited(sample / "network_signup" / "SAMPLE-invited.csv", "data/sample/x/SAMPLE-invited.csv", survey)
    emails = [row.email for row in invited.invitations]
    assert len(set(emails)) == 71
    assert invited.is_sample
    assert all(email.endswith("@example.org") for email in emails)
    answered = {str(row["Your e-mail address"]).lower() for row in signups(sample)}
    assert 0 < len(answered.intersection(emails)) < len(answered)


def test_the_sample_stands_in_where_nothing_was_received(surveys, tmp_path):
    shutil.copytree(COMMITTED, tmp_path / "data" / "sample")
    received = received_files(ProjectPaths(tmp_path), surveys)
    assert [file.survey.name for file in received] == ["force_visits", "network_signup", "priority_survey"]
    assert all(file.is_sample and file.name.startswith("data/sample/") for file in received)


def test_every_row_is_marked(sample):
    numbers = [row["ID"] for row in signups(sample)]
    numbers += [row["Unique Response Number"] for row in priorities(sample)]
    numbers += [row["record"] for sheet in ("force_visits", "activities") for row in visits(sample, sheet)]
    for sheet in ("activities", "cards", "products", "challenges", "quotations"):
        numbers += [row["belongs_to"] for row in visits(sample, sheet)]
    assert len(numbers) > 250
    assert all(str(number).startswith("SAMPLE-") for number in numbers)


def test_people_are_nobody(sample):
    rows = signups(sample)
    assert all(str(row["Your e-mail address"]).lower().endswith("@example.org") for row in rows)
    surnames = {str(row["Your name"]).rpartition(" ")[2] for row in rows}
    assert surnames == {"Sample", "Example", "Placeholder", "Madeup", "test"}
    telephones = [row["Your telephone number (optional)"] for row in rows]
    given = [str(number) for number in telephones if number is not None]
    assert given
    assert all(re.fullmatch(r"07700 900\d{3}", number) for number in given)


def test_the_mess_in_the_signups(sample):
    rows = signups(sample)
    assert len(rows) == 52
    assert {row["Email"] for row in rows} == {"anonymous"}
    assert {row["Name"] for row in rows} == {None}
    assert all(isinstance(row["Completion time"], dt.datetime) for row in rows)
    topics = heading(rows, "Which topics")
    assert all(str(row[topics]).endswith(";") for row in rows)

    numbers = [int(str(row["ID"]).removeprefix("SAMPLE-")) for row in rows]
    assert numbers == sorted(set(numbers))
    assert max(numbers) - len(numbers) == 3  # deleted by the tool

    trial = [row for row in rows if row["Your name"] == "test"]
    assert [row["Your organisation"] for row in trial] == ["test"]
    people = [row for row in rows if row not in trial]
    spelt = Counter(str(row["Your e-mail address"]) for row in people)
    persons = Counter(str(row["Your e-mail address"]).lower() for row in people)
    assert sorted(persons.values())[-3:] == [1, 2, 2]
    assert set(spelt.values()) == {1}  # the second time in capitals

    latest = {str(row["Your e-mail address"]).lower(): row for row in people}
    no, joining = "No", heading(rows, "Would you like to join")
    assert sum(row[joining] == no for row in latest.values()) == 3
    keeping = heading(rows, "May we keep your details")
    members = [row for row in latest.values() if row[joining] == "Yes" and row[keeping] == "Yes"]
    assert len(members) == 45
    assert sum(row[heading(rows, "Did you attend")] == no for row in rows) == 6


def test_areas_and_topics_in_own_words(surveys, sample):
    rows = signups(sample)
    signup = next(survey for survey in surveys if survey.name == "network_signup").questionnaire.by_name
    areas = Counter(row[signup["force_area"].label] for row in rows)
    listed = {option.label for option in signup["force_area"].options}
    typed = {area: n for area, n in areas.items() if area is not None and area not in listed}
    assert typed == dict.fromkeys(
        ("Northumberland Police", "GMP", "West Yorks Police", "cleveland police ", "Teesside"), 1
    )
    assert areas[None] > 0
    topics = {option.label for option in signup["topics"].options}
    own = [part for row in rows for part in str(row[signup["topics"].label]).split(";") if part and part not in topics]
    assert own == ["Made-up topic: engagement after dark"]


def test_the_mess_in_the_priorities(surveys, sample):
    rows = priorities(sample)
    survey = next(survey for survey in surveys if survey.name == "priority_survey")
    assert len(rows) == 47
    partial = [row for row in rows if not row["Completion Date"]]
    assert len(partial) == 3
    numbers = Counter(row["Unique Response Number"] for row in rows)
    (twice,) = [number for number, n in numbers.items() if n == 2]
    first, second = [row for row in rows if row["Unique Response Number"] == twice]
    assert first == second
    assert sum(row["Unique Response Number"] in survey.test_responses for row in rows) == 1
    closes_on = survey.waves[0].closes_on
    completed = [row["Completion Date"].split()[0].split("/")[::-1] for row in rows if row["Completion Date"]]
    assert sum("-".join(day) > closes_on.isoformat() for day in completed) == 1

    own_words = [value for row in rows for name, value in row.items() if "please specify" in name and value]
    assert own_words == ["Made-up topic: engagement after dark"]
    assert sum(row[heading(rows, "May we use your answers")] == "No" for row in rows) == 1


def test_the_traps_in_the_priorities(sample):
    path = sample / "priority_survey" / "SAMPLE-priority_survey.csv"
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbfUnique Response Number,,1. What type")
    assert content.count(b"\r\n") == 48  # the headings and 47 rows; the line break inside a cell is a bare one
    why = Counter(
        row[heading(priorities(sample), "Why are these your priorities for future events")]
        for row in priorities(sample)
    )
    for trap in (
        "lines:\n",
        'told "just engage"',
        '=HYPERLINK("http://example.org")',
        "<script>alert(1)</script>",
    ):
        assert any(trap in answer for answer in why), trap
    assert b'"Working with wardens, mediators and other intermediaries' in content


def test_the_visits(sample):
    made = visits(sample, "force_visits")
    assert [row["record"] for row in made] == [f"SAMPLE-V{number:02}" for number in range(1, 14)]
    visited = Counter(row["force_area"] for row in made)
    assert len(visited) == 9
    assert not {"Cleveland", "Cumbria", "Humberside"} & set(visited)
    pairs = {(row["force_area"], row["organisation_type"]) for row in made}
    both = [area for area, n in visited.items() if n == 2]
    assert len(pairs) == 13
    assert len(both) == 4
    assert all(isinstance(row["visited_on"], dt.datetime) for row in made)

    activities = visits(sample, "activities")
    assert len(activities) == 45
    found = Counter(row["belongs_to"] for row in activities)
    (without,) = [row for row in made if not found[row["record"]]]
    assert visited[without["force_area"]] == 1  # a visited area whose zero is a true one
    kinds = [name for name in made[0] if str(name).startswith("speakers_")]
    n_speakers = sum(int(str(row[kind] or 0)) for row in made for kind in kinds)
    assert 45 <= n_speakers <= 70
    assert len(visits(sample, "challenges")) == 30


def ticked(row: dict[str, object], question: str) -> set[str]:
    """The codes ticked in the columns of a question with several answers."""
    return {str(name).partition("/")[2] for name, cell in row.items() if cell and str(name).startswith(f"{question}/")}


def test_the_activities(sample):
    activities, cards = visits(sample, "activities"), visits(sample, "cards")
    codes = {option.label: option.code for option in SURVEYS["force_visits"].form.by_name["primary_objective"].options}
    for row in activities:
        others = ticked(row, "other_objectives")
        assert len(others) <= 3
        assert codes[str(row["primary_objective"])] not in others
    in_several = [n for row in cards if (n := len(ticked(row, "activity_areas")))]
    assert len(in_several) == 5
    assert set(in_several) <= {2, 3}
    messaging = [row["record"] for row in activities if row["activity_type"] == "Community messaging system"]
    assert Counter(row["belongs_to"] for row in visits(sample, "products")) == dict.fromkeys(messaging, 1)
    assert all(str(row["product_name"]).startswith("SAMPLE ") for row in visits(sample, "products"))
    for unknown in ("novelty", "evidence_design"):
        assert any(row[unknown] is None for row in activities)
    assert any(row["started_year"] is None for row in cards)


def test_every_activity_has_a_line_and_at_most_three_of_a_visit_a_card(sample):
    visit_of = {row["record"]: row["belongs_to"] for row in visits(sample, "activities")}
    cards = Counter(visit_of[row["belongs_to"]] for row in visits(sample, "cards"))
    assert max(cards.values()) == 3
    assert set(cards) == set(visit_of.values())


def test_texts_are_made_up_and_decided_about_as_in_a_real_round(sample):
    texts = [row[name] for row in visits(sample, "cards") for name in ("summary", "lesson") if row[name]]
    texts += [row["quotation"] for row in visits(sample, "quotations")]
    assert all(str(text).startswith("Made up: ") for text in texts)
    assert all(
        len(str(row["summary"])) <= 400 and len(str(row["lesson"] or "")) <= 300 for row in visits(sample, "cards")
    )
    assert all(str(row["public_name"]).startswith("Made-up ") for row in visits(sample, "activities"))
    with (sample / "SAMPLE-approvals.csv").open(encoding="utf-8") as stream:
        decided = list(csv.DictReader(stream))
    states: dict[str, set[str]] = {}
    for row in decided:
        state = "refused" if row["may_print"] == "no" else "confirmed" if row["confirmed_on"] else "approved"
        states.setdefault(row["record"].split("/")[2], set()).add(state)
    n_of = Counter(state for (state,) in states.values())  # an office decides about all its texts alike
    assert n_of["refused"] == 2
    assert n_of["confirmed"] > n_of["approved"] > 0


def test_the_committed_sample_shows_every_kind_of_novelty():
    activities = visits(COMMITTED, "activities")
    assert {row["novelty"] for row in activities} == {
        None,
        "Routine",
        "New to this force",
        "New to the North",
        "New to policing",
    }
    assert "Stopped" in {row["status"] for row in activities}
    assert any(row["stopped_year"] and row["stopped_why"] for row in visits(COMMITTED, "cards"))
    messaging = [row for row in activities if row["activity_type"] == "Community messaging system"]
    codes = {option.label: option.code for option in SURVEYS["force_visits"].form.by_name["primary_objective"].options}
    pair = {"OBJ.INFORM", "OBJ.INVRES"}
    together = [
        row for row in messaging if pair <= {codes[str(row["primary_objective"])], *ticked(row, "other_objectives")}
    ]
    assert len(together) > len(messaging) / 2
