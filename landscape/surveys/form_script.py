"""A survey as a Word script, to paste into a tool that takes no XLSForm."""

from __future__ import annotations

import datetime as dt
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

from landscape.office_files import FONT, INK, PALE, QUIET, write_fixed_zip
from landscape.surveys.definition import Survey
from landscape.surveys.questionnaire import Question, Questionnaire

if TYPE_CHECKING:
    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph

_TOOLS = ("Jisc Online Surveys", "Microsoft Forms")
_TYPES = {
    "text": ("Free text", "Text"),
    "integer": ("Free text, single line, whole numbers only", "Text, with the restriction “Number”"),
    "decimal": ("Free text, single line, numbers only", "Text, with the restriction “Number”"),
    "date": ("Date/time, date only", "Date"),
    "select_one": ("Multiple choice, single answer", "Choice, “Multiple answers” off"),
    "select_multiple": ("Multiple choice, multiple answers", "Choice, “Multiple answers” on"),
}
_OTHER = (
    "tick the box that adds it; leave its question for details as Jisc words it (“If you selected Other, please specify”)",
    "add it with “Add “Other” option”; do not type it as an option of its own",
)
_SETTINGS = (
    (
        "Wording",
        "Paste each question exactly as it is here. Type no numbers in front: the tool adds its own.",
        "Paste each question exactly as it is here. Once answers are in, changing a title renames its column.",
    ),
    (
        "Options",
        "Paste one per line, exactly as they are here.",
        "Paste one per line, exactly as they are here. No option may hold a semicolon: Forms joins several answers with it.",
    ),
    (
        "Names",
        "Do not ask who answers beyond the questions below.",
        "Under “Who can fill out this form”, choose “Anyone can respond”, or switch off “Record name”.",
    ),
    (
        "Trial answers",
        "Note the response numbers of your own trials; they go into test_responses in survey.yml.",
        "Note the IDs of your own trials; they go into test_responses in survey.yml.",
    ),
    (
        "Export",
        "CSV; “Code responses” off; with unique response numbers and the dates of start and completion.",
        "“Open in Excel”. Save it as it is; do not edit, sort or re-save it.",
    ),
)
_RANKED = (
    "One place of a ranking: ask each place as a question of its own, not with the tool’s question type for rankings."
)
_REFERENCE = re.compile(r"\$\{(\w+)\}")
_QUOTED = re.compile(r"'([^']*)'")


def write_form_script(survey: Survey, path: Path, saved_at: dt.datetime) -> None:
    """Writes the script: settings first, then each question with type, help and options.

    Args:
        survey: Repeated parts are left out, since these tools cannot ask them; the script says so.
        path: The .docx to write.
        saved_at: When it says it was made (UTC).
    """
    from docx import Document

    document = Document()
    _set_page(document)
    _title(document, survey)
    _settings(document)
    _heading(document, "Questions")
    questions = survey.form.of(None)
    for number, question in enumerate(questions, start=1):
        _question(document, question, f"{number} of {len(questions)}", survey.form)
    properties = document.core_properties
    properties.title, properties.author = survey.title, "engagement-landscape"
    properties.created = saved_at.replace(tzinfo=None)
    made = io.BytesIO()
    document.save(made)
    write_fixed_zip(made, path, saved_at)


def condition_in_words(question: Question, asked: Questionnaire) -> str:
    """The condition under which a question is asked, with wordings and options in place of names and codes."""
    labels = {option.code: option.label for other in asked.questions for option in other.options}
    named = _REFERENCE.sub(lambda found: f"“{asked.by_name[found[1]].label}”", question.relevant)
    worded = _QUOTED.sub(lambda found: f"“{labels.get(found[1], found[1])}”", named)
    return re.sub(r"selected\(\s*(“.*?”)\s*,\s*(“.*?”)\s*\)", r"\1 includes \2", worded)


def _set_page(document: Document) -> None:
    from docx.shared import Cm, Pt, RGBColor

    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin = section.bottom_margin = Cm(2)
    for name, size in (("Normal", 10.5), ("Title", 22), ("Heading 1", 15), ("Heading 2", 11.5)):
        style = document.styles[name]
        style.element.get_or_add_rPr().get_or_add_rFonts().attrib.clear()  # a theme's font would come first
        style.font.name, style.font.size = FONT, Pt(size)
        style.font.color.rgb = RGBColor.from_string(INK)
    document.styles["Normal"].paragraph_format.space_after = Pt(4)


