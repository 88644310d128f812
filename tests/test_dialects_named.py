"""What Kobo, ODK Central, LimeSurvey and REDCap write is read back whole."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from dialect_cases import SAVED, save_again
from exports import WRITERS
from hypothesis import given, settings
from named_dialect_cases import cases, laid_out, read_back, received, whole_response

from landscape.surveys.dialects import kobotoolbox, limesurvey, odk_central, redcap
from landscape.surveys.export import Sheet

LONDON = ZoneInfo("Europe/London")
ENOUGH = settings(deadline=None)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("exports")


def times(sheet: Sheet, role: str) -> list[dt.datetime | None]:
    at = sheet.position(role)
    return [dt.datetime.fromisoformat(row.cells[at]) if row.cells[at] else None for row in sheet.rows]


def in_utc(moment: dt.datetime | None) -> dt.datetime | None:
    return moment and moment.replace(tzinfo=LONDON).astimezone(dt.UTC).replace(tzinfo=None)


@ENOUGH
@given(cases(), cases(depth=2), SAVED)
def test_kobotoolbox_is_read_as_it_was_written(folder, flat, repeated, saved):
    for variant in WRITERS["kobotoolbox"].VARIANTS:
        kind = variant.split("_")[0]
        survey, responses = flat if kind == "csv" else repeated
        if variant.endswith("details"):
            responses = [*responses, whole_response(survey)]
        path = folder / f"kobo.{kind}"
        WRITERS["kobotoolbox"].write(survey, responses, path, variant)
        if kind == "csv":
            save_again(path, saved)
        file = received(path, survey, kobotoolbox)
        export = file.export
        empty = "lost" if variant.endswith(("summary", "json")) else "kept"
        assert read_back(file) == laid_out(survey, responses, empty), variant
        assert times(export.sheets[0], "completed_at") == [in_utc(r.completed_at) for r in responses]
        assert times(export.sheets[0], "started_at") == [in_utc(r.started_at) for r in responses]
        assert export.time_zone == "UTC"


@ENOUGH
@given(cases(), cases(depth=2), SAVED)
def test_odk_central_is_read_as_it_was_written(folder, flat, repeated, saved):
    for variant in WRITERS["odk_central"].VARIANTS:
        kind = variant.split("_")[0]
        survey, responses = flat if kind == "csv" else repeated
        path = folder / f"odk.{kind.replace('odata', 'json')}"
        WRITERS["odk_central"].write(survey, responses, path, variant)
        if kind == "csv":
            save_again(path, saved)
        file = received(path, survey, odk_central)
        export = file.export
        assert read_back(file) == laid_out(survey, responses, "lost"), variant
        assert times(export.sheets[0], "completed_at") == [in_utc(r.completed_at) for r in responses]
        assert times(export.sheets[0], "started_at") == [in_utc(r.started_at) for r in responses]


@ENOUGH
@given(cases(), SAVED)
def test_limesurvey_is_read_as_it_was_written(folder, case, saved):
    survey, responses = case
    for variant in WRITERS["limesurvey"].VARIANTS:
        path = folder / "lime.csv"
        WRITERS["limesurvey"].write(survey, responses, path, variant)
        if variant != "json":
            save_again(path, saved)
        file = received(path, survey, limesurvey)
        export = file.export
        says_nothing = variant in ("code", "json")
        expected = laid_out(survey, responses, "lost" if says_nothing else "kept")
        found = read_back(file)
        if says_nothing:  # what it then means that nothing is ticked, tests of their own say
            for _, (answered, _) in found:
                for name in [name for name, value in answered.items() if value == []]:
                    del answered[name]
        assert found == expected, variant
        assert times(export.sheets[0], "completed_at") == [r.completed_at for r in responses]
        assert export.time_zone is None


@ENOUGH
@given(cases(), cases(depth=1), SAVED)
def test_redcap_is_read_as_it_was_written(folder, flat, repeated, saved):
    for variant in WRITERS["redcap"].VARIANTS:
        for survey, responses in (flat, repeated) if variant != "labels" else (flat,):
            path = folder / "redcap.csv"
            WRITERS["redcap"].write(survey, responses, path, variant)
            save_again(path, saved)
            if survey.questionnaire.repeats and not any(response.parts for response in responses):
                continue  # nothing in such a file tells a repeating instrument from a form never opened
            file = received(path, survey, redcap)
            export = file.export
            assert read_back(file) == laid_out(survey, responses, "lost", has_words=variant != "labels"), variant
            assert times(export.sheets[0], "completed_at") == [r.completed_at for r in responses]


@pytest.mark.parametrize("dialect", [kobotoolbox, odk_central, limesurvey, redcap])
@settings(max_examples=25, deadline=None)
@given(cases(), SAVED)
def test_an_empty_row_stays_an_empty_row(folder, dialect, case, saved):
    survey, responses = case
    variant = next(name for name in WRITERS[dialect.NAME].VARIANTS if name.startswith(("csv", "code", "raw")))
    path = folder / "empty.csv"
    WRITERS[dialect.NAME].write(survey, responses, path, variant)
    n_before, n_columns = len(dialect.read(path).sheets[0].rows), len(dialect.read(path).sheets[0].columns)
    delimiter = ";" if dialect is kobotoolbox else ","
    row = (delimiter * (n_columns - 1)).encode()
    path.write_bytes(path.read_bytes().rstrip(b"\r\n") + b"\r\n" + row + b"\r\n")
    save_again(path, saved)
    (sheet,) = dialect.read(path).sheets
    assert len(sheet.rows) == n_before + 1
    assert not any(cell.strip() for cell in sheet.rows[-1].cells)


@pytest.mark.parametrize("dialect", [kobotoolbox, odk_central, limesurvey, redcap])
@settings(max_examples=5, deadline=None)
@given(cases())
def test_headings_without_a_response_are_held_against_the_questionnaire(folder, dialect, case):
    survey, _ = case
    for variant in WRITERS[dialect.NAME].VARIANTS:
        if variant.endswith(("details", "json", "odata")):
            continue  # columns of options look like a group of questions; an empty list has no questions
        path = (
            folder / f"none.{'xlsx' if variant.startswith('xlsx') else 'zip' if variant.startswith('zip') else 'csv'}"
        )
        WRITERS[dialect.NAME].write(survey, [], path, variant)
        file = received(path, survey, dialect)
        assert {question.name for question in file.columns[None].values()} == set(survey.questionnaire.by_name)
        assert read_back(file) == []
