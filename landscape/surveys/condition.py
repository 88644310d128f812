"""The conditions of an XLSForm (`relevant`) in their parts."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

_TERMS = (
    re.compile(r"(?P<sign>selected)\(\s*\$\{(?P<name>\w+)\}\s*,\s*'(?P<code>[^']*)'\s*\)"),
    re.compile(r"\$\{(?P<name>\w+)\}\s*(?P<sign>!?=)\s*'(?P<code>[^']*)'"),
    re.compile(r"\$\{(?P<name>\w+)\}\s*(?P<sign>!?=|[<>]=?)\s*(?P<number>-?\d+(?:\.\d+)?)"),
)
_WORD = re.compile(r"(?:and|or|not)\b|\(|\)")
_SENTENCE = (ast.Expression, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.Constant)


@dataclass(frozen=True)
class Term:
    """One comparison in a condition: a question's answer with a code, or with a number (`code` is None)."""

    name: str
    sign: str
    code: str | None
    number: str | None


def condition(relevant: str) -> tuple[Term | str, ...]:
    """The comparisons of a `relevant`, and the words and brackets between them.

    >>> condition("${hours} >= 10 and not(${uses} = 'A')")[1:4]
    ('and', 'not', '(')

    Raises:
        ValueError: It uses more than comparisons, selected(), and, or, not() and brackets, or they do not fit together.
    """
    parts: list[Term | str] = []
    rest = relevant.strip()
    while rest:
        found = next((match for pattern in (*_TERMS, _WORD) if (match := pattern.match(rest))), None)
        if found is None:
            break
        said = found.groupdict()
        parts.append(Term(said["name"], said["sign"], said.get("code"), said.get("number")) if said else found.group())
        rest = rest[found.end() :].lstrip()
    try:
        sentence = ast.parse(" ".join(part if isinstance(part, str) else "True" for part in parts), mode="eval")
        is_whole = all(isinstance(part, _SENTENCE) for part in ast.walk(sentence))
    except (SyntaxError, RecursionError, MemoryError):
        is_whole = False
    if rest or not is_whole:
        raise ValueError(
            "cannot be worked out here; write it with comparisons, selected(), and, or, not() and brackets, as in "
            "${uses} = 'ANS.YES' and ${hours} >= 10"
        )
    return tuple(parts)
