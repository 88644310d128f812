"""Settings and ledgers that were damaged, in hundreds of ways: refused in words, or taken for exactly what they say."""

from __future__ import annotations

import datetime as dt
import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from marts_landscape import CHECKOUT
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
    survey,
)
from typer.testing import CliRunner

from assets.raw import SURVEYS_FOLDER
from assets.tables import reference_models
from landscape.errors import LandscapeError
from landscape.paths import ProjectPaths
from landscape.schemas import SCHEMAS
from landscape.settings.yamlfiles import json_schema
from landscape.settings_check import check_settings
from landscape.surveys.declared import SCHEMA
from pipelines.cli import app

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


# -- All at once


def changed(paths: ProjectPaths, edits: dict[str, list[tuple[str, str]]]) -> list[LandscapeError]:
    for name, pairs in edits.items():
        path = paths.root / name
        text = path.read_text(encoding="utf-8")
        for there, put in pairs:
            assert there in text, (name, there)
            text = text.replace(there, put, 1)
        path.write_text(text, encoding="utf-8")
    return check_settings(paths, (paths.root / TRIED).parent, reference_models())


def culprits(found: list[LandscapeError]) -> list[str]:
    return [f"{error.file}: {culprit}" for error in found for culprit in error.culprits]


def test_a_survey_is_what_its_two_files_say(settings: ProjectPaths) -> None:
    tried = survey(settings)
    assert (tried.name, tried.undated_wave, tried.decimal_mark, tried.has_numbered_options) == (
        "tried",
        "2018",
        ",",
        False,
    )
    assert tried.test_responses == {"trial-1", "12"}
    assert [entry.is_missing for entry in tried.accepted] == [False, False, True, False]
    assert tried.retain_until == dt.date(2030, 12, 31)
    assert tried.source is not None
    assert tried.source.variables == {"token": "KOBO_TOKEN"}
    assert len(tried.questionnaire.questions) == 11


def test_settings_as_committed_hold_together(settings: ProjectPaths) -> None:
    assert changed(settings, {}) == []
    assert check_settings(settings, SURVEYS_FOLDER, reference_models()) == []


def test_all_that_is_wrong_in_tables_is_said_at_once_with_its_line(settings: ProjectPaths) -> None:
    found = changed(
        settings,
        {
            "data/reference/aliases.csv": [
                ("E23000002,Cumbria Constabulary,", "E23999999,Cumbria Constabulary,"),
                ("E23000003,Lancashire,", "E23000003,CUMBRIA!,"),
            ],
            "data/reference/governing_bodies.csv": [
                ("2012-11-22,2023-03-31", "2012-11-22,2012-03-31"),
                ("2012-11-22,2017-05-07", "2012-11-22,2017-06-07"),
            ],
            "data/reference/population.csv": [
                ("2016,498793,1", "2016,-5,1"),
                ("E23000003,Lancashire,2016", "E23000003,Lancaster,2016"),
            ],
            "data/reference/rules.csv": [
                ("shared_objectives,fewest_areas,3", "shared_objectives,fewest_areas,three"),
                ("minimum_base,fewest,", "minimum_base,least,"),
                ("residual_codes,code,OBJ.OTHER", "residual_codes,code,OBJ.NONE"),
                ("intermediaries,PAR.LA,agencies", "intermediaries,PAR.LA,agents"),
                ("learning_match,product,1", "learning_match,practice,1"),
            ],
            "data/reference/universities.csv": [(",yes,", ",perhaps,")],
            "data/reference/workforce_2017.csv": [(",443,", ",-443,")],
        },
    )
    said = "\n".join(culprits(found))
    for part in (
        "aliases.csv: line 3: force_area_code is not in reference.force_areas: Cumbria Constabulary",
        "aliases.csv: line 2: Cumbria decides for several areas",
        "CUMBRIA! decides for several areas, case and punctuation aside; keep one",
        "governing_bodies.csv: line 2: it ends before it begins: E23000002",
        "two bodies hold the powers of one area on the same day",
        "population.csv: line 2: population is below 1: E23000002 · 2016",
        "population.csv: line 5: the area has another name in force_areas.csv: E23000003 · 2016",
        "rules.csv: line 2: it must be a whole number from 0: shared_objectives · fewest_areas · three",
        "rules.csv: line 6: no table reads this rule and parameter: minimum_base · least",
        "rules.csv: line 7: it must be a code of the codebook: residual_codes · code · OBJ.NONE",
        "no table reads this rule and parameter: intermediaries · PAR.LA · agents",
        "a number is given twice, or a partner has two roles: learning_match · practice · 1",
        "a rule lacks parameters that the tables read: learning_match",
        "universities.csv: line 2: is_n8 is none of its values",
        "workforce_2017.csv: line 2: special_constables_headcount is below 0",
    ):  # fmt: skip
        assert part in said, f"{part} is not in:\n{said}"
    assert {Path(error.file or "").name for error in found} == {
        "aliases.csv", "governing_bodies.csv", "population.csv", "rules.csv", "universities.csv", "workforce_2017.csv",
    }  # fmt: skip


