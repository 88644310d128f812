"""Rows leave a received file of any tool and format; everything else in it reads as before."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from dialect_cases import survey_of
from exports import WRITERS
from exports.responses import Record, Response
from openpyxl import load_workbook
from openpyxl.comments import Comment
from test_bad_input_refresh import texts_of

from landscape.errors import LandscapeError
from landscape.surveys.definition import Survey
from landscape.surveys.export import Export
from landscape.surveys.person_rows import person_rows
from landscape.surveys.questionnaire import Option, Question, Questionnaire, Repeat
from landscape.surveys.received import ReceivedFile, read_received
from landscape.surveys.rewriting import write_without

VARIANTS = [(tool, variant) for tool, writer in WRITERS.items() for variant in writer.VARIANTS]
WITH_PARTS = ("kobotoolbox", "odk_central", "redcap", "visit_workbook")
NOON = dt.datetime(2017, 6, 20, 12)  # noqa: DTZ001 - tools write local times
PEOPLE = ("Perpetua Quillfeather", "Bartholomew Thistlewood", "Zoë O’Malley", "=Formula Jones")


def survey(tool: str, *, parts: bool) -> Survey:
    q = "Q" if tool == "jisc_online_surveys" else "q"
    options = tuple(Option(f"opt{n}", label) for n, label in enumerate(("Radio", "Web", "Post"), start=1))
    asked = [
        Question(f"{q}1", "text", "Your name", "personal", "name", False, (), None),
        Question(f"{q}2", "text", "Your e-mail address", "personal", "email", False, (), None),
        Question(f"{q}3", "text", "Anything else?", "private", "", False, (), None),
        Question(f"{q}4", "select_multiple", "Which media?", "onward", "", False, options, None),
    ]
    repeats: tuple[Repeat, ...] = ()
    if parts:
        repeats = (Repeat("stops", "Stops", None),)
        asked.append(Question("place", "text", "Where was it?", "private", "", False, (), "stops"))
    made = survey_of(tool, *asked, has_numbered_options=True)
    return replace(made, questionnaire=Questionnaire("tried", "1", tuple(asked), repeats))


def responses(asked: Survey) -> list[Response]:
    name, email, story, media = (question.name for question in asked.questionnaire.of(None))
    return [
        Response(
            str(number + 10),
            {
                name: person,
                email: f"{person.split()[-1].lower()}@post.example",
                story: f'Words of {person}:\n"quoted", and; more',
                media: ["Radio", "Web", "Post"][: number % 3 + 1],
            },
            {"stops": [Record(f"s{number}{n}", {"place": f"Stop {n} of {person}"}) for n in (1, 2)]}
            if asked.questionnaire.repeats
            else {},
            started_at=NOON,
            completed_at=NOON + dt.timedelta(minutes=number),
        )
        for number, person in enumerate(PEOPLE)
    ]


def received(tool: str, variant: str, folder: Path) -> tuple[ReceivedFile, Path]:
    """A file with all four people, as the tool writes it."""
    tried = folder / f"tried{WRITERS[tool].ENDING}"
    has_parts = tool in WITH_PARTS and "csv" not in variant
    asked = survey(tool, parts=has_parts)
    WRITERS[tool].write(asked, responses(asked), tried, variant)
    path = tried.with_suffix(true_ending(tried))
    tried.replace(path)
    return read_received(path, "data/raw/tried/export", asked), path


def true_ending(path: Path) -> str:
    """What the file is, whatever it was called."""
    head = path.read_bytes()[:4]
    if head.startswith(b"PK"):
        with zipfile.ZipFile(path) as archive:
            return ".xlsx" if "[Content_Types].xml" in archive.namelist() else ".zip"
    if head.startswith(b"$FL"):
        return ".sav"
    return ".json" if head.lstrip()[:1] in (b"{", b"[") else ".csv"


def cells(export: Export) -> list[list[tuple[str, ...]]]:
    return [[row.cells for row in sheet.rows if any(row.cells)] for sheet in export.sheets]


@pytest.mark.parametrize(("tool", "variant"), VARIANTS)
def test_a_person_leaves_and_the_others_read_as_before(tool: str, variant: str, tmp_path: Path) -> None:
    file, path = received(tool, variant, tmp_path)
    (line,) = [row.line for row in person_rows(file) if row.is_named("perpetua  QUILLFEATHER")]
    draft = tmp_path / f".draft{path.suffix}"
    assert any(b"Quillfeather" in text for text in texts_of(path))  # it can be found
    assert write_without(file, path, draft, frozenset({line}))

    for text in texts_of(draft):
        assert b"uillfeather" not in text.replace(b"\x00", b"")
    after = read_received(draft, "after", file.survey)
    assert [row.name for row in person_rows(after)] == list(PEOPLE[1:])
    # Kobo renumbers the rows of its tables, so what is compared are the words, not the links between tables.
    main = file.export.sheets[0]
    story = next(at for at, question in file.columns[None].items() if question.privacy == "private")
    said = [row.cells[story] for row in main.rows if row.line != line and any(row.cells)]
    story_after = next(at for at, question in after.columns[None].items() if question.privacy == "private")
    assert [row.cells[story_after] for row in after.export.sheets[0].rows if any(row.cells)] == said
    assert after.export.exported_at == file.export.exported_at
    if file.survey.questionnaire.repeats:
        places = [cell for row in after.export.sheets[1].rows for cell in row.cells if cell.startswith("Stop ")]
        assert places == [f"Stop {n} of {person}" for person in PEOPLE[1:] for n in (1, 2)]


@pytest.mark.parametrize(("tool", "variant"), VARIANTS)
def test_where_nobody_is_left_nothing_is_written(tool: str, variant: str, tmp_path: Path) -> None:
    file, path = received(tool, variant, tmp_path)
    draft = tmp_path / f".draft{path.suffix}"
    assert not write_without(file, path, draft, frozenset(row.line for row in person_rows(file)))
    assert not draft.exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
def test_all_other_bytes_of_a_text_file_stay(encoding: str, line_end: str, tmp_path: Path) -> None:
    asked = survey("google_forms", parts=False)
    mark = {"utf-16-le": "\ufeff", "utf-16-be": "\ufeff"}.get(encoding, "")
    rows = [
        '"Timestamp","Your name","Your e-mail address","Anything else?","Which media?"',
        '"2017/06/20 12:00:00 pm GMT+1","Zoë","z@post.example","say ""hi"",' + line_end + 'then go","Radio"',
        '"2017/06/20 12:01:00 pm GMT+1","Perpetua","p@post.example","two' + line_end + line_end + 'lines","Web"',
        '"2017/06/20 12:02:00 pm GMT+1","Bart","b@post.example","",""',
        "",
    ]
    path = tmp_path / "export.csv"
    path.write_bytes((mark + line_end.join(rows)).encode(encoding))
    file = read_received(path, "export.csv", asked)
    (line,) = [row.line for row in person_rows(file) if row.name == "Perpetua"]
    assert write_without(file, path, tmp_path / ".draft.csv", frozenset({line}))
    expected = (mark + line_end.join([rows[0], rows[1], *rows[3:]])).encode(encoding)
    assert (tmp_path / ".draft.csv").read_bytes() == expected


def test_links_notes_and_formulas_of_a_workbook(tmp_path: Path) -> None:
    """A link or note goes with its row, another's moves with its own; a formula's value stays what was read."""
    file, path = received("microsoft_forms", "joined", tmp_path)
    book = load_workbook(path)
    sheet = book.active
    sheet["F2"].hyperlink = "mailto:quillfeather@post.example"
    sheet["F2"].comment = Comment("rang Perpetua Quillfeather", "coordinator")
    sheet["F3"].hyperlink = "mailto:thistlewood@post.example"
    sheet.auto_filter.ref = "A1:I5"
    saved = io.BytesIO()
    book.save(saved)
    path.write_bytes(saved.getvalue())
    file = read_received(path, "export.xlsx", file.survey)
    draft = tmp_path / ".draft.xlsx"
    assert write_without(file, path, draft, frozenset({2}))
    for text in texts_of(draft):
        assert b"uillfeather" not in text
    kept = load_workbook(draft).active
    assert kept["F2"].value == "Bartholomew Thistlewood"
    assert (kept["F2"].hyperlink.target, kept["F2"].hyperlink.ref) == ("mailto:thistlewood@post.example", "F2")
    assert kept["F4"].value == "=Formula Jones"
    assert kept["F4"].data_type == "s"
    assert kept.tables["Table1"].ref == "A1:I4"
    assert kept.auto_filter.ref == "A1:I4"


def test_a_zip_with_attachments_is_refused(tmp_path: Path) -> None:
    file, path = received("odk_central", "zip", tmp_path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("media/voice.m4a", b"whose voice?")
    before = path.read_bytes()
    with pytest.raises(LandscapeError, match="attachments") as caught:
        write_without(file, path, tmp_path / ".draft.zip", frozenset({2}))
    assert "survey tool" in caught.value.remedy
    assert path.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == [path.name]


def test_what_is_beside_the_list_in_json_stays(tmp_path: Path) -> None:
    file, path = received("kobotoolbox", "json", tmp_path)
    before = json.loads(path.read_text(encoding="utf-8"))
    assert write_without(file, path, tmp_path / ".draft.json", frozenset({2}))
    after = json.loads((tmp_path / ".draft.json").read_text(encoding="utf-8"))
    first, _, *others = before.pop("results")
    assert after.pop("results") == [first, *others]
    assert (before.pop("count"), after.pop("count")) == (4, 3)
    assert after == before


def test_a_formula_stays_as_the_value_that_was_read(tmp_path: Path) -> None:
    """Excel keeps the last value beside each formula, and readers read it; a formula alone would read as empty."""
    file, path = received("microsoft_forms", "joined", tmp_path)
    book = load_workbook(path)
    book.create_sheet("Sums")["A1"] = "=COUNTA(Sheet1!A:A)"
    saved = io.BytesIO()
    book.save(saved)
    with zipfile.ZipFile(saved) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sums, n_values = re.subn(rb"<v ?/>|<v></v>", b"<v>5</v>", parts["xl/worksheets/sheet2.xml"])
    assert n_values == 1
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in (parts | {"xl/worksheets/sheet2.xml": sums}).items():
            archive.writestr(name, content)
    assert write_without(file, path, tmp_path / ".draft.xlsx", frozenset({2}))
    assert load_workbook(tmp_path / ".draft.xlsx")["Sums"]["A1"].value == 5