def _title(document: Document, survey: Survey) -> None:
    document.add_paragraph(survey.title, style="Title")
    _quiet(
        document.add_paragraph(),
        f"Script for {_TOOLS[0]} or {_TOOLS[1]} · survey {survey.name} · version {survey.form.version}",
    )
    document.add_paragraph(
        "Build the survey from this script, question by question, and its export will fit the questionnaire. Then give one "
        "trial answer to every question, export it, and run: landscape check FILE"
    )
    if survey.form.repeats:
        parts = ", ".join(repeat.label for repeat in survey.form.repeats)
        document.add_paragraph(
            f"Not in this script: {parts}. They are filled in several times for one response, which these tools cannot ask. "
            "Use the XLSForm workbook in KoboToolbox or ODK, or the blank workbook: "
            f"landscape survey workbook {survey.name}"
        )


def _settings(document: Document) -> None:
    from docx.shared import Cm

    _heading(document, "Settings that matter")
    _quiet(document.add_paragraph(), "Names of settings differ a little from one version of a tool to the next.")
    table = document.add_table(rows=1, cols=3)
    table.style = "Table Grid"
    for cell, text in zip(table.rows[0].cells, ("", *_TOOLS), strict=True):
        _fill(cell, text, is_heading=True)
    for row in _SETTINGS:
        cells = table.add_row().cells
        for position, (cell, text) in enumerate(zip(cells, row, strict=True)):
            _fill(cell, text, is_bold=position == 0)
    table.autofit = False
    for column, width in zip(table.columns, (2.6, 7, 7), strict=True):
        column.width = Cm(width)
        for cell in column.cells:
            cell.width = Cm(width)


def _question(document: Document, question: Question, place: str, asked: Questionnaire) -> None:
    required = " · must be answered" if question.required else ""
    document.add_paragraph(f"Question {place}{required}", style="Heading 2")
    _wording(document, question.label)
    notes = [("Help below it", question.hint)] if question.hint else []
    notes += zip(_TOOLS, _TYPES[question.kind], strict=True)
    if question.rank:
        notes.append(("Ranking", _RANKED))
    if question.relevant:
        notes.append(("Asked only if", condition_in_words(question, asked)))
    if question.options:
        notes.append(("Options", ""))
    for label, text in notes:
        is_last = not question.options and (label, text) == notes[-1]
        _labelled(document, label, text).paragraph_format.keep_with_next = not is_last
    if question.options:
        _options(document, question)


def _wording(document: Document, wording: str) -> None:
    """The wording in a shaded paragraph of its own, to be copied whole."""
    from docx.shared import Pt

    paragraph = document.add_paragraph()
    paragraph.add_run(wording).bold = True
    paragraph.paragraph_format.keep_with_next = True
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(3), Pt(5)
    paragraph._p.get_or_add_pPr().append(_shading())


def _options(document: Document, question: Question) -> None:
    """The options one per line and without bullets, so that they can be pasted together; then how to add “Other”."""
    from docx.shared import Cm, Pt

    other = ""
    for option in question.offered:
        if option.code == question.other_code:
            other = option.label
        else:
            line = document.add_paragraph(option.label).paragraph_format
            line.left_indent, line.space_after = Cm(0.6), Pt(0)
    if other:
        for tool, how in zip(_TOOLS, _OTHER, strict=True):
            added = _labelled(document, f"And “{other}” in {tool}", how).paragraph_format
            added.space_before = Pt(4)


def _heading(document: Document, text: str) -> None:
    document.add_paragraph(text, style="Heading 1")


def _labelled(document: Document, label: str, text: str) -> Paragraph:
    paragraph = document.add_paragraph()
    _quiet(paragraph, f"{label}: " if text else f"{label}:")
    paragraph.add_run(text)
    return paragraph


def _quiet(paragraph: Paragraph, text: str) -> None:
    from docx.shared import Pt, RGBColor

    run = paragraph.add_run(text)
    run.font.size = Pt(9.5)
    run.font.color.rgb = RGBColor.from_string(QUIET)


def _fill(cell: _Cell, text: str, *, is_bold: bool = False, is_heading: bool = False) -> None:
    from docx.shared import Pt

    run = cell.paragraphs[0].add_run(text)
    run.bold, run.font.size = is_bold or is_heading, Pt(9.5)
    cell.paragraphs[0].paragraph_format.space_before = cell.paragraphs[0].paragraph_format.space_after = Pt(2)
    if is_heading:
        cell._tc.get_or_add_tcPr().append(_shading())


def _shading() -> BaseOxmlElement:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    shading = OxmlElement("w:shd")
    shading.set(qn("w:val"), "clear")
    shading.set(qn("w:fill"), PALE)
    return shading
