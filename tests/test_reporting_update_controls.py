"""Controls however Word cuts, moves or wraps them: texts, tables, pictures."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from lxml import etree
from reporting_documents import word_tables
from reporting_landscape import figure_entry, landscape, png, svg
from reporting_updates import W, control, edited, new_report, nothing, old_report, said, texts, updated, xml

from landscape.reporting.compose import compose
from landscape.reporting.updating import update
from landscape.reporting.word import write_docx


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return old_report(tmp_path_factory.mktemp("old"))


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_report(tmp_path_factory.mktemp("new"))


SPLIT = (
    "<w:r w:rsidR='00A1'><w:rPr><w:b/></w:rPr><w:t>1</w:t></w:r><w:proofErr w:type='spellStart'/>"
    "<w:smartTag w:uri='x' w:element='y'><w:r><w:t>1 police</w:t></w:r></w:smartTag>"
    "<w:commentRangeStart w:id='0'/><w:r><w:t xml:space='preserve"
    "'> force areas</w:t></w:r><w:commentRangeEnd w:id='0'/>"
)
TRACKED = (
    "<w:del w:id='1' w:author='A'><w:r><w:delText>eleven</w:delText></w:r></w:del>"
    "<w:ins w:id='2' w:author='A'><w:r><w:t>twelve</w:t></w:r></w:ins><w:r><w:t xml:space='preserve'> areas</w:t></w:r>"
)


@pytest.mark.parametrize(("runs", "kept"), [(SPLIT, "commentRangeStart"), (TRACKED, "delText")])
def test_however_word_cuts_a_text_it_is_found_and_keeps_its_marks(
    old: Path, new: Path, tmp_path: Path, runs: str, kept: str
) -> None:
    def cut(root: etree._Element) -> None:
        content = control(root, "coverage.n_areas")[1]
        content[:] = list(etree.fromstring(f'<x xmlns:w="{W}">{runs}</x>'))

    outcome, out = updated(old, new, tmp_path, cut)
    assert said(out, "coverage.n_areas") == ["12 police force areas"]
    content = control(Document(str(out)).element.body, "coverage.n_areas")[1]
    assert list(content.iter(f"{{{W}}}{kept}"))
    assert "proofErr" not in etree.tostring(content).decode()
    changed = [text for change in outcome.changes for text in change.texts if text[0] == "coverage.n_areas"]
    assert [text[1] for text in changed] == ["11 police force areas" if runs == SPLIT else "twelve areas"]


def test_a_control_in_a_cell_around_a_row_or_around_a_paragraph_is_found(old: Path, new: Path, tmp_path: Path) -> None:
    def everywhere(root: etree._Element) -> None:
        number = control(root, "coverage.n_neither_visited")
        cell = next(root.iter(f"{{{W}}}tbl")).getparent()  # the sdtContent around the first table
        grid = xml("<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>")
        next(grid.iter(f"{{{W}}}p")).append(etree.fromstring(etree.tostring(number)))
        cell.getparent().addprevious(grid)
        block = etree.fromstring(etree.tostring(number))
        paragraph = xml("<w:p/>")
        paragraph.extend(block[1])
        block[1].append(paragraph)
        cell.getparent().addprevious(block)

    _, out = updated(old, new, tmp_path, everywhere)
    assert said(out, "coverage.n_neither_visited") == ["2", "2", "2"]


def test_a_table_keeps_its_look_and_the_columns_that_a_person_left(old: Path, new: Path, tmp_path: Path) -> None:
    def restyled(root: etree._Element) -> None:
        table = next(control(root, "table:visits_by_area").iter(f"{{{W}}}tbl"))
        for row in table.iterchildren(f"{{{W}}}tr"):
            row.remove(row.findall(f"{{{W}}}tc")[2])
            if row.xpath("string(.//w:t)", namespaces={"w": W}) == "Cleveland":
                row.find(f"{{{W}}}tc").find(f"{{{W}}}tcPr").append(xml("<w:shd w:val='clear' w:fill='FFFF00'/>"))

    _, out = updated(old, new, tmp_path, restyled)
    table = word_tables(out)[0]
    rows = {row[0]: row for row in texts(table)}
    assert next(iter(rows)) == "Area"
    assert rows["Area"][1:3] == ["Force visits", "First visit"]
    assert rows["Cleveland"][1] == "1"
    shaded = [row for row in table.rows if "FFFF00" in etree.tostring(row._tr).decode()]
    assert [row.cells[0].text for row in shaded] == ["Cleveland"]


def test_a_table_whose_cells_were_merged_gets_new_rows(old: Path, new: Path, tmp_path: Path) -> None:
    def merged(root: etree._Element) -> None:
        row = list(control(root, "table:visits_by_area").iter(f"{{{W}}}tr"))[2]
        row.remove(row.findall(f"{{{W}}}tc")[1])

    outcome, out = updated(old, new, tmp_path, merged)
    assert texts(word_tables(out)[0]) == texts(word_tables(new)[0])
    assert any(change.texts == (("the whole table", "", ""),) for change in outcome.changes)


def test_a_resized_picture_keeps_its_width_and_gets_the_new_proportions(old: Path, new: Path, tmp_path: Path) -> None:
    def resized(root: etree._Element) -> None:
        for extent in control(root, "figure:coverage_map").iter(qn("wp:extent"), qn("a:ext")):
            extent.set("cx", "3600000")
            extent.set("cy", "9000000")

    _, out = updated(old, new, tmp_path, resized)
    picture = control(Document(str(out)).element.body, "figure:coverage_map")
    extent = next(picture.iter(qn("wp:extent")))
    assert (extent.get("cx"), extent.get("cy")) == ("3600000", str(3600000 * 80 // 64))
    described = next(picture.iter(qn("wp:docPr"))).get("descr")
    assert described.startswith("Map of twelve areas, nine of them visited. More")
    shown = Document(str(out)).part.related_parts[next(picture.iter(qn("a:blip"))).get(qn("r:embed"))]
    assert shown.blob == png(64, 80)
    with zipfile.ZipFile(out) as archive:  # nor does the old one stay hidden in the file
        assert png() in [archive.read(name) for name in archive.namelist() if name.endswith(".png")]
        assert len([name for name in archive.namelist() if name.endswith(".png")]) == 2


def test_a_picture_comes_where_there_was_a_reason_for_none_and_goes_again(old: Path, new: Path, tmp_path: Path) -> None:
    figures = tmp_path / "drawn"
    drawn = [figure_entry(figures, "priorities", title="P", files={"svg": svg("P"), "png": png(64, 20)})]
    write_docx(compose(landscape(), drawn), figures, figures / "landscape.docx")
    mine = edited(old, tmp_path / "mine.docx", nothing)
    update(mine, figures / "landscape.docx")
    body = Document(str(mine)).element.body
    extent = next(control(body, "figure:priorities").iter(qn("wp:extent")))
    assert int(extent.get("cx")) / int(extent.get("cy")) == pytest.approx(64 / 20, rel=0.01)
    update(mine, old)
    assert said(mine, "figure:priorities") == ["No picture. No browser was found."]
    assert (tmp_path / "mine (before update 2).docx").exists()
