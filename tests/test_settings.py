"""Settings and ledgers that were damaged, in hundreds of ways: refused in words, or taken for exactly what they say."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from settings_damage import (
    FORMS,
    MEANT_FORM,
    MEANT_YML,
    OPTION_LISTS,
    YML,
    Edit,
    broken,
    broken_table,
    harmless,
)
from settings_landscape import (
    FORM,
    LANDSCAPE,
    LEDGERS,
    MARKS,
    OPTIONS,
    RECORD,
    REFERENCE,
    SURVEY_YML,
    TRIED,
    YAML,
    kind_of,
    make_settings,
    naive_form,
    naive_yml,
)

from landscape.errors import LandscapeError
from landscape.paths import ProjectPaths

TABLES = (*REFERENCE, OPTIONS, *LEDGERS, *MARKS, "data/reference/public_addresses.csv")
EVERY = (YAML, FORM, LANDSCAPE, *TABLES, RECORD)
N_WILD = {
    YAML: 90,
    FORM: 110,
    LANDSCAPE: 100,
    OPTIONS: 25,
    RECORD: 15,
    **dict.fromkeys(REFERENCE, 9),
    **dict.fromkeys(LEDGERS, 30),
    **dict.fromkeys(MARKS, 20),
}
FEWEST = 400
_SIGNS = ",;\"|\n\r\t x0:#- '&*!{}[]~é\0"


@pytest.fixture
def settings(project: ProjectPaths) -> ProjectPaths:
    make_settings(project)
    return project


class Trying:
    """Puts other bytes in the place of a file, reads it as the project would, and puts the file back."""

    def __init__(self, paths: ProjectPaths) -> None:
        self.paths = paths
        self.outcomes: Counter[str] = Counter()
        self._whole: dict[str, object] = {}

    def written(self, name: str) -> bytes:
        return (self.paths.root / name).read_bytes()

    def read(self, name: str, held: bytes) -> object:
        """What is read; a refusal must name the file."""
        path = self.paths.root / name
        before = path.read_bytes()
        path.write_bytes(held)
        try:
            return kind_of(name).read(self.paths, name)
        except LandscapeError as error:
            named = TRIED if name == OPTIONS else path.name  # what names an option may be at fault, too
            assert named in str(error), f"{name} is not named in: {error}"
            assert "Input should" not in str(error), "pydantic’s words, not ours"
            return error
        finally:
            path.write_bytes(before)

    def judge(self, name: str, held: bytes, what: str) -> None:
        """A file that is taken must mean what another library reads in it; else it was refused."""
        found = self.read(name, held)
        if isinstance(found, LandscapeError):
            self.outcomes["refused"] += 1
            return
        said = kind_of(name).naive(held.decode("utf-8-sig"))
        assert found == said, f"{name}, {what}: swallowed in silence"
        self.outcomes["taken as it says" if held != self.written(name) else "not changed"] += 1

    def same(self, name: str, held: bytes) -> None:
        if name not in self._whole:
            self._whole[name] = self.read(name, self.written(name))
        assert self.read(name, held) == self._whole[name]
        self.outcomes["harmless"] += 1

    def refused(self, name: str, held: bytes, *says: str) -> LandscapeError:
        found = self.read(name, held)
        assert isinstance(found, LandscapeError), f"{name}: swallowed in silence: {says}"
        for part in says:
            assert re.search(part, str(found)), f"{part} is not in: {found}"
        self.outcomes["refused"] += 1
        return found


@pytest.fixture
def trying(settings: ProjectPaths) -> Trying:
    return Trying(settings)


# -- Hundreds of slips of the hand


def slips(text: str, draws: random.Random) -> Iterator[tuple[str, bytes]]:
    """Without end: what a slip of the hand, of an editor or of a disk makes of a text."""
    lines = text.splitlines(keepends=True)
    while True:
        at, line = draws.randrange(len(text)), draws.randrange(len(lines))
        sign = draws.choice(_SIGNS)
        yield f"cut short at {at}", text.encode()[:at]
        yield f"{text[at]!r} at {at} deleted", (text[:at] + text[at + 1 :]).encode()
        yield f"{sign!r} put in at {at}", (text[:at] + sign + text[at:]).encode()
        yield f"{text[at]!r} at {at} became {sign!r}", (text[:at] + sign + text[at + 1 :]).encode()
        yield f"line {line + 1} doubled", "".join([*lines[: line + 1], *lines[line:]]).encode()
        yield f"line {line + 1} deleted", "".join([*lines[:line], *lines[line + 1 :]]).encode()
        other = draws.randrange(len(lines))
        swapped = lines.copy()
        swapped[line], swapped[other] = swapped[other], swapped[line]
        yield f"lines {line + 1} and {other + 1} swapped", "".join(swapped).encode()
        yield (
            f"lines {line + 1} and {line + 2} became one",
            "".join([*lines[:line], lines[line].rstrip("\n"), *lines[line + 1 :]]).encode(),
        )


def test_slips_are_refused_or_taken_for_what_they_say(trying: Trying) -> None:
    for name in EVERY:
        draws = random.Random(name)  # noqa: S311 - the same each time
        text = trying.written(name).decode()
        for (what, held), _ in zip(slips(text, draws), range(N_WILD.get(name, 5)), strict=False):
            trying.judge(name, held, what)
    assert trying.outcomes.total() >= FEWEST
    assert trying.outcomes["refused"] > 200
    assert trying.outcomes["taken as it says"] > 50


def other_types(held: Any, root: Any) -> Iterator[tuple[str, bytes]]:
    """A survey.yml with a value of another type in each place, and with each place left out."""
    for key in list(held.keys() if isinstance(held, dict) else range(len(held))):
        own = held[key]
        for other in (None, True, 3, 2.5, "", "x", "2017-06-30", [], {}, [own], {"a": own}, [[]], {"": 1}, f" {own} "):
            held[key] = other
            yield f"{key} became {other!r}", (json.dumps(root, ensure_ascii=False, indent=1) + "\n").encode()
        held[key] = own
        if isinstance(own, dict | list):
            yield from other_types(own, root)
        if isinstance(held, dict):
            rest = held.copy()
            del held[key]
            yield f"{key} left out", (json.dumps(root, ensure_ascii=False, indent=1) + "\n").encode()
            held.clear()
            held.update(rest)


def test_a_value_of_another_type_is_refused_or_taken_for_what_it_says(trying: Trying) -> None:
    held = yaml.load(SURVEY_YML, Loader=yaml.CBaseLoader)  # noqa: S506 - it makes texts alone
    held["accepted"][2]["missing"] = True
    for what, text in other_types(held, held):
        trying.judge(YAML, text, what)
    assert trying.outcomes["refused"] > 400
    assert trying.outcomes["taken as it says"] > 50


def other_cells(text: str) -> Iterator[tuple[str, bytes]]:
    """A questionnaire with another text in each cell of its tables, or none."""
    lines = text.splitlines()
    for line, written in enumerate(lines):
        cells = written.split("|")
        for at in range(2, len(cells) - 1):
            for other in {" ", " x ", f" {cells[at].strip()}s "} - {cells[at]}:
                row = "|".join([*cells[:at], other, *cells[at + 1 :]])
                yield (
                    f"line {line + 1}, cell {at}: {other!r}",
                    "\n".join([*lines[:line], row, *lines[line + 1 :], ""]).encode(),
                )


def test_another_text_in_a_cell_is_refused_or_taken_for_what_it_says(trying: Trying) -> None:
    for what, held in other_cells(trying.written(FORM).decode()):
        trying.judge(FORM, held, what)
    assert trying.outcomes["refused"] > 200
    assert trying.outcomes["taken as it says"] > 20


# -- Damage that must be refused, whatever else


@pytest.mark.parametrize(("name", "edits"), [(YAML, YML), (FORM, FORMS), (OPTIONS, OPTION_LISTS)])
def test_what_cannot_be_meant_is_refused_with_its_line(trying: Trying, name: str, edits: tuple[Edit, ...]) -> None:
    text = trying.written(name).decode()
    for there, put, says in edits:
        assert there in text, there
        trying.refused(name, text.replace(there, put, 1).encode(), says)
    assert trying.outcomes["refused"] == len(edits)


def test_every_file_is_refused_in_another_encoding_or_cut_short(trying: Trying) -> None:
    for name in (*EVERY[:-1],):
        text = trying.written(name).decode()
        for held, says in (*broken(name, text), *(broken_table(name, text) if name.endswith(".csv") else ())):
            trying.refused(name, held, says)
    assert trying.outcomes["refused"] > 300


def test_what_editors_do_by_themselves_changes_nothing(trying: Trying) -> None:
    for name in (*EVERY[:-1],):
        for held in harmless(name, trying.written(name).decode()):
            trying.same(name, held)
    assert trying.outcomes["harmless"] > 100
    text = trying.written(YAML).decode()
    head, _, tail = text.partition("waves:")
    trying.same(YAML, f"waves:{tail}{head}".encode())  # in another order
    trying.same(YAML, text.replace("\n", "  # a note\n").encode())
    form = trying.written(FORM).decode()
    trying.same(FORM, form.replace(" | ", "  |   ").encode())
    trying.same(FORM, form.replace("list='mood'", "list=‘mood’").encode())  # as a word processor writes it
    trying.same(FORM, form.replace("| | select", "|---|---|\n| | select", 1).encode())


@pytest.mark.parametrize(("setting", "there", "put"), MEANT_YML)
def test_a_setting_that_is_changed_changes_alone(trying: Trying, setting: str, there: str, put: str) -> None:
    text = trying.written(YAML).decode()
    held = text.replace(there, put, 1).encode()
    before, after = trying.read(YAML, text.encode()), trying.read(YAML, held)
    assert isinstance(before, dict)
    assert isinstance(after, dict), after
    assert after == naive_yml(held.decode())
    changed = {name for name in before if before[name] != after[name]}
    assert changed == ({setting} if put not in ("- 12", "missing: yes") else set())


@pytest.mark.parametrize(("there", "put"), MEANT_FORM)
def test_a_question_that_is_changed_changes_alone(trying: Trying, there: str, put: str) -> None:
    text = trying.written(FORM).decode()
    held = text.replace(there, put, 1)
    before, after = trying.read(FORM, text.encode()), trying.read(FORM, held.encode())
    assert isinstance(before, list)
    assert isinstance(after, list), after
    assert after == naive_form(held)
    assert sum(one != other for one, other in zip(before, after, strict=True)) == (put != "|  |")


def test_a_decision_that_is_taken_out_is_out_and_a_mark_that_is_taken_out_is_missed(trying: Trying) -> None:
    for name in (*LEDGERS, *MARKS):
        lines = trying.written(name).decode().splitlines(keepends=True)
        whole = trying.read(name, "".join(lines).encode())
        assert isinstance(whole, list)
        for at in range(1, len(lines)):
            held = "".join([*lines[:at], *lines[at + 1 :]]).encode()
            if name in MARKS:
                trying.refused(name, held, Path(name).name)
            else:
                assert trying.read(name, held) == [*whole[: at - 1], *whole[at:]]


def test_a_mark_that_is_changed_by_one_letter_is_noticed(trying: Trying) -> None:
    for name in MARKS:
        text = trying.written(name).decode()
        for line in text.splitlines()[1:]:
            mark = line.split(",")[1]
            trying.refused(name, text.replace(mark, mark[:-1] + ("0" if mark[-1] != "0" else "1")).encode())
    held = trying.written(MARKS[0]).decode()
    trying.refused(
        MARKS[0], held.replace("2018-03-01T09:30:00Z", "2018-03-02T09:30:00Z", 1).encode(), "changed, doubled"
    )
