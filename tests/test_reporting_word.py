"""What only Word has: fields, links, styles, and a template that others may bring."""

from __future__ import annotations

import shutil
from itertools import pairwise
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from reporting_documents import (
    TABLES,
    make,
    part,
    word_captions,
)

from landscape.errors import RenderError
from landscape.paths import ProjectPaths
from landscape.reporting.template import TEMPLATE, template_of
from landscape.reporting.word import write_docx


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    report, figures = make(tmp_path_factory.mktemp("word"))
    write_docx(report, figures, figures / "report.docx")
    return figures / "report.docx"


def test_word_counts_captions_with_fields_of_its_own(written: Path) -> None:
    fields = list(Document(str(written)).element.body.iter(qn("w:fldSimple")))
    figures = [field for field in fields if field.get(qn("w:instr")) == " SEQ Figure \\* ARABIC "]
    tables = [field for field in fields if field.get(qn("w:instr")) == " SEQ Table \\* ARABIC "]
    assert (len(figures), len(tables)) == (3, TABLES)
    assert ["".join(text.text for text in field.iter(qn("w:t"))) for field in figures] == ["1", "2", "3"]


def test_word_contents_are_filled_and_lead_to_headings(written: Path) -> None:
    document = Document(str(written))
    body = document.element.body
    headings = [line.text for line in document.paragraphs if line.style.name in ("Heading 1", "Heading 2")]
    entries = [line for line in document.paragraphs if line.style.name.lower().startswith("toc ")]
    entries = [line for line in entries if line.style.name.lower() != "toc heading"]
    assert [line.text.split("\t")[1] for line in entries] == headings
    assert [line.text.split("\t")[0] for line in entries[:5]] == ["1", "2", "3", "4", "5"]
    bookmarks = {mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))}
    anchors = [link.get(qn("w:anchor")) for link in body.iter(qn("w:hyperlink"))]
    assert len(anchors) == len(set(anchors)) == len(headings) + 3
    assert set(anchors) <= bookmarks
    kinds = [mark.get(qn("w:fldCharType")) for mark in body.iter(qn("w:fldChar"))]
    assert kinds == ["begin", "separate", "end"] * 2


def test_the_list_of_figures_holds_every_caption_in_order(written: Path) -> None:
    lines = [line for line in Document(str(written)).paragraphs if line.style.name == "table of figures"]
    shown = ["".join(text.text or "" for text in line._p.iter(qn("w:t"))) for line in lines]
    assert shown == [f"{said} " for said in word_captions(written) if said.startswith("Figure")]


def test_pictures_are_sixteen_centimetres_wide(written: Path) -> None:
    extents = list(Document(str(written)).element.body.iter(qn("wp:extent")))
    assert [round(int(extent.get("cx")) / 360_000, 2) for extent in extents] == [16, 16]


def test_word_is_a4_in_british_english(written: Path) -> None:
    page = Document(str(written)).sections[0]
    assert (round(page.page_width.cm, 1), round(page.page_height.cm, 1)) == (21.0, 29.7)
    assert 'w:lang w:val="en-GB"' in part(written, "word/styles.xml")


def test_an_institution_can_bring_its_own_template(tmp_path: Path) -> None:
    own = Document(str(TEMPLATE))
    own.paragraphs[0].insert_paragraph_before("University of the North")
    own.styles["Heading 1"].font.name = "Georgia"
    own.save(str(tmp_path / "own.docx"))
    report, figures = make(tmp_path)
    write_docx(report, figures, tmp_path / "report.docx", template=tmp_path / "own.docx")
    written = Document(str(tmp_path / "report.docx"))
    assert written.paragraphs[0].text == "University of the North"
    assert written.paragraphs[1].text == report.title
    assert written.styles["Heading 1"].font.name == "Georgia"


def test_a_template_in_reports_is_used_before_the_projects_own(tmp_path: Path) -> None:
    paths = ProjectPaths(tmp_path)
    assert template_of(paths) == TEMPLATE
    paths.reports.mkdir()
    shutil.copy(TEMPLATE, paths.reports / "template.docx")
    assert template_of(paths) == paths.reports / "template.docx"


