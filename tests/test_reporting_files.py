"""The report in Word, PDF and HTML: same bytes, same numbers, open to every reader, only what was put in."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader
from reporting_documents import (
    HOSTILE,
    STAMP,
    TABLES,
    WRITERS,
    Page,
    make,
    part,
    pdf_text,
    structure,
    word_captions,
    word_tables,
    word_text,
    write,
)
from reporting_landscape import landscape

from landscape.errors import RenderError
from landscape.reporting.compose import compose
from landscape.reporting.content import Paragraph, Report, Section
from landscape.reporting.pdf import write_pdf


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("report")
    return write(folder / "out", *make(folder))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("hostile")
    return write(folder / "out", *make(folder, hostile=HOSTILE))


def test_the_same_inputs_give_the_same_bytes(tmp_path: Path, files: dict[str, Path]) -> None:
    again = write(tmp_path / "elsewhere", *make(tmp_path))
    for kind, path in files.items():
        assert path.read_bytes() == again[kind].read_bytes(), kind


def test_no_file_holds_a_date_of_today_or_a_path_of_this_machine(files: dict[str, Path]) -> None:
    with zipfile.ZipFile(files["docx"]) as document:
        assert {entry.date_time for entry in document.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert document.namelist()[0] == "[Content_Types].xml"
        assert document.namelist()[1:] == sorted(document.namelist()[1:])
        words = b"".join(document.read(name) for name in document.namelist())
    for content in (words, files["pdf"].read_bytes(), files["html"].read_bytes()):
        assert str(files["docx"].parent).encode() not in content
    properties = Document(str(files["docx"])).core_properties
    assert properties.created == properties.modified
    assert (properties.author, properties.language) == ("engagement-landscape", "en-GB")
    assert properties.title == "Police-community engagement in the North of England"


def test_captions_are_numbered_alike_in_all_three(files: dict[str, Path]) -> None:
    captions = Page(files["html"]).captions
    numbers = [re.match(r"(Figure|Table) (\d+)\. ", caption) for caption in captions]
    for name in ("Figure", "Table"):
        counted = [int(found[2]) for found in numbers if found and found[1] == name]
        assert counted == list(range(1, len(counted) + 1))
    assert len(captions) == 3 + TABLES
    assert [caption for caption in word_captions(files["docx"]) if not caption.startswith("Data of")] == captions
    text = pdf_text(files["pdf"])
    places = [text.index(caption) for caption in captions]
    assert places == sorted(places)


def test_every_picture_has_its_alternative_text(files: dict[str, Path]) -> None:
    said = "Map of twelve areas, nine of them visited."
    pictures = list(Document(str(files["docx"])).element.body.iter(qn("wp:docPr")))
    assert [picture.get("name") for picture in pictures] == ["figure:coverage_map", "figure:activity_map"]
    assert all(picture.get("descr").startswith(said) for picture in pictures)
    images = [attributes for tag, attributes in Page(files["html"]).tags if attributes.get("role") == "img"]
    assert len(images) == 2
    assert all((image["aria-label"] or "").startswith(said) for image in images)
    tagged = [figure for figure in structure(files["pdf"], "/Figure") if "/Alt" in figure]
    assert len(tagged) == 3
    assert all(figure["/Alt"].startswith(said) for figure in tagged)


def test_every_table_marks_its_heading_row(files: dict[str, Path]) -> None:
    tables = word_tables(files["docx"])
    assert len(tables) == TABLES + 1
    for table in tables:
        flags = [row._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in table.rows]
        assert flags == [True] + [False] * (len(flags) - 1)
    heads = [attributes for tag, attributes in Page(files["html"]).tags if tag == "th"]
    assert heads
    assert {head.get("scope") for head in heads} == {"col"}
    assert len(structure(files["pdf"], "/Table")) == len(structure(files["pdf"], "/THead")) == TABLES + 1


def test_the_pdf_is_pdf_ua_in_british_english(files: dict[str, Path]) -> None:
    reader = PdfReader(files["pdf"])
    root = reader.trailer["/Root"]
    assert "<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data().decode()
    assert root["/MarkInfo"]["/Marked"].value
    assert root["/Lang"] == "en-GB"
    assert reader.metadata is not None
    assert reader.metadata.title == "Police-community engagement in the North of England"
    fonts = {
        font.get_object()["/BaseFont"].split("+")[-1]
        for page in reader.pages
        for font in page["/Resources"].get("/Font", {}).values()
    }
    assert fonts
    assert all(font.startswith("OpenSans") for font in fonts)


def test_html_needs_nothing_from_elsewhere(files: dict[str, Path]) -> None:
    page = Page(files["html"])
    assert ("html", {"lang": "en-GB"}) in page.tags
    assert not {"script", "link", "iframe", "object"} & {tag for tag, _ in page.tags}
    for _, attributes in page.tags:
        for name in ("src", "href", "srcset", "data"):
            assert (attributes.get(name) or "#").startswith(("#", "data:"))
    source = files["html"].read_text(encoding="utf-8")
    assert all(url.startswith("data:") for url in re.findall(r"url\(([^)]*)", source))
    assert "@import" not in source
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = [attributes["href"] for tag, attributes in page.tags if tag == "a"]
    assert {f"#{name}" for name in ids} >= set(links)


def test_html_shows_the_data_of_every_figure(files: dict[str, Path]) -> None:
    page = Page(files["html"])
    closed = ["open" not in attributes for tag, attributes in page.tags if tag == "details"]
    assert closed == [True, True, False]
    assert page.text.count("force_area_name") == 3
    assert "24.57" in page.text
    assert "=1+1" in page.text
    assert "'=1+1" not in page.text


def test_hostile_text_stays_text(hostile: dict[str, Path]) -> None:
    page = Page(hostile["html"])
    assert "script" not in {tag for tag, _ in page.tags}
    plain = re.sub(r"\s", "", HOSTILE)
    for text in (page.text, word_text(hostile["docx"]), pdf_text(hostile["pdf"])):
        # One figure's caption, three objectives, a field of the issues and a description in the dictionary.
        assert re.sub(r"\s", "", text).count(plain) >= 6
        assert "1337" not in text


def test_a_missing_picture_is_named_with_its_reason_and_its_data(files: dict[str, Path]) -> None:
    for text in (Page(files["html"]).text, word_text(files["docx"]), pdf_text(files["pdf"])):
        assert "No picture. No browser was found." in text
        assert "Lancashire and eight others are shown as visited." in text
        assert "Data of figure 3" in text
        assert "Areas by kind of visit. 9 of 12 areas are covered." in " ".join(text.split())


def test_the_stamp_is_on_every_page_of_a_made_up_report(files: dict[str, Path]) -> None:
    for name in ("word/header1.xml", "word/footer1.xml"):
        assert STAMP in part(files["docx"], name)
    pages = [" ".join(page.extract_text().split()) for page in PdfReader(files["pdf"]).pages]
    assert all(page.count(STAMP) >= 2 for page in pages)
    assert Page(files["html"]).text.count(STAMP) == 3
    printed = re.search(r'@top-right \{ content: "([^"]*)"', files["html"].read_text(encoding="utf-8"))
    assert printed is not None
    assert re.sub(r"\\([0-9A-F]+) ", lambda code: chr(int(code[1], 16)), printed[1]) == STAMP
    for text in (word_text(files["docx"]), pages[0], Page(files["html"]).text):
        assert "Nothing in it describes a real police force" in text


def test_a_real_report_is_a_draft_and_says_nothing_of_samples(tmp_path: Path) -> None:
    report, figures = make(tmp_path, is_sample=False)
    real = replace(report, figures=tuple(replace(figure, is_sample=False) for figure in report.figures))
    files = write(tmp_path / "out", real, figures)
    assert "Draft, not for circulation" in part(files["docx"], "word/header1.xml")
    texts = [word_text(files["docx"]), part(files["docx"], "word/header1.xml"), Page(files["html"]).text]
    for text in (*texts, pdf_text(files["pdf"])):
        assert "Draft, not for circulation" in text
        assert "made-up" not in text.lower()


def test_only_figures_of_made_up_rows_are_marked(files: dict[str, Path]) -> None:
    captions = [caption for caption in Page(files["html"]).captions if caption.startswith("Figure")]
    assert ["made-up sample data" in caption for caption in captions] == [True, False, True]


def test_a_character_without_a_glyph_is_printed_as_its_code_point(tmp_path: Path) -> None:
    report = Report("Title", "", False, "Draft", (Section("One", (Paragraph("Smile 😀 and 漢."),)),))
    write_pdf(report, tmp_path, tmp_path / "report.pdf")
    assert "Smile [U+1F600] and [U+6F22]." in pdf_text(tmp_path / "report.pdf")


def test_a_file_that_the_manifest_names_must_be_there(tmp_path: Path) -> None:
    report, figures = make(tmp_path)
    (figures / "coverage_map.png").unlink()
    (figures / "activity_map.csv").unlink()
    for kind, writer in WRITERS.items():
        with pytest.raises(RenderError) as caught:
            writer(report, figures, tmp_path / f"report.{kind}")
        assert caught.value.culprits == ("activity_map.csv", "coverage_map.png")
        assert not (tmp_path / f"report.{kind}").exists()


def test_a_landscape_without_responses_makes_a_report(tmp_path: Path) -> None:
    frames = landscape(is_sample=False)
    for name, frame in frames.items():
        if name in (
            "marts.coverage",
            "safe.survey_answers",
            "safe.members",
            "marts.objective_combinations",
        ) or name.startswith("staged."):
            frames[name] = frame.iloc[:0]
    files = write(tmp_path, compose(frames, []), tmp_path)
    assert "No responses have been received." in word_text(files["docx"])
    assert "No responses have been received." in pdf_text(files["pdf"])
