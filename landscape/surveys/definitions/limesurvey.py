"""LimeSurvey's survey structure: the XML (.lss) and the tab-separated one (.txt)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from xml.etree import ElementTree as ET

from landscape.surveys.definitions.limesurvey_questions import Group, Item, Structure, definition_of
from landscape.surveys.definitions.plain import Definition, language_to_take

_XML_MARK = b"<LimeSurveyDocType>Survey</LimeSurveyDocType>"
_TEXT_COLUMNS = {"class", "type/scale", "name", "relevance", "text"}
_HEAD = 4096
Row = Mapping[str, str]


def recognises(data: bytes) -> bool:
    """Whether it is a structure of either kind."""
    head = data[:_HEAD]
    if _XML_MARK in head.replace(b" ", b""):
        return True
    first = head.decode("utf-8-sig", errors="replace").partition("\n")[0]
    return {name.strip() for name in first.split("\t")} >= _TEXT_COLUMNS


def read(data: bytes) -> Definition:
    """Reads a structure.

    Raises:
        ValueError: It breaks off.
    """
    return definition_of(_of_xml(data) if _XML_MARK in data[:_HEAD].replace(b" ", b"") else _of_text(data))


def _of_text(data: bytes) -> Structure:
    text = data.decode("utf-8-sig", errors="replace")
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter="\t"))
    rows = [{name: value or "" for name, value in row.items() if isinstance(name, str)} for row in rows]
    settings = {row["name"]: row["text"] for row in rows if row["class"] == "S"}
    usual = settings.get("language", "")
    languages = tuple(dict.fromkeys([usual, *settings.get("additional_languages", "").split()]))
    taken = language_to_take(languages, usual)
    title = next(
        (r["text"] for r in rows if (r["class"], r["name"], r.get("language")) == ("SL", "surveyls_title", taken)), ""
    )
    items: list[Item] = []
    group = Group("", "")
    for row in rows:
        if row.get("language", taken) not in ("", taken):
            continue
        if row["class"] == "G":
            group = Group(row["name"], row["relevance"])
        elif row["class"] == "Q":
            items.append(_item(row, row["type/scale"], group))
        elif row["class"] in ("SQ", "A") and items:
            below = items[-1].rows if row["class"] == "SQ" else items[-1].answers
            scale = int(row["type/scale"]) if row["type/scale"].isdigit() else 0
            below.append((scale, row["name"], row["text"]))
    return Structure(title, tuple(items), taken, languages, {})


def _item(row: Row, kind: str, group: Group) -> Item:
    return Item(
        kind=kind,
        code=row["name"],
        text=row["text"],
        help=row.get("help", ""),
        relevance=row.get("relevance", ""),
        is_required=row.get("mandatory", "") == "Y",
        has_other=row.get("other", "") == "Y",
        group=group,
    )


def _of_xml(data: bytes) -> Structure:
    try:
        root = ET.fromstring(data)  # noqa: S314 - ElementTree resolves no external entity
    except ET.ParseError as error:
        raise ValueError("the XML breaks off") from error
    (survey,) = _rows(root, "surveys")[:1] or [{}]
    usual = survey.get("language", "")
    languages = tuple(dict.fromkeys(found.text or "" for found in root.iterfind("languages/language")))
    taken = language_to_take(languages, usual)
    texts = _texts(root, "question_l10ns", "qid", taken)
    answers = _texts(root, "answer_l10ns", "aid", taken)
    titles = _in(_rows(root, "surveys_languagesettings"), taken, "surveyls_language")
    names = {row["gid"]: row for row in _in(_rows(root, "group_l10ns"), taken)}
    groups = {row["gid"]: {**row, **names.get(row["gid"], {})} for row in _in(_rows(root, "groups"), taken)}
    below = _ordered([*_rows(root, "subquestions"), *_rows(root, "questions")], taken, texts)
    items: list[Item] = []
    positions: dict[str, str] = {}
    for row in sorted(
        (row for row in below if row.get("parent_qid", "0") == "0"),
        key=lambda row: (_number(groups.get(row["gid"], {}), "group_order"), _number(row, "question_order")),
    ):
        group = groups.get(row["gid"], {})
        item = _item(
            {**row, "name": row["title"], "text": row.get("question", "")},
            row["type"],
            Group(group.get("group_name", ""), group.get("grelevance", "")),
        )
        item.rows.extend(
            (_number(r, "scale_id"), r["title"], r.get("question", ""))
            for r in below
            if r.get("parent_qid") == row["qid"]
        )
        item.answers.extend(_answers(root, row["qid"], taken, answers))
        items.append(item)
        positions[f"{row.get('sid', '')}X{row['gid']}X{row['qid']}"] = row["title"]
    return Structure(titles[0].get("surveyls_title", "") if titles else "", tuple(items), taken, languages, positions)


def _ordered(rows: Sequence[Row], taken: str, texts: Mapping[str, Row]) -> list[dict[str, str]]:
    """Questions and sub-questions in the language taken, in their order; newer versions keep the words apart."""
    once = {row["qid"]: {**row, **texts.get(row["qid"], {})} for row in _in(rows, taken)}
    return sorted(once.values(), key=lambda row: _number(row, "question_order"))


def _answers(root: ET.Element, qid: str, taken: str, texts: Mapping[str, Row]) -> Iterator[tuple[int, str, str]]:
    own = [row for row in _in(_rows(root, "answers"), taken) if row.get("qid") == qid]
    for row in sorted(own, key=lambda row: (_number(row, "scale_id"), _number(row, "sortorder"))):
        worded = {**row, **texts.get(row.get("aid", ""), {})}
        yield _number(row, "scale_id"), row["code"], worded.get("answer", "")


def _rows(root: ET.Element, table: str) -> list[dict[str, str]]:
    return [{cell.tag: cell.text or "" for cell in row} for row in root.iterfind(f"{table}/rows/row")]


def _in(rows: Sequence[Row], taken: str, column: str = "language") -> list[dict[str, str]]:
    return [dict(row) for row in rows if row.get(column, taken) == taken]


def _texts(root: ET.Element, table: str, key: str, taken: str) -> dict[str, dict[str, str]]:
    kept = ("question", "help", "answer")
    return {
        row[key]: {name: row[name] for name in kept if name in row}
        for row in _in(_rows(root, table), taken)
        if key in row
    }


def _number(row: Row, name: str) -> int:
    text = row.get(name, "")
    return int(text) if text.isdigit() else 0
