"""All that is wrong in settings said at once, by the command too; schemas for editors."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml
from marts_landscape import CHECKOUT
from settings_landscape import (
    FORM,
    RECORD,
    SURVEY_YML,
    TRIED,
    YAML,
    kind_of,
    make_settings,
    survey,
)
from shipped import SURVEYS_FOLDER
from typer.testing import CliRunner

from assets.tables import reference_models
from landscape.errors import LandscapeError
from landscape.paths import ProjectPaths
from landscape.schemas import SCHEMAS
from landscape.settings.yamlfiles import json_schema
from landscape.settings_check import check_settings
from landscape.surveys.declared import SCHEMA
from pipelines.cli import app


@pytest.fixture
def settings(project: ProjectPaths) -> ProjectPaths:
    make_settings(project)
    return project


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
        "universities.csv: line 2: is_n8 is not one of its values",
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
        "governing_bodies.csv: line 2: valid_from is not a day; write it as in 2017-06-30",
        "governing_bodies.csv: line 2: valid_to is not a day",
        "force_areas.csv: line 2: n8_member_by must be a whole number",
        "codebook.csv: line 2: code is there more than once: OBJ.MISSING",
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
    assert "decisions.csv: line 2: when is not a day" in said
    assert "decisions.csv: line 3: when is empty" in said
    assert "codings.csv: line 2: position is not a whole number from 1" in said
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
    assert written == json_schema(SCHEMAS[name]), "write it again: python -m landscape.schemas"


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
    for path in (*(CHECKOUT.root / "assets" / "raw" / "surveys").glob("*/survey.yml"), None):
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
