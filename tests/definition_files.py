"""Writes questionnaires as survey tools define them."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from itertools import takewhile
from pathlib import Path
from xml.etree import ElementTree as ET

from exports.blocks import Block, blocks

from landscape.surveys.definition import Survey
from landscape.surveys.questionnaire import Question

_REDCAP = (
    "Variable / Field Name", "Form Name", "Section Header", "Field Type", "Field Label",
    "Choices, Calculations, OR Slider Labels", "Field Note", "Text Validation Type OR Show Slider Number",
    "Text Validation Min", "Text Validation Max", "Identifier?", "Branching Logic (Show field only if...)",
    "Required Field?",
)  # fmt: skip
_LIMESURVEY = (
    "class",
    "type/scale",
    "name",
    "relevance",
    "text",
    "help",
    "language",
    "validation",
    "mandatory",
    "other",
)
Row = dict[str, str]


def of(survey: Survey) -> list[Block]:
    return blocks(survey.questionnaire.of(None))


def shared_code(block: Block) -> str:
    """What the names of a grid's or a ranking's questions begin with."""
    words = zip(*(question.name.split("_") for question in block.questions), strict=False)
    return "_".join(word[0] for word in takewhile(lambda word: len(set(word)) == 1, words)) or block.questions[0].name


# -- LimeSurvey


def limesurvey_rows(survey: Survey) -> Iterator[Row]:
    """The questions, sub-questions and answers, each with its class as in the tab-separated structure."""
    yield {"class": "G", "name": "All", "relevance": "1"}
    for block in of(survey):
        first = block.questions[0]
        is_spread = block.kind in ("ranking", "grid")
        kind = {"ranking": "R", "grid": "F", "list": "M"}.get(block.kind) or _limesurvey_type(first)
        options = [option for option in first.options if option.code != first.other_code]
        yield {
            "class": "Q", "type/scale": kind, "name": shared_code(block) if is_spread else first.name, "relevance": "1",
            "text": f"<p>{_escaped(block.heading)}</p>", "mandatory": "Y" if first.required else "N",
            "other": "Y" if first.other_code else "N",
        }  # fmt: skip
        if block.kind == "grid":
            code = shared_code(block)
            for question, item in zip(block.questions, block.items, strict=True):
                yield {
                    "class": "SQ",
                    "type/scale": "0",
                    "name": question.name.removeprefix(f"{code}_"),
                    "text": _escaped(item),
                }
        for option in options if block.kind == "list" else ():
            yield {"class": "SQ", "type/scale": "0", "name": option.code, "text": _escaped(option.label)}
        for option in options if block.kind != "list" else ():
            yield {"class": "A", "type/scale": "0", "name": option.code, "text": _escaped(option.label)}


def _limesurvey_type(question: Question) -> str:
    return {"text": "T", "integer": "N", "decimal": "N", "date": "D", "select_one": "L"}[question.kind]


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def limesurvey_txt(survey: Survey, path: Path, languages: Sequence[str] = ("en",)) -> Path:
    settings = [
        {"class": "S", "name": "language", "text": languages[0]},
        {"class": "S", "name": "additional_languages", "text": " ".join(languages[1:])},
        *({"class": "SL", "name": "surveyls_title", "text": survey.title, "language": name} for name in languages),
    ]
    rows = [
        {
            **row,
            "text": row.get("text", "") if name.startswith("en") else f"({name}) {row.get('text', '')}",
            "language": name,
        }
        for name in languages
        for row in limesurvey_rows(survey)
    ]
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, _LIMESURVEY, delimiter="\t", restval="")
        writer.writeheader()
        writer.writerows([*settings, *rows])
    return path


def limesurvey_lss(survey: Survey, path: Path, *, is_old: bool = False) -> Path:
    """The XML; older versions have the words beside the questions, newer ones in tables of their own."""
    tables: dict[str, list[Row]] = {
        "surveys": [{"sid": "1", "language": "en"}],
        "surveys_languagesettings": [{"surveyls_language": "en", "surveyls_title": survey.title}],
        "groups": [
            {"gid": "1", "group_order": "0", "grelevance": ""}
            | ({"group_name": "All", "language": "en"} if is_old else {})
        ],
    }
    parent = "0"
    for number, row in enumerate(limesurvey_rows(survey), start=1):
        worded = {"language": "en", "answer" if row["class"] == "A" else "question": row.get("text", "")}
        if row["class"] == "Q":
            parent = str(number)
        if row["class"] in ("Q", "SQ"):
            made = {
                "qid": str(number), "parent_qid": "0" if row["class"] == "Q" else parent, "sid": "1", "gid": "1",
                "type": row["type/scale"] if row["class"] == "Q" else "T", "title": row["name"], "relevance": "1",
                "other": row.get("other", "N"), "mandatory": row.get("mandatory", "N"), "scale_id": "0",
                "question_order": str(number),
            }  # fmt: skip
            tables.setdefault("questions" if row["class"] == "Q" else "subquestions", []).append(
                made | (worded if is_old else {})
            )
            if not is_old:
                tables.setdefault("question_l10ns", []).append({"id": str(number), "qid": str(number), **worded})
        elif row["class"] == "A":
            made = {"aid": str(number), "qid": parent, "code": row["name"], "sortorder": str(number), "scale_id": "0"}
            tables.setdefault("answers", []).append(made | (worded if is_old else {}))
            if not is_old:
                tables.setdefault("answer_l10ns", []).append({"id": str(number), "aid": str(number), **worded})
    root = ET.Element("document")
    ET.SubElement(root, "LimeSurveyDocType").text = "Survey"
    ET.SubElement(ET.SubElement(root, "languages"), "language").text = "en"
    for name, found in tables.items():
        rows = ET.SubElement(ET.SubElement(root, name), "rows")
        for row in found:
            written = ET.SubElement(rows, "row")
            for tag, text in row.items():
                ET.SubElement(written, tag).text = text
    path.write_bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))
    return path


# -- Qualtrics


def qualtrics_qsf(survey: Survey, path: Path) -> Path:
    elements: list[dict[str, object]] = []
    shown = []
    for number, block in enumerate(of(survey), start=1):
        first = block.questions[0]
        options = {str(n): {"Display": option.label} for n, option in enumerate(first.options, start=1)}
        for n, option in enumerate(first.options, start=1):
            if option.code == first.other_code:
                options[str(n)]["TextEntry"] = "true"
        payload: dict[str, object] = {
            "QuestionText": f"<div>{_escaped(block.heading)}</div>", "DataExportTag": f"Q{number}",
            "QuestionID": f"QID{number}", "QuestionType": "TE", "Selector": "SL",
            "Validation": {"Settings": {"ForceResponse": "ON" if first.required else "OFF", **_content(first)}},
        }  # fmt: skip
        if block.kind == "grid":
            rows = {str(n): {"Display": item} for n, item in enumerate(block.items, start=1)}
            payload |= {"QuestionType": "Matrix", "Selector": "Likert", "SubSelector": "SingleAnswer"}
            payload |= {"Choices": rows, "ChoiceOrder": list(rows), "Answers": options, "AnswerOrder": list(options)}
        elif first.options:
            kinds = {"ranking": ("RO", "DND"), "list": ("MC", "MAVR")}
            payload["QuestionType"], payload["Selector"] = kinds.get(block.kind, ("MC", "SAVR"))
            payload |= {"Choices": options, "ChoiceOrder": list(options)}
        elements.append({"Element": "SQ", "PrimaryAttribute": f"QID{number}", "Payload": payload})
        shown.append({"Type": "Question", "QuestionID": f"QID{number}"})
    block_of_all = [{"Type": "Default", "ID": "BL_1", "Description": "All", "BlockElements": shown}]
    flow = {"Flow": [{"ID": "BL_1", "Type": "Block", "FlowID": "FL_2"}]}
    elements += [
        {"Element": "BL", "PrimaryAttribute": "Survey Blocks", "Payload": block_of_all},
        {"Element": "FL", "PrimaryAttribute": "Survey Flow", "Payload": flow},
    ]
    entry = {"SurveyName": survey.title, "SurveyLanguage": "EN"}
    path.write_text(json.dumps({"SurveyEntry": entry, "SurveyElements": elements}), encoding="utf-8")
    return path


def _content(question: Question) -> dict[str, str]:
    content = {"integer": "ValidNumber", "decimal": "ValidNumber", "date": "ValidDate"}.get(question.kind)
    return {"ContentType": content} if content else {}


# -- REDCap, Jisc


def redcap_dictionary(survey: Survey, path: Path) -> Path:
    rows = [{"Variable / Field Name": "record_id", "Form Name": "all", "Field Type": "text", "Field Label": "Record"}]
    for question in survey.questionnaire.of(None):
        kind = {"select_one": "radio", "select_multiple": "checkbox"}.get(question.kind, "text")
        checked = {"integer": "integer", "decimal": "number", "date": "date_dmy"}.get(question.kind, "")
        choices = " | ".join(f"{n}, {option.label}" for n, option in enumerate(question.options, start=1))
        rows.append(
            {
                "Variable / Field Name": question.name, "Form Name": "all", "Field Type": kind,
                "Field Label": question.label, "Choices, Calculations, OR Slider Labels": choices,
                "Text Validation Type OR Show Slider Number": checked,
                "Identifier?": "y" if question.privacy == "personal" else "",
                "Required Field?": "y" if question.required else "",
            }
        )  # fmt: skip
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, _REDCAP, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def jisc_key(survey: Survey, path: Path) -> Path:
    """The key of a coded export, in which questions are called `Q1`, `Q2` …"""
    rows = [("URN", "Unique Response Number")]
    for number, block in enumerate(of(survey), start=1):
        rows.append((f"Q{number}", block.heading))
        numbered = [(str(n), option.label) for n, option in enumerate(block.questions[0].options, start=1)]
        if block.kind == "ranking":
            for n, item in enumerate(block.items, start=1):
                rows += [
                    (f"Q{number}_{n}", item),
                    *((str(place), f"Place {place}") for place in range(1, len(block.items) + 1)),
                ]
        elif block.kind == "grid":
            for n, item in enumerate(block.items, start=1):
                rows += [(f"Q{number}_{n}_a", item), *numbered]
        else:
            rows += numbered
        if block.questions[0].other_code:
            rows.append((f"Q{number}_a", "If you selected Other, please specify:"))
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    return path
