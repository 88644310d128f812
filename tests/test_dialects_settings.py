"""Exports that were made with other settings of their tool than the usual ones."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from dialect_files import handed, read, text_file
from exports import WRITERS
from openpyxl import Workbook
from test_definitions import SIGNUP, answered

from landscape.surveys.dialects import DIALECTS

KOBO, LIMESURVEY = DIALECTS["kobotoolbox"], DIALECTS["limesurvey"]


@pytest.mark.parametrize("variant", ["code", "full", "code_and_text"])
def test_a_limesurvey_workbook_holds_what_its_csv_does(variant: str, tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    WRITERS["limesurvey"].write(SIGNUP, answered(SIGNUP), path, variant)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = [row for row in csv.reader(stream) if row]
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "export.xlsx")
    from_text, from_workbook = (read(tmp_path / f"export.{ending}", LIMESURVEY) for ending in ("csv", "xlsx"))
    assert handed(from_workbook) == handed(from_text)
    assert handed(from_workbook, "response_id") == handed(from_text, "response_id")


def kobo(tmp_path: Path, change: Callable[[str], str]) -> Path:
    """An export of Kobo with labels, ticks beside the joined column, and each heading changed."""
    path = tmp_path / "export.csv"
    WRITERS["kobotoolbox"].write(SIGNUP, answered(SIGNUP), path, "csv_labels_both")
    with path.open(encoding="utf-8", newline="") as stream:
        headings, *rows = csv.reader(stream, delimiter=";")
    changed = [heading if heading.startswith("_") else change(heading) for heading in headings]
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter=";", quoting=csv.QUOTE_ALL).writerows([changed, *rows])
    return path


@pytest.mark.parametrize("separator", ["__", "."])
def test_another_separator_of_kobo_is_seen_by_the_option_columns(separator: str, tmp_path: Path) -> None:
    labels = {q.label for q in SIGNUP.questionnaire.questions}

    def written(heading: str) -> str:
        question = next((label for label in labels if heading.startswith(f"{label}/")), None)
        return f"{question}{separator}{heading[len(question) + 1 :]}" if question else heading

    usual = handed(read(kobo(tmp_path, str), KOBO))
    assert handed(read(kobo(tmp_path, written), KOBO)) == usual


@pytest.mark.parametrize("groups", ["About you", "Part 1/About you"])
def test_groups_in_front_of_kobos_labels_are_set_aside(groups: str, tmp_path: Path) -> None:
    usual = handed(read(kobo(tmp_path, str), KOBO))
    grouped = kobo(tmp_path, lambda heading: heading if heading in ("start", "end") else f"{groups}/{heading}")
    assert handed(read(grouped, KOBO)) == usual


def test_a_slash_in_a_label_is_no_group(tmp_path: Path) -> None:
    path = text_file(
        tmp_path,
        '"Age/sex";"Yes/no?";"_uuid";"_submission_time"',
        '"30 f";"yes";"a1";"2017-06-01T09:06:00"',
    )
    assert set(handed(read(path, KOBO))) == {"Age/sex", "Yes/no?"}
