"""A Word document that a person edited is brought up to date, and every other word stays as it was."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.table import Table
from lxml import etree
from reporting_documents import STAMP, make, part, word_tables, word_text
from reporting_landscape import figure_entry, landscape, png, svg

from landscape.errors import EditedDocumentError
from landscape.reporting.compose import compose
from landscape.reporting.updating import Outcome, update
from landscape.reporting.word import write_docx

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SENTENCE = "had visits to both the force and the commissioner’s office"


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report that the person edited."""
    report, figures = make(tmp_path_factory.mktemp("old"))
    write_docx(report, figures, figures / "landscape.docx")
    return figures / "landscape.docx"


def grown() -> dict[str, pd.DataFrame]:
    """The landscape after one more visit, to Cleveland, and with one topic no longer offered."""
    tables = landscape()
    areas = tables["marts.force_areas"]
    is_cleveland = areas["force_area_name"] == "Cleveland"
    areas.loc[is_cleveland, ["n_visits", "n_force_visits", "n_activities"]] = 1
    areas.loc[is_cleveland, ["state", "visits_state"]] = "value"
    breakdown = tables["marts.objective_combinations"]
    tables["marts.objective_combinations"] = breakdown[~breakdown["objective_codes"].str.contains("DIVERT")]
    return tables


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of today: other numbers, another picture of other proportions."""
    figures = tmp_path_factory.mktemp("new") / "figures"
    entries = [
        figure_entry(figures, "coverage_map", title="More", files={"svg": svg("More"), "png": png(64, 80)}),
        figure_entry(
            figures, "activity_map", title="Activities", files={"svg": svg("A"), "png": png()}, is_sample=False
        ),
        figure_entry(figures, "priorities", title="Priorities", files={}, pictures_missing="No browser was found."),
    ]
    write_docx(compose(grown(), entries), figures, figures / "landscape.docx")
    return figures / "landscape.docx"


def edited(source: Path, out: Path, change: Callable[[etree._Element], None]) -> Path:
    """A copy of a document with its text changed as Word would, or as a person would."""
    with zipfile.ZipFile(source) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in archive.infolist():
            data = archive.read(entry)
            if entry.filename == "word/document.xml":
                root = etree.fromstring(data)
                change(root)
                data = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
            target.writestr(entry, data)
    return out


def controls(root: etree._Element, tag: str) -> list[etree._Element]:
    tags = [found for found in root.iter(f"{{{W}}}tag") if found.get(f"{{{W}}}val") == tag]
    return [found.getparent().getparent() for found in tags]


def control(root: etree._Element, tag: str) -> etree._Element:
    return controls(root, tag)[0]


def paragraph_of(element: etree._Element) -> etree._Element:
    return next(element.iterancestors(f"{{{W}}}p"))


def said(path: Path, tag: str) -> list[str]:
    body = Document(str(path)).element.body
    return ["".join(text.text or "" for text in found.iter(qn("w:t"))) for found in controls(body, tag)]


def xml(text: str) -> etree._Element:
    return etree.fromstring(f'<x xmlns:w="{W}">{text}</x>')[0]


def updated(old: Path, new: Path, folder: Path, change: Callable[[etree._Element], None]) -> tuple[Outcome, Path]:
    mine = edited(old, folder / "mine.docx", change)
    return update(mine, new, folder / "out.docx"), folder / "out.docx"


def nothing(root: etree._Element) -> None:
    """As it is."""


def outside_controls(data: bytes) -> str:
    """Everything but what stands in controls."""
    root = etree.fromstring(data)
    for content in root.xpath("//w:sdtContent", namespaces={"w": W}):
        for child in list(content):
            content.remove(child)
    return etree.tostring(root).decode()


def test_a_report_that_is_up_to_date_is_not_touched(old: Path, tmp_path: Path) -> None:
    mine = shutil.copy(old, tmp_path / "mine.docx")
    before = mine.read_bytes()
    outcome = update(mine, old)
    assert (outcome.changes, outcome.written, outcome.backup) == ([], None, None)
    assert mine.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["mine.docx"]


def test_only_what_stands_in_controls_changes(old: Path, new: Path, tmp_path: Path) -> None:
    mine = shutil.copy(old, tmp_path / "mine.docx")
    outcome = update(mine, new)
    with zipfile.ZipFile(old) as archive, zipfile.ZipFile(mine) as now:
        names = set(archive.namelist()) & set(now.namelist())
        changed = {name for name in names if archive.read(name) != now.read(name)}
        before, after = archive.read("word/document.xml"), now.read("word/document.xml")
    assert changed == {"word/document.xml", "word/_rels/document.xml.rels"}
    assert outside_controls(before) == outside_controls(after)
    head = before.index(b"<w:sdtContent>")
    assert after[:head] == before[:head]
    assert outcome.backup == tmp_path / "mine (before update).docx"
    assert outcome.backup.read_bytes() != mine.read_bytes()
    assert word_text(outcome.backup) == word_text(old)


def test_what_is_brought_up_to_date_reads_like_the_new_report(old: Path, new: Path, tmp_path: Path) -> None:
    _, out = updated(old, new, tmp_path, nothing)
    assert said(out, "coverage.n_neither_visited") == said(new, "coverage.n_neither_visited") == ["2"]
    assert said(out, "activities.n_areas_with") == ["9 of 10"]
    for table, fresh in ((word_tables(out)[0], word_tables(new)[0]), (word_tables(out)[3], word_tables(new)[3])):
        assert texts(table) == texts(fresh)
    assert said(out, "figure-caption:coverage_map") == ["More (made-up sample data)"] * 2


def texts(table: Table) -> list[list[str]]:
    return [["".join(t.text or "" for t in cell._tc.iter(qn("w:t"))) for cell in row.cells] for row in table.rows]


def test_sentences_whose_numbers_changed_are_told_as_they_stand_now(old: Path, new: Path, tmp_path: Path) -> None:
    outcome, _ = updated(old, new, tmp_path, nothing)
    told = {change.where: change.texts for change in outcome.changes if change.what == "sentence"}
    sentence = next(text for text in told if SENTENCE in text)
    assert sentence.endswith("4 to one of the two, and 2 to neither (Figure 1).")
    assert told[sentence] == (("coverage.n_one_visited", "3", "4"), ("coverage.n_neither_visited", "3", "2"))
    tables = {change.where: change.texts for change in outcome.changes if change.what == "table"}
    assert ("Cleveland, Force visits", "0", "1") in tables["table:visits_by_area"]
    assert tables["table:objectives"][-1][0] == "row gone"
    assert [change.where for change in outcome.changes if change.what == "figure"] == ["figure:coverage_map"]


def test_an_analysts_own_words_order_and_headings_stay(old: Path, new: Path, tmp_path: Path) -> None:
    def by_an_analyst(root: etree._Element) -> None:
        moved = paragraph_of(control(root, "coverage.n_areas"))
        removed = paragraph_of(control(root, "activities.n_areas_with"))
        heading = next(
            p for p in root.iter(f"{{{W}}}p") if p.xpath("string(.)") == "Engagement activities" and p is not moved
        )
        next(iter(heading.iter(f"{{{W}}}t"))).text = "What forces do"
        moved.append(xml("<w:r><w:t xml:space='preserve'> My own remark about 3 areas.</w:t></w:r>"))
        root[0].append(moved)
        removed.getparent().remove(removed)

    outcome, out = updated(old, new, tmp_path, by_an_analyst)
    text = word_text(out)
    assert "What forces do" in text
    assert "4 to one of the two, and 2 to neither (Figure 1). My own remark about 3 areas." in text
    assert "Covered areas with none recorded" not in text
    assert outcome.unknown == []


def test_a_control_that_was_copied_is_brought_up_to_date_everywhere(old: Path, new: Path, tmp_path: Path) -> None:
    def copied(root: etree._Element) -> None:
        paragraph = paragraph_of(control(root, "coverage.n_neither_visited"))
        paragraph.addnext(etree.fromstring(etree.tostring(paragraph)))

    _, out = updated(old, new, tmp_path, copied)
    assert said(out, "coverage.n_neither_visited") == ["2", "2"]


def test_what_the_report_no_longer_has_is_named_and_left(old: Path, new: Path, tmp_path: Path) -> None:
    def renamed(root: etree._Element) -> None:
        about = control(root, "coverage.n_areas")[0]
        about[0].set(f"{{{W}}}val", "Coverage: gone [coverage.gone]")
        about[1].set(f"{{{W}}}val", "coverage.gone")

    outcome, out = updated(old, new, tmp_path, renamed)
    ((tag, paragraph),) = outcome.unknown
    assert tag == "coverage.gone"
    assert SENTENCE in paragraph
    assert said(out, "coverage.gone") == ["12 police force areas"]


def test_a_persons_own_controls_are_none_of_ours(old: Path, new: Path, tmp_path: Path) -> None:
    own = "<w:sdt><w:sdtPr><w:alias w:val='Choose'/><w:tag w:val='own'/></w:sdtPr><w:sdtContent/></w:sdt>"

    def around(root: etree._Element) -> None:
        paragraph = paragraph_of(control(root, "coverage.n_neither_visited"))
        wrapper = xml(own)
        paragraph.addprevious(wrapper)
        wrapper[-1].append(paragraph)

    outcome, out = updated(old, new, tmp_path, around)
    assert outcome.unknown == []
    assert said(out, "coverage.n_neither_visited") == ["2"]


def test_a_control_that_was_emptied_stays_empty(old: Path, new: Path, tmp_path: Path) -> None:
    def emptied(root: etree._Element) -> None:
        found = control(root, "coverage.n_neither_visited")
        found[0].append(xml("<w:showingPlcHdr/>"))
        found[1][0][-1].text = "Click or tap here to enter text."

    outcome, out = updated(old, new, tmp_path, emptied)
    assert outcome.emptied == ["coverage.n_neither_visited"]
    assert said(out, "coverage.n_neither_visited") == ["Click or tap here to enter text."]


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
    told = [text for change in outcome.changes for text in change.texts if text[0] == "coverage.n_areas"]
    assert [text[1] for text in told] == ["11 police force areas" if runs == SPLIT else "twelve areas"]


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


def test_a_table_whose_cells_were_merged_gets_its_rows_anew(old: Path, new: Path, tmp_path: Path) -> None:
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


def test_comments_stand_at_the_sentences(old: Path, new: Path, tmp_path: Path) -> None:
    mine = shutil.copy(old, tmp_path / "mine.docx")
    outcome = update(mine, new, with_comments=True)
    comments = etree.fromstring(part(mine, "word/comments.xml").encode())
    told = ["".join(comment.itertext()) for comment in comments]
    assert "Brought up to date: 3 → 4 (coverage.n_one_visited); 3 → 2 (coverage.n_neither_visited)" in told
    assert len(told) == len([change for change in outcome.changes if change.what == "sentence"])
    body = Document(str(mine)).element.body
    marks = [mark.get(qn("w:id")) for mark in body.iter(qn("w:commentRangeStart"))]
    assert sorted(map(int, marks)) == list(range(len(told)))
    assert sorted(marks) == sorted(mark.get(qn("w:id")) for mark in body.iter(qn("w:commentReference")))
    sentence = paragraph_of(control(body, "coverage.n_one_visited"))
    assert sentence.find(qn("w:commentRangeStart")) is not None
    update(mine, old, with_comments=True)  # a second time, the first comments stay
    assert len(etree.fromstring(part(mine, "word/comments.xml").encode())) == 2 * len(told)


def test_made_up_numbers_never_stand_in_a_document_that_does_not_say_so(old: Path, new: Path, tmp_path: Path) -> None:
    bare = Document()
    bare.add_paragraph("Mine. ")
    number = control(Document(str(old)).element.body, "coverage.n_neither_visited")
    bare.paragraphs[0]._p.append(number)
    bare.save(str(tmp_path / "mine.docx"))
    outcome = update(tmp_path / "mine.docx", new)
    assert outcome.is_stamp_added
    assert word_text(tmp_path / "mine.docx").splitlines()[0] == STAMP
    assert not update(tmp_path / "mine.docx", old).is_stamp_added


def real(folder: Path) -> Path:
    report, figures = make(folder / "real", is_sample=False)
    report = replace(report, figures=tuple(replace(figure, is_sample=False) for figure in report.figures))
    write_docx(report, figures, figures / "landscape.docx")
    return figures / "landscape.docx"


def test_with_real_numbers_the_document_says_no_longer_that_they_are_made_up(old: Path, tmp_path: Path) -> None:
    mine = shutil.copy(old, tmp_path / "mine.docx")
    outcome = update(mine, real(tmp_path))
    assert not outcome.is_sample
    assert [line for line in word_text(mine).splitlines() if "made-up" in line.lower()] == []
    assert "Draft, not for circulation" in part(mine, "word/header1.xml")
    assert "Made-up" not in part(mine, "word/header1.xml")
    update(mine, old)
    assert "Made-up" in part(mine, "word/header1.xml")


def test_a_document_keeps_its_status_while_something_in_it_comes_from_other_numbers(old: Path, tmp_path: Path) -> None:
    def renamed(root: etree._Element) -> None:
        for element in control(root, "coverage.n_areas")[0][:2]:
            element.set(f"{{{W}}}val", "coverage.gone")

    mine = edited(old, tmp_path / "mine.docx", renamed)
    outcome = update(mine, real(tmp_path))
    assert outcome.is_stamp_kept
    assert "Made-up" in part(mine, "word/header1.xml")


def test_what_cannot_be_brought_up_to_date_is_refused_in_words(old: Path, new: Path, tmp_path: Path) -> None:
    (tmp_path / "text.docx").write_text("no zip", encoding="utf-8")
    (tmp_path / "locked.docx").write_bytes(b"\xd0\xcf\x11\xe0 a password")
    Document().save(str(tmp_path / "empty.docx"))
    shutil.copy(old, tmp_path / "open.docx")
    (tmp_path / "~$open.docx").touch()
    broken = tmp_path / "broken.docx"
    with zipfile.ZipFile(broken, "w") as archive:
        archive.writestr("word/document.xml", "<w:document><w:p></w:document>")
    for name, said_ in (
        ("none.docx", "no such file"),
        ("text.docx", "not a Word document"),
        ("locked.docx", "password"),
        ("empty.docx", "no content controls"),
        ("open.docx", "open in Word"),
        ("broken.docx", "damaged"),
    ):
        with pytest.raises(EditedDocumentError, match=said_) as caught:
            update(tmp_path / name, new)
        assert caught.value.remedy
    with pytest.raises(EditedDocumentError, match="the report itself"):
        update(new, new)
    update(tmp_path / "open.docx", new, tmp_path / "elsewhere.docx")
    assert re.search("2 to neither", word_text(tmp_path / "elsewhere.docx"))
