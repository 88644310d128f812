"""Responses as SmartSurvey's interface hands them out, one trap each."""

from __future__ import annotations

import json
from pathlib import Path

from dialect_files import handed, read, refused

from landscape.surveys.dialects import fitting_dialects, smartsurvey


def records(folder: Path, *answers: list[dict[str, object]], **more: object) -> Path:
    """A file of responses that each gave these answers to questions."""
    found = [
        {
            "id": number,
            "status": "completed",
            "date_started": "2025-03-30T00:59:00Z",
            "date_ended": "2025-03-30T01:04:00Z",
            "contact_email": f"p{number}@post.example",
            "pages": [{"id": 1, "title": "One", "questions": given}],
            **more,
        }
        for number, given in enumerate(answers, start=301)
    ]
    path = folder / "records.json"
    path.write_text(json.dumps({"total": len(found), "records": found}), encoding="utf-8")
    return path


def asked(title: str, kind: str, *answers: dict[str, object], sub_type: str | None = None) -> dict[str, object]:
    return {"id": 5, "title": title, "type": kind, "sub_type": sub_type, "answers": list(answers)}


def test_no_other_tool_recognises_it(tmp_path: Path) -> None:
    assert fitting_dialects(records(tmp_path, [asked("Why?", "open_ended", {"type": "text", "value": "so"})])) == (
        "smartsurvey",
    )


def test_a_grid_has_a_column_for_each_row_and_a_ranking_for_each_place(tmp_path: Path) -> None:
    grid = asked(
        "Rate each", "matrix",
        {"type": "matrix_col", "row_title": "Welcome", "column_title": "Good"},
        {"type": "matrix_col", "row_title": "Waiting", "column_title": "Poor"},
        sub_type="single",
    )  # fmt: skip
    ranking = asked(
        "Rank", "ranking", {"choice_title": "Trust", "value": "2"}, {"choice_title": "Safety", "value": "1"}
    )
    found = handed(read(records(tmp_path, [grid, ranking]), smartsurvey))
    assert found == {
        "Rate each [Welcome]": ["Good"], "Rate each [Waiting]": ["Poor"], "Rank [2]": ["Trust"], "Rank [1]": ["Safety"],
    }  # fmt: skip


def test_ticked_options_are_a_list_even_where_one_was_ticked(tmp_path: Path) -> None:
    one = asked("Which?", "multiple_choice", {"type": "checkbox", "choice_title": "Radio, print"})
    two = asked(
        "Which?", "multiple_choice",
        {"type": "checkbox", "choice_title": "Web"}, {"type": "other", "choice_title": "Other (please specify)", "value": "x"},
    )  # fmt: skip
    assert handed(read(records(tmp_path, [one], [two]), smartsurvey)) == {
        "Which?": ['["Radio, print"]', '["Web", "Other"]']
    }


def test_a_question_nobody_was_asked_has_no_column_and_one_not_answered_an_empty_cell(tmp_path: Path) -> None:
    why = asked("Why?", "open_ended", {"type": "text", "choice_title": "Comments", "value": "so"})
    export = read(records(tmp_path, [why], [asked("Why?", "open_ended")]), smartsurvey)
    assert handed(export) == {"Why?": ["so", ""]}
    assert export.omits_unanswered


def test_times_are_utc_and_only_a_completed_one_is_finished(tmp_path: Path) -> None:
    export = read(records(tmp_path, [], status="partial"), smartsurvey)
    assert export.time_zone == "UTC"
    assert handed(export, "started_at") == {"date_started": ["2025-03-30T00:59:00"]}
    assert handed(export, "completed_at") == {"date_ended": [""]}
    assert handed(export, "response_id") == {"id": ["301"]}
    assert handed(export, "tool")["contact_email"] == ["p301@post.example"]


def test_one_page_of_several_is_refused(tmp_path: Path) -> None:
    path = records(tmp_path, [])
    held = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(held | {"total": 250}), encoding="utf-8")
    assert "one page of several" in refused(path, smartsurvey).message