def test_a_template_without_its_styles_and_places_is_refused_with_all_their_names(tmp_path: Path) -> None:
    own = Document(str(TEMPLATE))
    for name in ("Caption", "Table Note"):
        own.styles[name].element.getparent().remove(own.styles[name].element)
    for paragraph in own.paragraphs:
        for run in paragraph.runs:
            run.text = run.text.replace("block.caption", "block.title")
    own.save(str(tmp_path / "own.docx"))
    report, figures = make(tmp_path)
    with pytest.raises(RenderError) as caught:
        write_docx(report, figures, tmp_path / "report.docx", template=tmp_path / "own.docx")
    assert caught.value.culprits == ("style “Caption”", "style “Table Note”", "“block.caption” between braces")
    (tmp_path / "none.docx").write_text("no document", encoding="utf-8")
    with pytest.raises(RenderError, match="not a Word document"):
        write_docx(report, figures, tmp_path / "report.docx", template=tmp_path / "none.docx")


def test_references_lead_to_captions_and_say_their_numbers(written: Path) -> None:
    body = Document(str(written)).element.body
    labels = {}
    for mark in body.iter(qn("w:bookmarkStart")):
        runs = []
        for element in mark.itersiblings():
            if element.tag == qn("w:bookmarkEnd"):
                break
            runs.append("".join(text.text or "" for text in element.iter(qn("w:t"))))
        labels[mark.get(qn("w:name"))] = "".join(runs)
    fields = [field for field in body.iter(qn("w:fldSimple")) if " REF " in field.get(qn("w:instr"))]
    assert len(fields) >= 10
    for field in fields:
        shown = "".join(text.text or "" for text in field.iter(qn("w:t")))
        assert labels[field.get(qn("w:instr")).split()[1]] == shown
    ids = [mark.get(qn("w:id")) for mark in body.iter(qn("w:bookmarkStart"))]
    assert len(ids) == len(set(ids))


def test_the_structure_is_sound_for_those_who_listen_to_it(written: Path) -> None:
    document = Document(str(written))
    body = document.element.body
    levels = [int(line.style.name[-1]) for line in document.paragraphs if line.style.name.startswith("Heading ")]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    headings = [line for line in document.paragraphs if line.style.name.startswith(("Heading ", "Title"))]
    assert all(line.text.strip() for line in headings)
    for table in body.iter(qn("w:tbl")):
        first = next(table.iter(qn("w:tr")))
        assert first.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
        caption = table.getparent().getparent().getprevious()  # outside the content control
        assert caption.style == "Caption"
    for picture in body.iter(qn("wp:docPr")):
        assert len(picture.get("descr")) > 20
    assert document.core_properties.title
    tags = [tag.get(qn("w:val")) for tag in body.iter(qn("w:tag"), qn("w:alias"))]
    assert max(map(len, tags)) <= 64


def test_a_template_without_the_stamp_is_refused(tmp_path: Path) -> None:
    own = Document(str(TEMPLATE))
    for place in (own.sections[0].header, own.sections[0].footer):
        for paragraph in place.paragraphs:
            for run in paragraph.runs:
                run.text = run.text.replace("{{ stamp }}", "")
    own.save(str(tmp_path / "own.docx"))
    report, figures = make(tmp_path)
    with pytest.raises(RenderError, match="status on every page"):
        write_docx(report, figures, tmp_path / "report.docx", template=tmp_path / "own.docx")


def test_a_template_whose_stamp_could_not_be_changed_later_is_refused(tmp_path: Path) -> None:
    own = Document(str(TEMPLATE))
    run = next(run for run in own.sections[0].footer.paragraphs[0].runs if "stamp" in run.text)
    run.text = "Status: {{ stamp }}"
    own.save(str(tmp_path / "own.docx"))
    report, figures = make(tmp_path)
    with pytest.raises(RenderError, match="mixes the report’s status"):
        write_docx(report, figures, tmp_path / "report.docx", template=tmp_path / "own.docx")


def test_a_template_with_a_broken_loop_is_refused(tmp_path: Path) -> None:
    own = Document(str(TEMPLATE))
    last = [line for line in own.paragraphs if "endfor" in line.text][-1]
    last._p.getparent().remove(last._p)
    own.save(str(tmp_path / "own.docx"))
    report, figures = make(tmp_path)
    with pytest.raises(RenderError, match="cannot be filled in"):
        write_docx(report, figures, tmp_path / "report.docx", template=tmp_path / "own.docx")
