"""Real exports of Kobo, ODK Central, LimeSurvey and REDCap, against counts made without any dialect."""

from __future__ import annotations

import csv
import json
import os
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from landscape.errors import ReceivedFileError
from landscape.surveys.dialects import kobotoolbox, limesurvey, odk_central, redcap
from landscape.surveys.export import Export, Sheet

FOLDER = os.environ.get("LANDSCAPE_EXPORTS", "")
pytestmark = pytest.mark.skipif(not FOLDER, reason="LANDSCAPE_EXPORTS names no folder of real exports")
GERMAN = "limesurvey/ssi_2017_de_code_and_text_headers.csv"


def real(name: str) -> Path:
    return Path(FOLDER) / name


def plain_rows(name: str, delimiter: str = ",") -> list[list[str]]:
    with real(name).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream, delimiter=delimiter))


def with_ids(name: str, tmp_path: Path) -> Path:
    """A copy with the ids filled in that the exporter's own fixtures lack."""
    heading, *rows = plain_rows(name, ";")
    at = heading.index("_uuid")
    path = tmp_path / "export.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        filled = [[*row[:at], f"u{n}", *row[at + 1 :]] for n, row in enumerate(rows)]
        csv.writer(stream, delimiter=";", quoting=csv.QUOTE_ALL).writerows([heading, *filled])
    return path


def column(sheet: Sheet, heading: str) -> list[str]:
    (at,) = (c.position for c in sheet.columns if c.heading == heading and c.role == "answer")
    return [row.cells[at] for row in sheet.rows]


def main(export: Export) -> Sheet:
    return export.sheets[0]


def test_lime_every_tick_and_every_rank_is_there(tmp_path):
    headings, *rows = plain_rows(GERMAN)
    sheet = main(limesurvey.read(real(GERMAN)))
    assert (len(rows), len(headings), len(sheet.rows), len(sheet.columns)) == (325, 248, 325, 248)

    ticks: dict[tuple[str, str], int] = {}
    blanks: dict[str, set[int]] = {}
    for at, heading in enumerate(headings):
        values = {row[at] for row in rows}
        if "[" in heading.split(".")[0] and values <= {"Yes", "No", ""}:
            question, option = heading.split(". ", 1)[1].rsplit(" [", 1)
            ticks[question, option.removesuffix("]")] = sum(row[at] == "Yes" for row in rows)
            blanks.setdefault(question, set()).update(n for n, row in enumerate(rows) if not row[at])
    assert (len(ticks), sum(n == 0 for n in ticks.values())) == (157, 39)

    found: Counter[tuple[str, str]] = Counter()
    for question, blank in blanks.items():
        cells = column(sheet, question)
        assert {n for n, cell in enumerate(cells) if not cell} == blank
        found.update((question, option) for cell in cells if cell for option in json.loads(cell))
    assert found == {key: n for key, n in ticks.items() if n}
    assert found.total() == sum(ticks.values()) == 3054

    ranked = "Rank the following factors dependent on how strongly they influenced your decision to accept your current position"
    for place in range(1, 6):
        (at,) = (n for n, heading in enumerate(headings) if heading.startswith(f"prevEmp2[{place}]."))
        expected = Counter(row[at] for row in rows)
        assert Counter(column(sheet, f"{ranked} [{place}]")) == expected
        assert len(expected) == 10


def test_lime_rows_are_numbered_by_the_column_without_a_heading():
    sheet = main(limesurvey.read(real(GERMAN)))
    at = sheet.position("response_id")
    assert [row.cells[at] for row in sheet.rows] == [row[0] for row in plain_rows(GERMAN)[1:]]


def test_lime_another_country():
    name = "limesurvey/ssi_2017_zaf_code_and_text_headers_trim45cols.csv"
    headings, *rows = plain_rows(name)
    cells = column(main(limesurvey.read(real(name))), "In which disciplines do you work (select as many as apply)")
    expected = [
        [
            h.rsplit(" [", 1)[1][:-1]
            for h, cell in zip(headings, row, strict=True)
            if cell == "Yes" and "currentEmp13" in h
        ]
        for row in rows
    ]
    assert [json.loads(cell) for cell in cells] == expected


@pytest.mark.parametrize(
    "words, question", [("xmlvalues", "dietary_accommodations"), ("labels", "Accommodating of dietary needs")]
)
def test_kobo_the_same_ticks_in_every_variant(tmp_path, words, question):
    labels = ["Gluten-free", "Vegan", "Vegetarian", "Lactose-free"]
    if words == "xmlvalues":
        labels = [label.lower().replace("-", "_") for label in labels]
    expected = [labels[:1], labels[1:3], labels]
    for multiple in ("both", "summary", "details"):
        name = f"kobotoolbox/dietary_needs__{words}__multi-{multiple}.csv"
        if real(name).exists():
            sheet = main(kobotoolbox.read(with_ids(name, tmp_path)))
            assert [kobotoolbox.split(cell, labels) for cell in column(sheet, question)] == expected


