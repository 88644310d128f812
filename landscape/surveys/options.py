"""The option lists of closed questions, from files beside the questionnaire or in data/reference."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from landscape.codebook import counted_codes
from landscape.errors import SurveyDefinitionError
from landscape.settings.csvfiles import Row, read_csv
from landscape.settings.reading import Findings
from landscape.text import normal_wording

_FILTER = re.compile(r"(?P<column>\w+)\s*=\s*'(?P<value>[^']*)'")
_PARAMETER = re.compile(r"(?P<name>value|label)=(?P<column>\w+)")


@dataclass(frozen=True)
class Option:
    """One answer of a closed question.

    Args:
        code: Its code.
        label: What respondents see.
        counted_as: The code it is counted under, where another has replaced its own; empty else.
        is_retired: New forms leave it out; older exports are still read by it.
    """

    code: str
    label: str
    counted_as: str = ""
    is_retired: bool = False

    @property
    def counted_code(self) -> str:
        """The code its answers are counted under."""
        return self.counted_as or self.code


class OptionLists:
    """The files with option lists that a questionnaire may name: the survey's own, and those that surveys share.

    Args:
        folder: The survey's folder.
        reference: data/reference.
    """

    def __init__(self, folder: Path, reference: Path) -> None:
        self._folders = (folder, reference)
        self._read: dict[str, list[Row]] = {}

    def of(self, asked: Mapping[str, str], named: str, line: int, findings: Findings) -> tuple[Option, ...]:
        """The options of one question, as its row names them; what is wrong is noted.

        Args:
            asked: The question's row.
            named: The file.
            line: The row's line.
            findings: Takes what is wrong.

        Raises:
            LandscapeError: The file itself cannot be read, or its codes replace each other in a circle.
        """
        parameters = asked.get("parameters", "").split()
        odd = [part for part in parameters if not _PARAMETER.fullmatch(part)]
        found = {part.partition("=")[0]: part.partition("=")[2] for part in parameters}
        written = asked.get("choice_filter", "")
        wanted = _FILTER.fullmatch(written)
        if odd or len(found) < len(parameters):
            findings.add(line, "parameters must be written as in value=code label=label")
        if written and not wanted:
            findings.add(line, "choice_filter must be written as in scheme='topic'")
        path = next((folder / named for folder in self._folders if (folder / named).is_file()), None)
        if path is None:
            findings.add(
                line,
                f"its option list {named} is neither beside the questionnaire nor in data/reference/; name a file, as in "
                "select_one_from_file codebook.csv (shared) or options.csv (the survey’s own)",
            )
        if odd or path is None or (written and not wanted):
            return ()
        code, label = found.get("value", "name"), found.get("label", "label")
        rows = self._rows(path)
        lacking = {code, label, *([wanted["column"]] if wanted else ())} - set(rows[0] if rows else ())
        if lacking:
            findings.add(line, f"{named} lacks columns that are named here: {', '.join(sorted(lacking))}")
            return ()
        kept = [row for row in rows if wanted is None or row[wanted["column"]] == wanted["value"]]
        if not kept:
            findings.add(line, f"no option in {named} fits {written or 'this question'}")
        for row in kept:
            if not row[code] or not row[label]:
                findings.add(line, f"an option in {named} (line {row.line}) has no code, or no label")
        for value in sorted({row[code] for row in kept if sum(row[code] == other[code] for other in kept) > 1}):
            findings.add(line, f"its options in {named} have the same code twice: {value}")
        counted = counted_codes(kept, named, code)
        made = tuple(_option(row, code, label, counted) for row in kept)
        _note_unclear(made, named, line, findings)
        return made

    def _rows(self, path: Path) -> list[Row]:
        if path.name not in self._read:
            self._read[path.name] = read_csv(path, (), SurveyDefinitionError)
        return self._read[path.name]


def _option(row: Row, code: str, label: str, counted: Mapping[str, str]) -> Option:
    counted_as = counted[row[code]] if counted[row[code]] != row[code] else ""
    return Option(row[code], row[label], counted_as, bool(counted_as or row.get("valid_to")))


def _note_unclear(options: tuple[Option, ...], named: str, line: int, findings: Findings) -> None:
    """An answer is found by its label or its code, so that no text may mean two options."""
    meant: dict[str, Option] = {}
    for option in options:
        for text in {normal_wording(option.label), normal_wording(option.code)}:
            other = meant.setdefault(text, option)
            if other.counted_code != option.counted_code:
                findings.add(line, f"two of its options in {named} are written alike: {other.code} and {option.code}")
