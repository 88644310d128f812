"""The PII scan of everything published, and what becomes of errors nobody foresaw."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import duckdb
import pytest
from conftest import Receive
from hypothesis import example, given
from hypothesis import strategies as st
from marts_landscape import LABELS, signup
from openpyxl import Workbook
from pii_texts import ADDRESS, HARMLESS, KNOWN, NAME, NUMBER, WRITTEN, names, sentences
from sample_landscape import publish as publish_all

from landscape.errors import PersonalDataError, UnforeseenError, without_words
from landscape.paths import ProjectPaths
from landscape.pii_scan import (
    Known,
    addresses_in,
    personal_kinds,
    refuse_personal_history,
    refuse_personal_in,
    refuse_personal_settings,
    scan_with,
)
from landscape.publishing import publish
from landscape.staging_db import StagingDatabase, open_staging_db
from landscape.surveys.known import known_people

EMAIL = "p.quillfeather@thistlewood-post.example"
PERSON = "Perpetua Quillfeather"
CASES = [(kind, text) for kind, texts in WRITTEN.items() for text in texts]


@pytest.mark.parametrize(("kind", "text"), CASES)
def test_it_is_found_however_it_is_written(kind: str, text: str) -> None:
    for said in (text, f"Please ask {text}, they said.", f"“{text}”"):
        assert kind in set(personal_kinds(said, KNOWN)), said


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_none_passes(text: str) -> None:
    assert set(personal_kinds(text, KNOWN)) == set()


def test_ordinary_sentences_and_names_pass() -> None:
    assert len(sentences()) == 500
    assert [text for text in sentences() if set(personal_kinds(text, KNOWN))] == []
    assert len(names()) == 1_000
    assert [name for name in names() if set(personal_kinds(name, KNOWN))] == []


@pytest.mark.parametrize("cells", [("PCC", "Durham"), ("Commissioner", "Durham"), ("Anna", "North", "Durham")])
def test_neighbouring_cells_of_a_table_of_areas_are_nobody(cells: tuple[str, ...]) -> None:
    known = Known(names=frozenset({"Anna Durham"}))
    assert set(personal_kinds("\x1f".join(cells), known)) == set()
    assert set(personal_kinds(" ".join(cells), known)) == {NAME}


@given(st.text(max_size=40), st.text(max_size=40))
@example("", ".com")
def test_an_address_is_found_wherever_it_is(before: str, after: str) -> None:
    text = f"{before} {EMAIL} {after}"
    assert EMAIL in set(addresses_in(text))


_SEPARATORS = st.sampled_from(["", " ", "-", ".", "/", "  ", "\u00a0", " - ", "\u2011"])


@given(
    st.sampled_from(["0113|496|0999", "07700|900|999", "020|7946|0999", "01632|960|999"]), _SEPARATORS, st.booleans()
)
def test_a_number_is_found_in_any_spacing(number: str, separator: str, is_wide: bool) -> None:
    text = number.replace("|", separator)
    if is_wide:
        text = text.translate({ord(digit): ord("０") + int(digit) for digit in "0123456789"})
    for said in (text, f"({text})", f"ring {text}.", f"{text}: day and night", f"T: {text}; F: none"):
        assert NUMBER in set(personal_kinds(said, Known()))


_GIVEN = st.sampled_from(["Zoë", "Anne-Marie", "D'Arcy", "Ngozi", "Łukasz"])
_SURNAME = st.sampled_from(["Okonkwo-Bell", "O'Shaughnessy", "Żółkiewski", "van Dijk", "Björnsdóttir"])
_SHAPES = st.sampled_from(
    [
        "{g} {s}",
        "{s}, {g}",
        "{s} {g}",
        "{g} M. {s}",
        "{g} Maria {s}",
        "Ms {s}",
        "{g}\n{s}",
        "{g}\x1f{s}",
        "{g}_{s}",
        "{g}.{s}",
    ]
)


@given(_GIVEN, _SURNAME, _SHAPES, st.sampled_from([str, str.upper, str.lower]), st.sampled_from("'’´`"), st.booleans())
def test_a_name_is_found_in_any_order_and_writing(
    given_name: str, surname: str, shape: str, case: Callable[[str], str], apostrophe: str, is_plain: bool
) -> None:
    known = Known(names=frozenset({f"{given_name} {surname}"}))
    text = case(shape.format(g=given_name, s=surname)).replace("'", apostrophe)
    if is_plain:  # as a system writes it that knows no accents
        text = text.translate(str.maketrans("ëŁłŻżóöÓÖ", "eLlZzooOO"))
    assert NAME in set(personal_kinds(f"asked {text} today", known)), text


def test_long_runs_of_letters_take_no_time() -> None:
    assert list(addresses_in("a" * 3_000_000 + "@")) == []


def _zipped(**files: bytes | str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, held in files.items():
            archive.writestr(name.replace("__", "/").replace("_DOT_", "."), held)
    return packed.getvalue()


def _sheet(*cells: str) -> bytes:
    book, out = Workbook(), io.BytesIO()
    book.active.append(["n", "note"])
    book.active.append(list(cells))
    book.save(out)
    return out.getvalue()


def _picture(words: str) -> bytes:
    chunk = b"tEXt" + f"Comment\0{words}".encode()
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", len(chunk) - 4) + chunk + b"\0\0\0\0"


def _pdf(words: str) -> bytes:
    import typst

    return typst.compile(f"#{json.dumps(words)}".encode())


def _table(kind: str, select: str, folder: Path) -> bytes:
    path = folder / f"made.{kind}"
    with duckdb.connect() if kind == "parquet" else duckdb.connect(path) as con:
        con.execute(
            f"COPY ({select}) TO '{path}' (FORMAT parquet)" if kind == "parquet" else f"CREATE TABLE kept AS {select}"
        )
    return path.read_bytes()


TWO = ("Perpetua", "Quillfeather")
CARRIERS: dict[str, tuple[str, str, Callable[[Path], bytes | str]]] = {
    "address in a CSV": ("table.csv, line 3", ADDRESS, lambda _: f"n\n1\n{EMAIL}\n"),
    "name over two cells of a CSV": ("table.csv, line 2", NAME, lambda _: "a,b\n{},{}\n".format(*TWO)),
    "name over two lines": ("note.txt, line 1", NAME, lambda _: "as {}\n{} said".format(*TWO)),
    "UTF-16": ("note.txt, line 1", ADDRESS, lambda _: f"as {EMAIL} said".encode("utf-16")),
    "Windows’ own letters": ("note.txt, line 1", NAME, lambda _: "José Núñez-O’Brien".encode("cp1252")),
    "attribute of SVG": ("chart.svg, line 1", ADDRESS, lambda _: f"<svg aria-label='{EMAIL}'/>"),
    "name over two tspans": ("chart.svg, line 1", NAME, lambda _: "<text><tspan>{}</tspan><tspan>{}</tspan></text>".format(*TWO)),
    "name in two cells of HTML": ("page.html, line 1", NAME, lambda _: "<td>{}</td><td>{}</td>".format(*TWO)),
    "number in mark-up": ("page.html, line 1", NUMBER, lambda _: "<p>0113&nbsp;<b>496</b>&#160;0999</p>"),
    "comment in HTML": ("page.html, line 2", ADDRESS, lambda _: f"<p>\n<!-- {EMAIL} -->"),
    "escaped JSON": ("facts.json, line 1", ADDRESS, lambda _: json.dumps(EMAIL).replace("@", r"\u0040")),
    "record of JSON": ("facts.json, line 1", NAME, lambda _: json.dumps({"first": TWO[0], "last": TWO[1]})),
    "Parquet": ("table.parquet, row 2", ADDRESS, lambda at: _table("parquet", f"FROM (VALUES ('a'), ('{EMAIL}'))", at)),
    "nested Parquet": ("table.parquet, row 1", NAME, lambda at: _table("parquet", f"SELECT [{{'who': '{PERSON}'}}] AS n", at)),
    "number without its nought": ("table.parquet, row 1", NUMBER, lambda at: _table("parquet", "SELECT 7700900417 AS n", at)),
    "DuckDB": ("table.duckdb, main.kept, row 1", NAME,
        lambda at: _table("duckdb", "SELECT '{}' AS a, '{}' AS b".format(*TWO), at)),
    "name of a column": ("table.duckdb, its columns", ADDRESS, lambda at: _table("duckdb", f'SELECT 1 AS "{EMAIL}"', at)),
    "runs of Word": ("report.docx, word/document.xml", ADDRESS,
        lambda _: _zipped(word__document_DOT_xml=f"<w:p><w:t>{EMAIL[:9]}</w:t></w:r><w:r><w:t>{EMAIL[9:]}</w:t></w:p>")),
    "paragraphs of Word": ("report.docx, word/document.xml", NAME,
        lambda _: _zipped(word__document_DOT_xml="<w:p><w:t>{}</w:t></w:p><w:p><w:t>{}</w:t></w:p>".format(*TWO))),
    "author of an Office file": ("report.docx, docProps/core.xml", NAME,
        lambda _: _zipped(docProps__core_DOT_xml=f"<dc:creator>{PERSON}</dc:creator>")),
    "cells of Excel": ("table.xlsx, sheet Sheet, row 2", NAME, lambda _: _sheet(*TWO)),
    "zip in a zip": ("all.zip, inner.zip, note.txt", ADDRESS,
        lambda _: _zipped(inner_DOT_zip=_zipped(note_DOT_txt=EMAIL))),
    "name of a file in a zip": ("all.zip, names of its files", NAME, lambda _: _zipped(perpetua_quillfeather_DOT_txt="x")),
    "PDF": ("report.pdf, page 1", NAME, lambda _: _pdf(f"as {PERSON} said")),
    "picture": ("chart.png", ADDRESS, lambda _: _picture(EMAIL)),
    "unknown file": ("run.dat, line 1", ADDRESS, lambda _: f"\x01\x02{EMAIL}"),
}  # fmt: skip


@pytest.mark.parametrize("carrier", CARRIERS)
def test_nothing_is_published_with_it_in_any_kind_of_file(carrier: str, tmp_path: Path) -> None:
    place, kind, make = CARRIERS[carrier]
    target = tmp_path / "published"
    target.mkdir()
    (target / "list.json").write_text("before", encoding="utf-8")

    def build(staging: Path) -> set[str]:
        path = staging / place.partition(",")[0]
        held = make(tmp_path)
        path.write_bytes(held.encode() if isinstance(held, str) else held)
        (staging / "list.json").write_text("after", encoding="utf-8")
        return {path.name, "list.json"}

    with pytest.raises(PersonalDataError) as refused:
        publish(target, "list.json", build, scan_with(KNOWN))
    assert any(one.startswith(place) and one.endswith(f": {kind}") for one in refused.value.culprits), refused.value
    assert "quillfeather" not in str(refused.value).casefold()
    assert [path.name for path in target.iterdir()] == ["list.json"]
    assert (target / "list.json").read_text(encoding="utf-8") == "before"


def test_the_name_of_a_file_is_searched_and_not_told(tmp_path: Path) -> None:
    (tmp_path / "perpetua_quillfeather.txt").write_text("nothing", encoding="utf-8")
    with pytest.raises(PersonalDataError, match=r"the name of a \.txt file: a person's name") as refused:
        refuse_personal_in(tmp_path, KNOWN)
    assert "quillfeather" not in str(refused.value)


def test_settings_are_searched_before_anything_is_made(project: ProjectPaths, receive: Receive) -> None:
    """A free text that was drafted into a list of options is read by everybody."""
    receive("network_signup", [signup("1", EMAIL, None, full_name=PERSON)])
    known, codebook = known_people(project), project.reference / "codebook.csv"
    before = codebook.read_text(encoding="utf-8")
    refuse_personal_settings([("data/reference/codebook.csv", codebook)], known)
    codebook.write_text(f'{before}TOP.NEW,topic,"Quillfeather, Perpetua"\n', encoding="utf-8")
    with pytest.raises(PersonalDataError, match="nothing was made") as refused:
        refuse_personal_settings([("data/reference/codebook.csv", codebook)], known)
    assert refused.value.culprits == (f"data/reference/codebook.csv, line {before.count(chr(10)) + 1}: {NAME}",)


def test_a_phrase_typed_as_a_name_is_noted_and_stops_nothing(
    project: ProjectPaths, receive: Receive, made: Callable[[], StagingDatabase]
) -> None:
    receive("network_signup", [signup("1", EMAIL, None, full_name="Social Media"), signup("2", "a@b.example", None)])
    staging_db = made()
    publish_all(staging_db, known_people(project))
    query = "SELECT line, field, disposition FROM staged.issues WHERE reason LIKE 'typed as a name%'"
    assert staging_db.con.execute(query).fetchall() == [(2, "full_name", "noted")]


def test_an_answer_that_would_reach_the_marts_stops_them(
    project: ProjectPaths, receive: Receive, made: Callable[[], StagingDatabase]
) -> None:
    receive("network_signup", [signup("1", EMAIL, None, full_name=PERSON)])
    staging_db = made()
    staging_db.con.execute(
        f"UPDATE marts.force_areas SET governing_body_name = '{EMAIL}' WHERE force_area_code = 'E23000002'"
    )
    with pytest.raises(PersonalDataError):
        publish_all(staging_db)
    assert not (project.marts / "datapackage.json").exists()


def test_a_line_of_the_history_stops_publishing(project: ProjectPaths) -> None:
    log = project.root / ".dagster" / "logs" / "run.log"
    log.parent.mkdir(parents=True)
    with (
        open_staging_db(project.staging_db, project.lock),  # a refresh is under way, and has written it since
        pytest.raises(PersonalDataError, match=r"\.dagster/logs/run\.log, line 1: an e-mail address"),
    ):
        log.write_text(f"2017-06-20 step failed for {EMAIL}", encoding="utf-8")
        refuse_personal_history(project, Known())


def test_a_team_s_address_may_be_allowed(project: ProjectPaths, tmp_path: Path) -> None:
    (project.reference / "public_addresses.csv").write_text(
        "address,source\nTeam@force.example,its website\n", encoding="utf-8"
    )
    folder = tmp_path / "built"
    folder.mkdir()
    (folder / "report.html").write_text("<p>Write to <b>team</b>@force.example</p>", encoding="utf-8")
    refuse_personal_in(folder, known_people(project))
    (folder / "report.html").write_text(f"<p>Write to {EMAIL}</p>", encoding="utf-8")
    with pytest.raises(PersonalDataError):
        refuse_personal_in(folder, known_people(project))


def test_the_message_of_an_error_is_neither_shown_nor_kept_by_dagster() -> None:
    @dg.asset
    def broken() -> None:
        with without_words("testing"), duckdb.connect() as con:
            con.execute(f"SELECT CAST('{EMAIL}' AS INTEGER)").fetchall()

    with dg.DagsterInstance.ephemeral() as instance:
        result = dg.materialize([broken], instance=instance, raise_on_error=False)
        kept = "".join(str(entry) for entry in instance.all_logs(result.run_id))
    assert not result.success
    assert "ConversionException while testing" in kept
    assert EMAIL not in kept


def test_our_own_errors_go_on_as_they_are() -> None:
    with pytest.raises(PersonalDataError, match="kept"), without_words("testing"):
        raise PersonalDataError("kept")
    with pytest.raises(UnforeseenError, match="KeyError while testing"), without_words("testing"):
        raise KeyError(LABELS["ORG.FORCE"])
