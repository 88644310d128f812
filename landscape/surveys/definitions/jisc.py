"""The key that Jisc Online Surveys gives beside a coded export (`…-key.csv`)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from landscape.surveys.definitions.plain import Choice, DefinedQuestion, Definition, plain_text
from landscape.surveys.scales import is_other

_CODE = re.compile(r"(?P<question>Q\d+(_[a-z]+)?)(_(?P<row>\d+)(_(?P<column>[a-z]+))?)?")
_OWN_WORDS = "If you selected Other, please specify"
_LINES_TO_TELL_BY = 40


def recognises(data: bytes) -> bool:
    """Whether each line is a code (`Q1`) with a question's text, or a number with an option's."""
    rows = list(_lines(data[:16384]))[:_LINES_TO_TELL_BY]
    codes = [row[0].strip() for row in rows if len(row) == 2]
    return (
        len(codes) >= len(rows) - 1 > 1
        and any(_CODE.fullmatch(code) for code in codes)
        and all(_CODE.fullmatch(code) or code.isdigit() or not code.startswith("Q") for code in codes)
        and any(code.isdigit() for code in codes)
    )


def read(data: bytes) -> Definition:
    """Reads a key. It does not tell whether one answer may be given or several, nor what an open question holds."""
    found: list[tuple[str, str, list[Choice]]] = []
    for row in _lines(data):
        code, text = (cell.strip() for cell in row[:2])
        if _CODE.fullmatch(code):
            found.append((code, plain_text(text), []))
        elif code.isdigit() and found:
            label = plain_text(text)
            found[-1][2].append(Choice(code, label, is_other(label)))
    questions: list[DefinedQuestion] = []
    not_asked: list[str] = []
    forms = {code: _CODE.fullmatch(code) for code, _, _ in found}
    rows = [(m["question"], m["column"], entry) for entry in found if (m := forms[entry[0]]) and m["row"]]
    for code, label, options in found:
        own = [(column, entry) for question, column, entry in rows if question == code]
        if any(entry[0] == code for _, _, entry in rows):
            continue
        if label.startswith(_OWN_WORDS):
            not_asked += [code, label]
        elif any(column for column, _ in own):
            questions += [DefinedQuestion(c, f"{label} [{t}]", "select_one", tuple(o)) for _, (c, t, o) in own]
        elif own:
            items = tuple(Choice(str(at), text) for at, (_, (_, text, _)) in enumerate(own, start=1))
            questions.append(DefinedQuestion(code, label, "ranking", items))
        else:
            kind = "select_one" if options else "text"
            questions.append(DefinedQuestion(code, label, kind, tuple(options), is_unsure=True))
    return Definition(("jisc_online_surveys",), "", tuple(questions), not_asked=tuple(not_asked))


def _lines(data: bytes) -> Iterator[list[str]]:
    text = data.decode("utf-8-sig", errors="replace")
    delimiter = "\t" if "\t" in text.partition("\n")[0] else ","
    return (row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row)
