"""A survey folder: survey.yml and questionnaire.md as one object."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from landscape.errors import SurveyDefinitionError
from landscape.settings.reading import shown
from landscape.settings.yamlfiles import read_yaml
from landscape.surveys.declared import Accepted, SurveyFile, Wave
from landscape.surveys.dialects import DIALECTS
from landscape.surveys.export import Asked, DateOrder, in_order
from landscape.surveys.questionnaire import Questionnaire, joined
from landscape.surveys.questionnaire_file import read_questionnaire
from landscape.surveys.source import Source
from landscape.text import normal_wording

DECLARED, QUESTIONNAIRE = "survey.yml", "questionnaire.md"
EARLIER = "questionnaire-*.md"
"""Questionnaires of earlier rounds, kept beside the one in force: `questionnaire-<version>.md`."""
SURVEY_NAME = re.compile(r"[a-z][a-z0-9_]{2,39}")


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
        retain_until: The last day on which the received files may be kept; None where nobody has said so yet.
        waves: Rounds, in order.
        cut: The groups that answers are published by, decided before it opens; None for no groups.
        dates: Whether day or month comes first in its exports; None where the tool's habit or the file says so.
        undated_wave: The round that responses without any time belong to; None where they cannot be placed.
        test_responses: Platform ids of the team's own trials.
        questionnaire: What was asked, in any of its versions.
        decimal_mark: The decimal mark of numbers in the export, `.` or `,`.
        has_numbered_options: The export holds each option's place in its list (1, 2, …), not its label.
        accepted: Differences from the questionnaire that a person has accepted.
        source: The service that responses are pulled from; None where files are dropped.
        versions: The versions of the questionnaire, the one in force first; empty where there never was another.
    """

    name: str
    title: str
    licence: str
    tool: str
    time_zone: str
    consent_version: str
    retain_until: dt.date | None
    waves: tuple[Wave, ...]
    test_responses: frozenset[str]
    questionnaire: Questionnaire
    undated_wave: str | None = None
    cut: str | None = None
    dates: DateOrder | None = None
    decimal_mark: str = "."
    has_numbered_options: bool = False
    accepted: tuple[Accepted, ...] = ()
    source: Source | None = None
    versions: tuple[Questionnaire, ...] = ()

    @property
    def form(self) -> Questionnaire:
        """The questionnaire in force: what new forms ask."""
        return self.versions[0] if self.versions else self.questionnaire

    @cached_property
    def asked(self) -> Asked:
        """What its dialect must know to say what a column is."""
        kinds: dict[str, str] = {}
        for question in self.questionnaire.questions:
            accepted = (entry.wording for entry in self.accepted if entry.question == question.name and entry.wording)
            for wording in (question.name, question.label, *question.columns, *accepted):
                kinds.setdefault(normal_wording(wording), "rank" if question.rank else question.kind)
        return Asked(kinds, self.dates)

    @property
    def date_format(self) -> str:
        """How date answers are written, as DuckDB's strptime reads it, or ISO_FORMAT."""
        return in_order(DIALECTS[self.tool].DATE_FORMAT, self.dates)

    @property
    def time_format(self) -> str:
        """How the times of responses are written, in the same way."""
        return in_order(DIALECTS[self.tool].TIME_FORMAT, self.dates)


def read_survey(folder: Path, reference: Path) -> Survey:
    """Reads one survey folder.

    Raises:
        SurveyDefinitionError: Its files do not say what they must; of the file at fault, all is named.
    """
    versions = _read_versions(folder, reference)
    asked = _all_asked(versions, folder)
    declared = read_declared(folder, asked)
    return Survey(
        name=folder.name,
        title=declared.title,
        licence=declared.licence,
        tool=declared.tool,
        time_zone=declared.time_zone,
        consent_version=declared.consent_version,
        retain_until=declared.retain_until,
        waves=declared.waves,
        undated_wave=declared.undated,
        cut=declared.cut,
        dates=declared.dates,
        test_responses=frozenset(declared.test_responses),
        decimal_mark=declared.decimal_mark,
        has_numbered_options=declared.options_as == "numbers",
        accepted=declared.accepted,
        source=declared.source,
        questionnaire=asked,
        versions=versions if len(versions) > 1 else (),
    )


def read_asked(folder: Path, reference: Path) -> Questionnaire:
    """What a survey folder asks, or asked in an earlier version; raises as `read_survey`."""
    return _all_asked(_read_versions(folder, reference), folder)


def _read_versions(folder: Path, reference: Path) -> tuple[Questionnaire, ...]:
    """The questionnaire in force, then those before it, the latest first."""
    paths = (folder / QUESTIONNAIRE, *sorted(folder.glob(EARLIER), reverse=True))
    return tuple(_read_version(path, folder.name, reference) for path in paths)


def _read_version(path: Path, survey: str, reference: Path) -> Questionnaire:
    asked = read_questionnaire(path, reference)
    if asked.survey != survey:
        raise SurveyDefinitionError(
            f"its form_id is {asked.survey}, and its folder is called {survey}",
            file=shown(path),
            remedy="give both the same name; a folder that was copied from another survey keeps that one's form_id",
        )
    return asked


def _all_asked(versions: tuple[Questionnaire, ...], folder: Path) -> Questionnaire:
    """The questions of all versions as one questionnaire, so that answers to each have one place."""
    asked, clashes = joined(versions)
    if clashes:
        raise SurveyDefinitionError(
            "questions have the names of other questions in an earlier version of the questionnaire",
            file=shown(folder / QUESTIONNAIRE),
            culprits=clashes,
            remedy="a question keeps its name only while its type, option list and privacy stay the same: "
            "give the new one a name of its own",
        )
    return asked


def read_declared(folder: Path, asked: Questionnaire | None = None) -> SurveyFile:
    """What a survey.yml says.

    Args:
        folder: The survey's folder.
        asked: The questionnaire to hold it against, where it can be read.

    Raises:
        SurveyDefinitionError: It does not say what it must.
    """
    if not SURVEY_NAME.fullmatch(folder.name):
        raise SurveyDefinitionError(
            f"a survey cannot be called {folder.name!r}",
            file=shown(folder),
            remedy="name the folder with 3 to 40 small letters, digits and _, beginning with a letter, as in officer_survey",
        )
    return read_yaml(folder / DECLARED, SurveyFile, SurveyDefinitionError, lambda declared: declared.faults(asked))


def names_of_surveys(folder: Path) -> tuple[str, ...]:
    """All surveys below `folder`, one for each sub-folder with a survey.yml, in alphabetical order."""
    return tuple(found.parent.name for found in sorted(folder.glob(f"*/{DECLARED}")))


def read_surveys(folder: Path, reference: Path) -> tuple[Survey, ...]:
    """All surveys below `folder` with their questionnaires."""
    return tuple(read_survey(folder / name, reference) for name in names_of_surveys(folder))
