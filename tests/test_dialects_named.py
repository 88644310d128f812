"""What Kobo, ODK Central, LimeSurvey and REDCap write is read back whole. Not here: their traps, one by one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from dialect_cases import SAVED, save_again
from hypothesis import given, settings
from named_dialect_cases import cases, laid_out, read_back

from landscape.surveys.definition import Survey
from landscape.surveys.dialects import kobotoolbox, limesurvey, odk_central, redcap
from landscape.surveys.export import Sheet
from landscape.surveys.render import Record, Response

LONDON = ZoneInfo("Europe/London")
ENOUGH = settings(max_examples=200, deadline=None)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("exports")


def times(sheet: Sheet, role: str) -> list[dt.datetime | None]:
    at = sheet.position(role)
    return [dt.datetime.fromisoformat(row.cells[at]) if row.cells[at] else None for row in sheet.rows]


def in_utc(moment: dt.datetime | None) -> dt.datetime | None:
    return moment and moment.replace(tzinfo=LONDON).astimezone(dt.UTC).replace(tzinfo=None)


def all_ticked(survey: Survey, responses: Sequence[Response]) -> bool:
    """Whether in every part some choose-many question was answered; each, where one option goes on from another."""
    answered = {None: set[str]()} | {part.name: set[str]() for part in survey.questionnaire.repeats}

    def note(record: Record, repeat: str | None) -> None:
        answered[repeat] |= record.answers.keys()
        for part, entries in record.parts.items():
            for entry in entries:
                note(entry, part)

    for response in responses:
        note(response, None)
    many = {
        question.name: question.repeat
        for question in survey.questionnaire.questions
        if question.kind == "select_multiple"
    }
    labels = [option.label for option in max(survey.questionnaire.questions, key=lambda q: len(q.options)).options]
    enough = all if any(label.startswith(f"{other}/") for label in labels for other in labels) else any
    return all(
        enough(name in answered[repeat] for name, part in many.items() if part == repeat)
        for repeat in set(many.values())
    )


@ENOUGH
@given(cases(), cases(depth=2), SAVED)
def test_kobotoolbox_is_read_as_it_was_written(folder, flat, repeated, saved):
    for variant in kobotoolbox.VARIANTS:
        kind = variant.split("_")[0]
        survey, responses = flat if kind == "csv" else repeated
        if variant.endswith("details") and not all_ticked(survey, responses):
            continue  # columns of options that nobody was shown look like a group of questions
        path = folder / f"kobo.{kind}"
        kobotoolbox.render(survey, responses, path, variant)
        if kind == "csv":
            save_again(path, saved)
        if responses:
            assert kobotoolbox.recognises(path), variant
        export = kobotoolbox.read(path)
        empty = "lost" if variant.endswith(("summary", "json")) else "told"
        assert read_back(export, survey, kobotoolbox) == laid_out(survey, responses, empty), variant
        if responses:
            assert times(export.sheets[0], "completed_at") == [in_utc(r.completed_at) for r in responses]
            assert times(export.sheets[0], "started_at") == [in_utc(r.started_at) for r in responses]
            assert export.time_zone == "UTC"


@ENOUGH
@given(cases(), cases(depth=2), SAVED)
def test_odk_central_is_read_as_it_was_written(folder, flat, repeated, saved):
    for variant in odk_central.VARIANTS:
        kind = variant.split("_")[0]
        survey, responses = flat if kind == "csv" else repeated
        path = folder / f"odk.{kind}"
        odk_central.render(survey, responses, path, variant)
        if kind == "csv":
            save_again(path, saved)
        assert odk_central.recognises(path), variant
        export = odk_central.read(path)
        assert read_back(export, survey, odk_central) == laid_out(survey, responses, "lost"), variant
        if responses:
            assert times(export.sheets[0], "completed_at") == [in_utc(r.completed_at) for r in responses]
            assert times(export.sheets[0], "started_at") == [in_utc(r.started_at) for r in responses]


@ENOUGH
@given(cases(), SAVED)
def test_limesurvey_is_read_as_it_was_written(folder, case, saved):
    survey, responses = case
    for variant in limesurvey.VARIANTS:
        path = folder / "lime.csv"
        limesurvey.render(survey, responses, path, variant)
        if variant != "json":
            save_again(path, saved)
        if variant != "json" or responses:
            assert limesurvey.recognises(path), variant
            export = limesurvey.read(path)
            says_nothing = variant in ("code", "json")
            expected = laid_out(survey, responses, "lost" if says_nothing else "told")
            found = read_back(export, survey, limesurvey)
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
    for variant in redcap.VARIANTS:
        for survey, responses in (flat, repeated) if variant != "labels" else (flat,):
            path = folder / "redcap.csv"
            redcap.render(survey, responses, path, variant)
            save_again(path, saved)
            assert redcap.recognises(path), variant
            if survey.questionnaire.repeats and not any(response.parts for response in responses):
                continue  # nothing in such a file tells a repeating instrument from a form never opened
            export = redcap.read(path)
            assert read_back(export, survey, redcap) == laid_out(survey, responses, "shown"), variant
            assert times(export.sheets[0], "completed_at") == [r.completed_at for r in responses]


@pytest.mark.parametrize("dialect", [kobotoolbox, odk_central, limesurvey, redcap])
@settings(max_examples=25, deadline=None)
@given(cases(), SAVED)
def test_an_empty_row_stays_an_empty_row(folder, dialect, case, saved):
    survey, responses = case
    variant = next(name for name in dialect.VARIANTS if name.startswith(("csv", "code", "raw")))
    path = folder / "empty.csv"
    dialect.render(survey, responses, path, variant)
    n_before, n_columns = len(dialect.read(path).sheets[0].rows), len(dialect.read(path).sheets[0].columns)
    delimiter = ";" if dialect is kobotoolbox else ","
    row = (delimiter * (n_columns - 1)).encode()
    path.write_bytes(path.read_bytes().rstrip(b"\r\n") + b"\r\n" + row + b"\r\n")
    save_again(path, saved)
    (sheet,) = dialect.read(path).sheets
    assert len(sheet.rows) == n_before + 1
    assert not any(cell.strip() for cell in sheet.rows[-1].cells)
