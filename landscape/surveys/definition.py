"""A survey folder: survey.yml and questionnaire.md as one object. Not here: any received file."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from landscape.errors import SurveyDefinitionError
from landscape.surveys.questionnaire import Questionnaire, read_questionnaire
from landscape.surveys.source import Source, read_source

_DECIMAL_MARKS = (".", ",")
_OPTION_FORMS = ("labels", "numbers")
_REQUIRED = ("title", "licence", "tool", "time_zone", "consent_version", "retain_until", "waves")


@dataclass(frozen=True)
class Wave:
    """One round of a survey; both dates belong to it, in the survey's own time zone."""

    wave: str
    opens_on: dt.date
    closes_on: dt.date


@dataclass(frozen=True)
class Accepted:
    """A difference between export and questionnaire that a person has accepted for one wave.

    Args:
        wave: The wave it holds for.
        question: The question's name; empty for a new column.
        wording: Another wording of the question.
        option: An answer that is not in the option list.
        means: The code that such an answer means.
        is_missing: The question was not asked.
        new: The heading of a column that is not a question of ours; it stays in the received file.
    """

    wave: str
    question: str = ""
    wording: str = ""
    option: str = ""
    means: str = ""
    is_missing: bool = False
    new: str = ""


@dataclass(frozen=True)
class Survey:
    """A survey as its folder declares it.

    Args:
        name: The folder's name; also the name of its raw table.
        title: What respondents saw above the questions.
        licence: What may be done with the answers.
        tool: The survey tool whose exports are expected.
        time_zone: The zone of the times in the export, which the files themselves do not say.
        consent_version: Which wording of the consent questions was shown.
        retain_until: When the received files must go.
        waves: Rounds, in order.
        undated_wave: The round that responses without any time belong to; None where they cannot be placed.
        test_responses: Platform ids of the team's own trials.
        questionnaire: What was asked.
        decimal_mark: The decimal mark of numbers in the export, `.` or `,`.
        has_numbered_options: The export holds each option's place in its list (1, 2, …), not its label.
        accepted: Differences from the questionnaire that a person has accepted.
        source: The service that responses are pulled from; None where files are dropped.
    """

    name: str
    title: str
    licence: str
    tool: str
    time_zone: str
    consent_version: str
    retain_until: dt.date
    waves: tuple[Wave, ...]
    test_responses: frozenset[str]
    questionnaire: Questionnaire
    undated_wave: str | None = None
    decimal_mark: str = "."
    has_numbered_options: bool = False
    accepted: tuple[Accepted, ...] = ()
    source: Source | None = None


def read_survey(folder: Path, reference: Path) -> Survey:
    """Reads one survey folder.

    Raises:
        SurveyDefinitionError: Something it must declare is missing or unusable.
    """
    path = folder / "survey.yml"
    try:
        declared = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (OSError, yaml.YAMLError) as error:
        raise SurveyDefinitionError(
            "cannot be read as YAML", file=path, remedy="compare it with the survey.yml of another survey"
        ) from error
    missing = [key for key in _REQUIRED if key not in declared]
    if missing:
        raise SurveyDefinitionError("does not declare everything it must", file=path, culprits=missing)
    try:
        ZoneInfo(declared["time_zone"])
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise SurveyDefinitionError(
            "its time zone is not known",
            file=path,
            culprits=[str(declared["time_zone"])],
            remedy="write it as in Europe/London",
        ) from error
    return Survey(
        name=folder.name,
        title=declared["title"],
        licence=declared["licence"],
        tool=declared["tool"],
        time_zone=declared["time_zone"],
        consent_version=str(declared["consent_version"]),
        retain_until=declared["retain_until"],
        waves=tuple(Wave(str(w["wave"]), w["opens_on"], w["closes_on"]) for w in declared["waves"]),
        undated_wave=_undated(declared, path),
        test_responses=frozenset(str(ref) for ref in declared.get("test_responses", [])),
        decimal_mark=_one_of(declared, "decimal_mark", _DECIMAL_MARKS, path),
        has_numbered_options=_one_of(declared, "options_as", _OPTION_FORMS, path) == "numbers",
        accepted=tuple(_accepted(row, path) for row in declared.get("accepted", [])),
        source=read_source(declared.get("source"), declared["tool"], path),
        questionnaire=read_questionnaire(folder / "questionnaire.md", reference),
    )


def _undated(declared: dict[str, Any], path: Path) -> str | None:
    if "undated" not in declared:
        return None
    waves = [str(wave["wave"]) for wave in declared["waves"]]
    if str(declared["undated"]) not in waves:
        raise SurveyDefinitionError(
            "undated names no wave of this survey",
            file=path,
            culprits=[str(declared["undated"])],
            remedy=f"name one of {', '.join(waves)}",
        )
    return str(declared["undated"])


def _one_of(declared: dict[str, Any], key: str, allowed: tuple[str, ...], path: Path) -> str:
    """A setting that may be left out; the first value allowed is then meant."""
    value = str(declared.get(key, allowed[0]))
    if value not in allowed:
        raise SurveyDefinitionError(
            f"{key} is none of {', '.join(allowed)}",
            file=path,
            culprits=[value],
            remedy="use one of these, or leave it out",
        )
    return value


def _accepted(row: dict[str, Any], path: Path) -> Accepted:
    try:
        known = {("is_missing" if key == "missing" else key): value for key, value in row.items()}
        return Accepted(**(known | {"wave": str(known["wave"])}))
    except (TypeError, KeyError) as error:
        raise SurveyDefinitionError(
            "an entry of `accepted` cannot be read",
            file=path,
            culprits=[str(row)],
            remedy="give wave and question with wording, or option and means, or missing: true; or wave and new",
        ) from error


def read_surveys(folder: Path, reference: Path) -> tuple[Survey, ...]:
    """All surveys below `folder`, one per sub-folder with a survey.yml, in alphabetical order."""
    return tuple(read_survey(found.parent, reference) for found in sorted(folder.glob("*/survey.yml")))
