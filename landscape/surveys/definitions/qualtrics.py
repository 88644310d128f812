"""Qualtrics' survey file (.qsf, JSON)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from landscape.surveys.definitions.plain import Choice, DefinedQuestion, Definition, plain_text

_MANY = {"MAVR", "MAHR", "MACOL", "MSB"}
_TYPED = {"ValidNumber": "decimal", "ValidDate": "date"}
_PERSONAL = {"ValidEmail", "ValidPhone"}
_WITHOUT_ANSWER = {
    "DB": "text that is shown",
    "Timing": "how long a page was open",
    "Meta": "facts about the browser",
    "Captcha": "a test against robots",
    "FileUpload": "a file to upload",
}
_CHOSEN = re.compile(r"q://(?P<question>QID\d+)/SelectableChoice/(?P<choice>\d+)")
Payload = Mapping[str, Any]


def recognises(data: bytes) -> bool:
    """Whether it is JSON with a survey's elements."""
    return data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{") and b'"SurveyElements"' in data


def read(data: bytes) -> Definition:
    """Reads a survey file.

    Raises:
        ValueError: It breaks off.
    """
    held = json.loads(data.decode("utf-8-sig"))
    entry, elements = held.get("SurveyEntry", {}), held["SurveyElements"]
    payloads = {e["PrimaryAttribute"]: e["Payload"] for e in elements if e["Element"] == "SQ" and e.get("Payload")}
    blocks = [_listed(e["Payload"]) for e in elements if e["Element"] == "BL" and e.get("Payload")]
    flow: Payload = next((e["Payload"] for e in elements if e["Element"] == "FL" and e.get("Payload")), {})
    left_out: list[str] = []
    questions: list[DefinedQuestion] = []
    not_asked: list[str] = []
    for qid in _order([block for found in blocks for block in found], flow, left_out) or list(payloads):
        if (payload := payloads.get(qid)) is None:
            continue
        kind, code = payload["QuestionType"], payload.get("DataExportTag", qid)
        if kind in _WITHOUT_ANSWER:
            left_out.append(f"{code}: {_WITHOUT_ANSWER[kind]}")
            not_asked += [code, plain_text(payload.get("QuestionText", ""))]
            continue
        asked = list(_asked(payload, _relevant(payload, payloads)))
        questions += asked
        if not asked:
            left_out.append(f"{code}: type {kind} ({payload.get('Selector', '')}) is not known here")
    languages = tuple(sorted({str(name) for p in payloads.values() for name in _keys(p.get("Language"))}))
    usual = str(entry.get("SurveyLanguage") or "")
    return Definition(
        ("qualtrics",),
        plain_text(str(entry.get("SurveyName") or "")),
        tuple(questions),
        language=usual if languages else "",
        languages=tuple(name for name in languages if name != usual),
        not_asked=tuple(filter(None, not_asked)),
        left_out=tuple(left_out),
    )


def _asked(payload: Payload, relevant: str) -> Iterator[DefinedQuestion]:
    kind, selector = payload["QuestionType"], payload.get("Selector", "")
    code, label = str(payload.get("DataExportTag", "")), plain_text(payload.get("QuestionText", ""))
    settings = (payload.get("Validation") or {}).get("Settings") or {}
    is_required, content = settings.get("ForceResponse") == "ON", settings.get("ContentType", "")
    choices = _choices(payload, "Choices", "ChoiceOrder")
    answers = _choices(payload, "Answers", "AnswerOrder")

    def asked(kind: str, options: tuple[Choice, ...] = (), part: str = "", text: str = "") -> DefinedQuestion:
        return DefinedQuestion(
            f"{code}_{part}" if part else code, text or label, kind, options,
            relevant=relevant, required=is_required, is_personal=content in _PERSONAL,
        )  # fmt: skip

    rows = [(row, _text(payload["Choices"][row])) for row in _ordered(payload, "Choices", "ChoiceOrder")]
    if kind == "MC" and selector == "NPS":
        yield asked("integer")
    elif kind == "MC":
        yield asked("select_multiple" if selector in _MANY else "select_one", choices)
    elif kind == "TE" and selector != "FORM":
        yield asked(_TYPED.get(content, "text"))
    elif kind == "RO":
        yield asked("ranking", choices)
    elif kind == "Matrix" and payload.get("SubSelector") == "MultipleAnswer":
        yield from (asked("select_multiple", answers, row, f"{label} - {text}") for row, text in rows)
    elif kind == "Matrix" and selector in ("Likert", "Profile", "Bipolar"):
        yield from (asked("select_one", answers, row, f"{label} [{text}]") for row, text in rows)
    elif kind in ("TE", "Slider", "CS"):
        form = "{} - {}" if len(rows) == 1 else "{} [{}]"
        yield from (
            asked("text" if kind == "TE" else "decimal", (), row, form.format(label, text)) for row, text in rows
        )


def _choices(payload: Payload, name: str, order: str) -> tuple[Choice, ...]:
    """Options with the numbers that numeric exports write."""
    numbers = payload.get("RecodeValues") or {}
    found = payload.get(name) or {}
    return tuple(
        Choice(
            str(numbers.get(key, key) if isinstance(numbers, dict) else key),
            _text(found[key]),
            "TextEntry" in found[key],
        )
        for key in _ordered(payload, name, order)
    )


def _ordered(payload: Payload, name: str, order: str) -> list[str]:
    found = payload.get(name) or {}
    if not isinstance(found, dict):
        return []
    first = [str(key) for key in _listed(payload.get(order) or []) if str(key) in found]
    return [*first, *(key for key in found if key not in first)]


def _text(entry: Mapping[str, Any]) -> str:
    return plain_text(str(entry.get("Display", "")))


def _listed(found: Mapping[str, Any] | Sequence[Any]) -> list[Any]:
    return list(found.values()) if isinstance(found, dict) else list(found)


def _keys(found: object) -> list[str]:
    return list(found) if isinstance(found, dict) else []


def _order(blocks: list[Payload], flow: Payload, left_out: list[str]) -> list[str]:
    """The questions in the order in which the flow shows their blocks; the bin is not shown."""
    by_id = {block.get("ID", ""): block for block in blocks if block.get("Type") != "Trash"}
    shown = [found for found in _in_flow(flow) if found in by_id] or list(by_id)
    for name in shown:
        if (by_id[name].get("Options") or {}).get("Looping", "None") != "None":
            left_out.append(
                f"block {by_id[name].get('Description', name)}: asked once for each of several (loop and merge)"
            )
    return [
        element["QuestionID"]
        for name in dict.fromkeys(shown)
        for element in _listed(by_id[name].get("BlockElements") or [])
        if element.get("Type") == "Question"
    ]


def _in_flow(flow: Payload) -> Iterator[str]:
    for step in _listed(flow.get("Flow") or []):
        if step.get("ID"):
            yield step["ID"]
        yield from _in_flow(step)


def _relevant(payload: Payload, payloads: Mapping[str, Payload]) -> str:
    """When it is asked, as an XLSForm says it, where that hangs on options chosen; any other condition stays as it is."""
    logic = payload.get("DisplayLogic") or {}
    groups: list[str] = []
    for key in sorted(key for key in logic if key.isdigit()):
        terms: list[str] = []
        for at in sorted((at for at in logic[key] if at.isdigit()), key=int):
            joint = str(logic[key][at].get("Conjuction", logic[key][at].get("Conjunction", "And"))).casefold()
            terms += [*([joint] if terms else []), _term(logic[key][at], payloads)]
        groups += [*(["and"] if groups else []), f"({' '.join(terms)})"]
    return " ".join(groups)


def _term(term: Payload, payloads: Mapping[str, Payload]) -> str:
    found = _CHOSEN.fullmatch(str(term.get("LeftOperand", "")))
    operator = term.get("Operator", "")
    if found is None or operator not in ("Selected", "NotSelected") or found["question"] not in payloads:
        return plain_text(str(term.get("Description", ""))) or f"{term.get('LeftOperand', '')} {operator}"
    there = payloads[found["question"]]
    numbers = there.get("RecodeValues") or {}
    code = str(numbers.get(found["choice"], found["choice"]) if isinstance(numbers, dict) else found["choice"])
    said = f"selected(${{{there.get('DataExportTag', '')}}}, '{code}')"
    return said if operator == "Selected" else f"not({said})"