def test_kobo_other_beside_own_words(tmp_path):
    sheet = main(kobotoolbox.read(with_ids("kobotoolbox/or_other__xmlvalues__multi-both.csv", tmp_path)))
    assert [json.loads(cell) for cell in column(sheet, "fav_emperors")] == [
        ["caligula", "other"], ["julius", "tiberius"], ["julius", "augustus"],
    ]  # fmt: skip
    assert [c.role for c in sheet.columns if c.heading.endswith("_other")] == [
        "answer",
        "answer",
    ]  # nothing is asked yet


def test_kobo_submissions_without_ids_are_refused():
    for name in ("grouped_repeatable__xmlvalues.xlsx", "site_inspection__xmlvalues__multi-both.csv"):
        path = real(f"kobotoolbox/{name}")
        assert kobotoolbox.recognises(path)
        with pytest.raises(ReceivedFileError, match="distinguished from its copy"):
            kobotoolbox.read(path)


def test_kobo_repeats_in_a_workbook(tmp_path):
    from openpyxl import load_workbook

    workbook = load_workbook(real("kobotoolbox/grouped_repeatable__xmlvalues.xlsx"))
    households, members = workbook.worksheets
    for row in range(2, households.max_row + 1):
        households.cell(row, 5).value = f"u{row - 1}"
    workbook.save(tmp_path / "export.xlsx")
    sheet = kobotoolbox.read(tmp_path / "export.xlsx").sheets[1]
    assert sheet.repeat == "houshold_member_repeat"
    parent = sheet.position("parent_id")
    expected = [(f"u{members.cell(row, 4).value}", members.cell(row, 1).value) for row in range(2, members.max_row + 1)]
    assert [(row.cells[parent], row.cells[0]) for row in sheet.rows] == expected
    assert len(expected) == 13


def test_odk_split_and_joined_lists():
    for version in ("v0", "v1"):
        sheet = main(odk_central.read(real(f"odk_central/selectMultiple__{version}.csv")))
        assert [column(sheet, q) for q in ("q1", "q2")] == [["a b", "b"], ["x y z", "m x"]]


def test_odk_repeats_within_repeats(tmp_path):
    path = tmp_path / "nested-repeats.zip"
    names = ["nested-repeats", *(f"nested-repeats-g{n}" for n in (1, 2, 3))]
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.write(real(f"odk_central/{name}.csv"), f"{name}.csv")
    export = odk_central.read(path)
    keys: set[str] = set()
    for sheet, name in zip(export.sheets, names, strict=True):
        own, parent = sheet.position("record_id" if sheet.repeat else "response_id"), sheet.position("parent_id")
        heading, *rows = plain_rows(f"odk_central/{name}.csv")
        assert [row.cells[own] for row in sheet.rows] == [row[heading.index("KEY")] for row in rows]
        assert parent is None or {row.cells[parent] for row in sheet.rows} <= keys
        keys |= {row.cells[own] for row in sheet.rows}
    assert len(keys) == 1 + 3 + 4 + 5
    with pytest.raises(ReceivedFileError, match="without the submissions"):
        odk_central.read(real("odk_central/nested-repeats-g1.csv"))


def test_odk_all_kinds_of_data():
    sheet = main(odk_central.read(real("odk_central/all-data-types.csv")))
    assert column(sheet, "some_decimal") == ["123.456"]
    assert column(sheet, "some_barcode") == ["000049499094"]
    assert {c.role for c in sheet.columns if c.heading.startswith("some_geopoint")} == {"tool"}


def test_redcap_check_boxes_decimal_commas_and_repeats():
    boxes = main(redcap.read(real("redcap/redcapr_checkboxes-1.csv")))
    assert column(boxes, "check_one") == ['["1"]', "", '["1", "2", "3", "4"]', ""]
    assert column(boxes, "check_two") == ['["a", "c"]', '["b", "d"]', "", ""]
    commas = main(redcap.read(real("redcap/redcapr_decimal-comma.csv")))
    assert column(commas, "height") == ["1.54", "1.84", "1.95", "1.61"]
    assert column(commas, "bmi") == ["22.1", "27.3", "32.5", "17.7"]
    people, pressures = redcap.read(real("redcap/redcapr_repeating-instruments-sparse.csv")).sheets
    assert column(people, "first_name") == ["aaa", "bbb", "empty 3", "empty 4", "empty 5"]
    assert column(pressures, "bp_systolic") == ["110", "111", "112", "114"]
    parent = pressures.position("parent_id")
    assert [row.cells[parent] for row in pressures.rows] == ["1", "1", "1", "2"]