def test_values_of_another_type_are_named_and_what_rests_on_them_waits(settings: ProjectPaths) -> None:
    found = changed(
        settings,
        {
            "data/reference/population.csv": [
                ("2016,498793,1", "2016,498793.5,1"),
                ("2017,498375,1", '2017,"498,375",1'),
            ],
            "data/reference/governing_bodies.csv": [("2012-11-22,2023-03-31", "22/11/2012,2023-02-30")],
            "data/reference/force_areas.csv": [
                ("E23000002,Cumbria,", "E2300000,Cumbria,"),
                ("North West,2015", "North West,soon"),
            ],
            "data/reference/codebook.csv": [("OBJ.OFFENDER,", "OBJ.MISSING,")],
        },
    )
    said = "\n".join(culprits(found))
    for part in (
        "population.csv: line 2: population must be a whole number, in digits alone",
        "population.csv: line 3: population must be a whole number",
        "governing_bodies.csv: line 2: valid_from is no day; write it as in 2017-06-30",
        "governing_bodies.csv: line 2: valid_to is no day",
        "force_areas.csv: line 2: n8_member_by must be a whole number",
        "codebook.csv: line 2: code stands more than once: OBJ.MISSING",
        "questionnaire.md",
    ):
        assert part in said, f"{part} is not in:\n{said}"
    assert "reference.force_areas" not in said


def test_all_files_are_read_although_each_is_wrong(settings: ProjectPaths) -> None:
    (settings.pulled / "gone.json").write_text("[]", encoding="utf-8")
    wrong = {
        YAML: [("title: What", "titel: What"), ("closes_on: 2018-12-31", "closes_on: 2018-01-31")],
        FORM: [("code:topic", "code:topics")],
        "assets/raw/surveys/network_signup/survey.yml": [("2017-05-10", "2017-15-10")],
        "data/decisions.csv": [("2018-03-01", "1 March"), ("2018-03-02", "")],
        "data/private/codings.csv": [(",1,TOP", ",0,TOP"), ("0a1f", "zzzz")],
        "data/private/agreement.csv": [("0.8125", "high"), ("false", "0")],
        "data/private/access-log.csv": [("at,who", "when,who")],
        "data/private/withdrawals.csv": [("T09", " 09")],
        RECORD: [("gone", "gon")],
        "data/reference/public_addresses.csv": [("address", "addresses")],
    }
    found = changed(settings, wrong)
    assert {error.file for error in found} == {*wrong, "data/private/pulled/gone.json"}
    assert all(error.remedy for error in found)
    said = "\n".join(culprits(found))
    assert f"{YAML}: line 2: titel is not known here; did you mean title?" in said
    assert "waves is empty" not in said
    assert f"{FORM}: line 10: why: topics is no scheme of codebook.csv" in said
    assert "decisions.csv: line 2: when is no day" in said
    assert "decisions.csv: line 3: when is empty" in said
    assert "codings.csv: line 2: position is no whole number from 1" in said
    assert "agreement.csv: line 2: alpha must be a number" in said


