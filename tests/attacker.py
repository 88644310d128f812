"""An attacker, written apart: it reads the tables of releases, and knows the rules and the questionnaires.

It shares no code with `landscape.disclosure` and uses no solver: for each printed number it lists the counts that may be
behind it, by the arithmetic of the tables alone.
"""

from __future__ import annotations

import csv
import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

FEWEST_VALUES = 3
ALL, OTHERS, SILENT = "ALL", "OTHERS", "NO_ANSWER"
FEW, ALL_BUT = "fewer than 3", "all but fewer than 3"
Row = Mapping[str, str]
Tables = Mapping[str, list[Row]]
Span = tuple[int, int]


def read_release(folder: Path) -> Tables:
    """The tables of a release, as files."""
    tables = {}
    for path in sorted((folder / "tables").glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            tables[path.stem] = list(csv.DictReader(stream))
    return tables


@dataclass
class Attacker:
    """What is learned from all releases that were received, one after the other.

    Args:
        singles: Questions with one answer, by the questionnaires.
        ranked: Questions that rank up to three.
        options: The options of each question in the questionnaires, without no answer.
    """

    singles: frozenset[str]
    ranked: frozenset[str]
    options: Mapping[str, tuple[str, ...]]
    seen: dict[tuple[str, ...], list[Row]] = field(default_factory=dict)
    learned: list[str] = field(default_factory=list)

    def receive(self, tables: Tables) -> None:
        """Takes in one more release: holds it against those before, and works through what is new."""
        for name in ("members", "member_areas", "survey_answers", "responses"):
            waves: dict[tuple[str, ...], list[Row]] = defaultdict(list)
            for row in tables.get(name, []):
                waves[name, row.get("survey", "network_signup"), row["wave"]].append(row)
            for key, rows in waves.items():
                if key not in self.seen:
                    self.seen[key] = rows
                elif self.seen[key] != rows:
                    self.learned.append(f"{key}: two versions of one wave, which can be subtracted")
        self.learned += [f"{cell}: {sorted(values)}" for cell, values in self.values() if len(values) < FEWEST_VALUES]

    def values(self) -> Iterator[tuple[tuple[str, ...], set[int]]]:
        """For each count that is not printed: the numbers it may be."""
        for (name, survey, wave), rows in list(self.seen.items()):
            if name == "survey_answers":
                yield from self._answers(rows)
            elif name == "members":
                yield from _members(rows, self._responded(survey, wave))
            elif name == "responses":
                yield ("responded", survey, wave), set(_within(self._responded(survey, wave)))

    def _base(self, survey: str, wave: str) -> int:
        rows = self.seen.get(("survey_answers", survey, wave), [])
        return max((int(float(row["n_people"])) for row in rows if row["cut"] == "all"), default=0)

    def _responded(self, survey: str, wave: str) -> Span:
        """Printed is the rounded number or, if that is more, the base rounded up."""
        rows, base = self.seen.get(("responses", survey, wave)), self._base(survey, wave)
        if not rows:
            return base, 10_000
        printed = int(float(rows[0]["n_responded"]))
        return (base if base > printed - 5 else max(base, printed - 2)), printed + 2

    def _answers(self, rows: Iterable[Row]) -> Iterator[tuple[tuple[str, ...], set[int]]]:
        asked: dict[str, dict[str, Row]] = defaultdict(dict)
        grouped: dict[str, dict[tuple[str, str], Row]] = defaultdict(dict)
        for row in rows:
            if row["cut"] == "all":
                asked[row["question"]][row["option_code"]] = row
            else:
                grouped[row["question"]][row["cut_code"], row["option_code"]] = row
        spans = {question: self._whole(question, found) for question, found in asked.items()}
        for question, by_option in spans.items():
            n = int(float(next(iter(asked[question].values()))["n_people"]))
            found = _of_one(by_option, n) if question in self.singles else self._of_several(question, by_option, n)
            for option, values in found.items():
                if by_option[option][0] < by_option[option][1]:
                    yield (question, option), values
        if grouped:
            n = int(float(next(iter(next(iter(asked.values())).values()))["n_people"]))
            yield from _groups(spans, grouped, n)

    def _whole(self, question: str, found: Mapping[str, Row]) -> dict[str, Span]:
        n = int(float(next(iter(found.values()))["n_people"]))
        below = min((int(float(row["n_selected"])) for row in found.values() if row["n_selected"]), default=n + 1)
        spans = {}
        for option in (*self.options[question], SILENT):
            row = found.get(option)
            if row is None:  # in the line without a number, so below all that is printed
                spans[option] = (0, min(below - 1, n))
            elif row["n_selected"]:
                spans[option] = (int(float(row["n_selected"])),) * 2
            else:
                spans[option] = {FEW: (0, 2), ALL_BUT: (n - 2, n)}[row["answer_words"]]
        return spans

    def _of_several(self, question: str, spans: Mapping[str, Span], n: int) -> dict[str, set[int]]:
        """Each who answered chose at least one option, of a ranking at most three; all of it for each number of the silent."""
        options = [option for option in spans if option != SILENT]
        most = 3 if question in self.ranked else len(options)
        possible: dict[str, set[int]] = {option: set() for option in spans}
        for silent in _within(spans[SILENT]):
            spoke = n - silent
            room = {o: (spans[o][0], min(spans[o][1], spoke)) for o in options}
            if any(low > high for low, high in room.values()):
                continue
            least, greatest = (sum(span[at] for span in room.values()) for at in (0, 1))
            if greatest < spoke or least > most * spoke:
                continue
            possible[SILENT].add(silent)
            for option, (low, high) in room.items():
                for value in range(low, high + 1):
                    if greatest - high + value >= spoke and least - low + value <= most * spoke:
                        possible[option].add(value)
        return possible


def _of_one(spans: Mapping[str, Span], n: int) -> dict[str, set[int]]:
    """The options add up to everybody."""
    least, greatest = (sum(span[at] for span in spans.values()) for at in (0, 1))
    return {
        option: {v for v in range(low, high + 1) if least - low + v <= n <= greatest - high + v}
        for option, (low, high) in spans.items()
    }


def _members(rows: Iterable[Row], responded: Span) -> Iterator[tuple[tuple[str, ...], set[int]]]:
    """Both divisions add up to the same members, who are no more than responded; a printed multiple of 5 is two wide."""
    cuts: dict[str, dict[str, Span]] = defaultdict(dict)
    for row in rows:
        if row["cut_code"] != ALL:
            printed = int(float(row["n_members"]))
            cuts[row["cut"]][row["cut_code"]] = (max(printed - 2, 0), printed + 2)
    sums = {cut: tuple(sum(span[at] for span in cells.values()) for at in (0, 1)) for cut, cells in cuts.items()}
    least = max(low for low, _ in sums.values())
    most = min(responded[1], *(high for _, high in sums.values()))
    for cut, cells in cuts.items():
        for code, (low, high) in cells.items():
            others = sums[cut][0] - low, sums[cut][1] - high
            yield (
                ("members", cut, code),
                {v for v in range(low, high + 1) if v + others[0] <= most and v + others[1] >= least},
            )


def _groups(
    spans: Mapping[str, Mapping[str, Span]], grouped: Mapping[str, Mapping[tuple[str, str], Row]], n: int
) -> Iterator[tuple[tuple[str, ...], set[int]]]:
    """Tries all sizes of the groups; those that fit every question leave the counts of each option in each group."""
    names = sorted({group for cells in grouped.values() for group, _ in cells})
    shares = {
        (question, option): [int(float(cells[name, option]["tenths"])) for name in names]
        for question, cells in grouped.items()
        for option in {option for _, option in cells}
    }
    possible: dict[tuple[str, ...], set[int]] = defaultdict(set)
    for head in itertools.product(range(10, n + 1), repeat=len(names) - 1):
        sizes = (*head, n - sum(head))
        if sizes[-1] < 10:
            continue
        fits = {cell: _fitting(tenths, sizes, spans[cell[0]][cell[1]]) for cell, tenths in shares.items()}
        if all(fits.values()):
            for name, size in zip(names, sizes, strict=True):
                possible["size", name].add(size)
            for cell, counts in fits.items():
                for name, (low, high) in zip(names, counts or (), strict=True):
                    possible[(*cell, name)].update(range(low, high + 1))
    yield from possible.items()


def _fitting(tenths: list[int], sizes: tuple[int, ...], whole: Span) -> list[Span] | None:
    """The counts of one option in each group that have these tenths and add up to the whole."""
    rooms = []
    for share, size in zip(tenths, sizes, strict=True):
        fitting = [x for x in range(size + 1) if min(max(int(10 * x / size + 0.5), 1), 9) == share]
        if not fitting:
            return None
        rooms.append((fitting[0], fitting[-1]))
    least, most = (sum(room[at] for room in rooms) for at in (0, 1))
    if least > whole[1] or most < whole[0]:
        return None
    return [(max(low, whole[0] - (most - high)), min(high, whole[1] - (least - low))) for low, high in rooms]


def _within(span: Span) -> range:
    return range(span[0], span[1] + 1)
