"""A Word document that a person edited is brought up to date, and every other word stays as it was."""

from __future__ import annotations

import re
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from lxml import etree
from reporting_documents import STAMP, make, part, word_tables, word_text
from reporting_updates import (
    W,
    control,
    edited,
    new_report,
    nothing,
    old_report,
    outside_controls,
    paragraph_of,
    said,
    texts,
    updated,
    xml,
)

from landscape.errors import EditedDocumentError
from landscape.reporting.updating import update
from landscape.reporting.word import write_docx

SENTENCE = "had visits to both the force and the commissioner’s office"


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return old_report(tmp_path_factory.mktemp("old"))


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_report(tmp_path_factory.mktemp("new"))


def test_a_report_that_is_up_to_date_is_not_touched(old: Path, tmp_path: Path) -> None:
    mine = shutil.copy(old, tmp_path / "mine.docx")
    before = mine.read_bytes()
    outcome = update(mine, old)
    assert (outcome.changes, outcome.written, outcome.backup) == ([], None, None)
    assert mine.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["mine.docx"]


def test_only_what_is_in_controls_changes(old: Path, new: Path, tmp_path: Path) -> None:
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


def test_sentences_whose_numbers_changed_are_shown_as_they_are_now(old: Path, new: Path, tmp_path: Path) -> None:
    outcome, _ = updated(old, new, tmp_path, nothing)
    changed = {change.where: change.texts for change in outcome.changes if change.what == "sentence"}
    sentence = next(text for text in changed if SENTENCE in text)
    assert sentence.endswith("4 to one of the two, and 2 to neither (Figure 1).")
    assert changed[sentence] == (("coverage.n_one_visited", "3", "4"), ("coverage.n_neither_visited", "3", "2"))
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


def test_comments_stand_at_the_sentences(old: Path, new: Path, tmp_path: Path) -> None:
    mine = shutil.copy(old, tmp_path / "mine.docx")
    outcome = update(mine, new, with_comments=True)
    comments = etree.fromstring(part(mine, "word/comments.xml").encode())
    changed = ["".join(comment.itertext()) for comment in comments]
    assert "Brought up to date: 3 → 4 (coverage.n_one_visited); 3 → 2 (coverage.n_neither_visited)" in changed
    assert len(changed) == len([change for change in outcome.changes if change.what == "sentence"])
    body = Document(str(mine)).element.body
    marks = [mark.get(qn("w:id")) for mark in body.iter(qn("w:commentRangeStart"))]
    assert sorted(map(int, marks)) == list(range(len(changed)))
    assert sorted(marks) == sorted(mark.get(qn("w:id")) for mark in body.iter(qn("w:commentReference")))
    sentence = paragraph_of(control(body, "coverage.n_one_visited"))
    assert sentence.find(qn("w:commentRangeStart")) is not None
    update(mine, old, with_comments=True)  # a second time, the first comments stay
    assert len(etree.fromstring(part(mine, "word/comments.xml").encode())) == 2 * len(changed)


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