def test_codes_in_a_circle_are_named_once(settings: ProjectPaths) -> None:
    text = (settings.reference / "codebook.csv").read_text(encoding="utf-8")
    lines = [f"{line}TOP.TECH" if ",TOP.TECH," in line and line.endswith(",,,") else line for line in text.splitlines()]
    (settings.reference / "codebook.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = check_settings(settings, SURVEYS_FOLDER, reference_models())
    assert sum("TOP.TECH → TOP.TECH" in str(error) for error in found) == 1


# -- The command, and editors


def test_the_command_says_all_and_ends_with_1(settings: ProjectPaths) -> None:
    done = CliRunner().invoke(app, ["check", "--settings"])
    assert (done.exit_code, done.output.strip()) == (0, "All settings can be read, and hold together.")
    for name in ("aliases.csv", "population.csv"):
        path = settings.reference / name
        path.write_text(path.read_text(encoding="utf-8").replace(",", ";"), encoding="utf-8")
    done = CliRunner().invoke(app, ["check", "--settings"])
    assert done.exit_code == 1
    assert done.output.count("semicolons") == 2
    assert CliRunner().invoke(app, ["check"]).exit_code == 2


def test_a_refresh_meets_the_same_error(settings: ProjectPaths) -> None:
    path = settings.reference / "population.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("2016,498793", "2016,many"), encoding="utf-8")
    (checked,) = check_settings(settings, SURVEYS_FOLDER, reference_models())
    with pytest.raises(LandscapeError) as refused:
        kind_of("data/reference/population.csv").read(settings, "data/reference/population.csv")
    assert str(refused.value) == str(checked)


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_schema_for_editors_is_the_models_own(name: str) -> None:
    written = (CHECKOUT.root / name).read_text(encoding="utf-8")
    assert written == json_schema(SCHEMAS[name]), "write it anew: python -m landscape.schemas"


def test_the_file_of_the_landscape_names_its_schema() -> None:
    path = CHECKOUT.reference / "landscape.yml"
    named = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# yaml-language-server: $schema=")
    assert (path.parent / named).resolve().relative_to(CHECKOUT.root).as_posix() in SCHEMAS


def test_every_rule_that_a_table_reads_is_known_and_no_other() -> None:
    read = {
        name
        for path in (CHECKOUT.root / "assets/marts").glob("*.sql")
        for name in re.findall(r"rule = '(\w+)'", path.read_text(encoding="utf-8"))
    }
    rules = next(model for model in reference_models() if model.name == "rules").rules
    assert set(re.findall(r"WHEN '(\w+)'", rules[0].holds)) == read
    assert f">= {len(read)}" in rules[-1].holds


def test_each_survey_names_the_schema_and_fits_it() -> None:
    schema = json.loads((CHECKOUT.root / SCHEMA).read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    for path in (*SURVEYS_FOLDER.glob("*/survey.yml"), None):
        text = path.read_text(encoding="utf-8") if path else SURVEY_YML
        named = text.splitlines()[0].removeprefix("# yaml-language-server: $schema=")
        assert path is None or (path.parent / named).resolve() == CHECKOUT.root / SCHEMA
        days_as_text = yaml.load(text, Loader=yaml.CBaseLoader)  # noqa: S506 - it makes texts alone
        for entry in days_as_text.get("accepted", []):
            if "missing" in entry:
                entry["missing"] = True
        assert [error.message for error in validator.iter_errors(days_as_text)] == []
    assert {"title", "waves", "source"} <= set(schema["properties"])
    assert "kobotoolbox" in schema["properties"]["tool"]["enum"]
