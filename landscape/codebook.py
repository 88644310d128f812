"""The codebook: which codes are valid, and what replaces those that are not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from landscape.errors import ReferenceDataError
from landscape.settings.csvfiles import read_csv

CODEBOOK = "codebook.csv"
CONSENT_SCHEME = "consent_purpose"
"""The scheme with the purposes of consent."""
RETIRED_MARK = " (retired)"
_NEAREST_SCORE = 60.0
_MOST_NEAREST = 3


@dataclass(frozen=True)
class Code:
    """One code of the codebook.

    Args:
        scheme: Its coding scheme.
        code: The code.
        label: What respondents and readers see.
        definition: What it means; may be empty.
        origin: Where it comes from.
        briefing_words: The briefing's own words; may be empty.
        valid_from: First day it is used, as ISO 8601; empty if from the beginning.
        valid_to: Last day it is used; empty if still in use.
        replaced_by: The code that replaces it.
        counted_as: The code that answers with it are counted under: itself, or the last of its successors.
    """

    scheme: str
    code: str
    label: str
    definition: str = ""
    origin: str = ""
    briefing_words: str = ""
    valid_from: str = ""
    valid_to: str = ""
    replaced_by: str = ""
    counted_as: str = ""

    @property
    def is_retired(self) -> bool:
        """Whether new forms leave it out; the date is not looked at, so a last day in the future counts too."""
        return bool(self.valid_to or self.replaced_by)


def read_codebook(reference: Path) -> tuple[Code, ...]:
    """All codes, in the order of the file.

    Raises:
        ReferenceDataError: A code's successor is not in its scheme, or successors run in a circle.
    """
    fields = [name for name in Code.__dataclass_fields__ if name != "counted_as"]
    rows = read_csv(reference / CODEBOOK, fields, ReferenceDataError)
    counted_as = counted_codes(rows, CODEBOOK)
    return tuple(Code(**{name: row[name] for name in fields}, counted_as=counted_as[row["code"]]) for row in rows)


def counted_codes(rows: Sequence[Mapping[str, str]], file: str, code: str = "code") -> dict[str, str]:
    """For each code in a list, the code its answers are counted under, following `replaced_by` to the end.

    Args:
        rows: The list; without a column `replaced_by`, no code is retired.
        file: Its name, for the message.
        code: The column with the code.

    Raises:
        ReferenceDataError: A successor is not in the list, is of another scheme, or successors run in a circle.
    """
    scheme = {row[code]: row.get("scheme", "") for row in rows}
    successor = {row[code]: after for row in rows if (after := row.get("replaced_by", ""))}
    unknown = [
        f"{one}: {after} is not {'in its list' if after not in scheme else 'of its scheme'}"
        for one, after in successor.items()
        if scheme.get(after) != scheme[one]
    ]
    if unknown:
        raise ReferenceDataError(
            "codes are replaced by something that is not a code of their scheme",
            file=file,
            culprits=unknown,
            remedy="name in replaced_by a code of the same scheme, or leave it empty and give valid_to",
        )
    counted: dict[str, str] = {}
    circles: list[str] = []
    for one in scheme:
        passed = [one]
        while passed[-1] in successor and passed[-1] not in passed[:-1]:
            passed.append(successor[passed[-1]])
        if passed[-1] in passed[:-1]:
            circles.append(" → ".join(passed))
        counted[one] = passed[-1]
    if circles:
        raise ReferenceDataError(
            "codes replace each other in a circle",
            file=file,
            culprits=circles,
            remedy="leave replaced_by empty at the code that is to be kept",
        )
    return counted


def nearest_codes(text: str, labels: Mapping[str, str]) -> list[str]:
    """The codes that a mistyped code or label may mean, as `CODE (label)`, the likeliest first.

    Args:
        text: What was typed.
        labels: Label by code.
    """
    from rapidfuzz import fuzz, utils

    def likeness(code: str) -> float:
        own = code.rpartition(".")[2]  # all codes of a scheme begin alike
        sought = text.strip().rpartition(".")[2]
        return max(
            fuzz.ratio(sought, own, processor=utils.default_process),
            fuzz.ratio(text, labels[code], processor=utils.default_process),
            fuzz.token_set_ratio(text, labels[code], processor=utils.default_process)
            - 10,  # some words of it, in any order
        )

    scored = sorted((-likeness(code), code) for code in labels)
    return [f"{code} ({labels[code]})" for score, code in scored[:_MOST_NEAREST] if -score >= _NEAREST_SCORE]
