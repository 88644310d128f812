"""Drafts a survey folder from an export, from the tool's own definition, or from both, for a person to finish."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

from landscape.errors import ContractError, LandscapeError, ReceivedFileError, SurveyDefinitionError
from landscape.surveys.defined import Defined
from landscape.surveys.definition import DECLARED, QUESTIONNAIRE, SURVEY_NAME, Survey, read_survey
from landscape.surveys.definitions import read_definition
from landscape.surveys.definitions.plain import Definition
from landscape.surveys.dialects import DIALECTS, dialect_of
from landscape.surveys.dialects.times import DateOrderError
from landscape.surveys.draft import Draft
from landscape.surveys.draftfiles import TIME_ZONE, write_questionnaire, write_survey
from landscape.surveys.draftfitting import Fitting
from landscape.surveys.draftquestions import Drafter
from landscape.surveys.export import ISO_FORMAT, Export
from landscape.surveys.naming import Names
from landscape.surveys.optionlists import OWN_LISTS, OwnLists, known_lists
from landscape.surveys.received import read_for, read_received, read_undeclared, read_unknown

_ORDER_OF_DATES = "does day or month come first in its dates? Nothing says: mend the line `# dates:` in survey.yml"


def draft_survey(files: Sequence[Path], name: str, surveys_folder: Path, reference: Path, tool: str = "") -> Draft:
    """Drafts `survey.yml`, `questionnaire.md` and, where needed, `options.csv`.

    With the tool's own definition nothing is guessed that it says. From an export alone, no answer is written into the
    files but options given at least three times, or that belong to a scale of which others were; see `guessing`.

    Args:
        files: An export, the tool's definition of the questionnaire, or one of each.
        name: The survey's name, and its folder's.
        surveys_folder: Where survey folders are.
        reference: The folder of the option lists that surveys share.
        tool: The tool that wrote the export, where its shape does not tell.

    Returns:
        What was drafted, for a person to look at.

    Raises:
        LandscapeError: There is such a survey, the name cannot be one, or a file is neither export nor definition.
    """
    _refuse_name(name, surveys_folder)
    definition, exports = _read(files, tool)
    surveys_folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=surveys_folder) as scratch:
        maker = _Maker(name, reference, Path(scratch))
        draft = maker.draft(definition, exports)
        if not draft.questions:
            raise ReceivedFileError(
                "it has no column with a question", file=files[0], remedy="export it again with headings"
            )
        draft = _tried(draft, maker, exports)
        try:
            maker.folder.rename(surveys_folder / name)  # whole or not at all
        except OSError:
            _refuse_name(name, surveys_folder)  # another appeared meanwhile
            raise
    return draft


def _tried(draft: Draft, maker: _Maker, exports: Iterable[Path]) -> Draft:
    """A draft that can be read, with what its own export says against it, before anything is in the project."""
    survey = maker.survey(draft)
    try:
        for path in exports:
            read_received(path, path.name, survey)
    except ContractError as error:
        return replace(draft, unsettled=tuple(error.culprits))
    except DateOrderError as error:
        if error.is_certain and draft.dates is None:
            return _tried(replace(draft, dates=error.possible), maker, exports)
        unclear = replace(draft, is_order_unclear=True, unsettled=(_ORDER_OF_DATES,))
        maker.survey(unclear)
        return unclear
    return draft


def _refuse_name(name: str, surveys_folder: Path) -> None:
    if not SURVEY_NAME.fullmatch(name):
        raise LandscapeError(
            f"a survey cannot be called {name!r}",
            remedy="use 3 to 40 small letters, digits and _, beginning with a letter, as in officer_survey",
        )
    if (surveys_folder / name).exists():
        raise SurveyDefinitionError(
            f"there is a survey {name} already, and nothing is written over it",
            file=f"assets/raw/surveys/{name}",
            remedy="choose another name; or, for a new wave, add it under `waves:` in its survey.yml",
        )


def _read(files: Sequence[Path], tool: str) -> tuple[Definition | None, dict[Path, dict[str, Export]]]:
    """The definition among the files, and the export, by each tool that can have written it."""
    if tool and tool not in DIALECTS:
        raise LandscapeError(f"there is no survey tool {tool} here", remedy=f"the tools are {', '.join(DIALECTS)}")
    definitions: dict[Path, Definition] = {}
    exports: dict[Path, dict[str, Export]] = {}
    for path in files:
        if not path.is_file():
            raise ReceivedFileError("there is no such file", file=path)
        defined = read_definition(path.read_bytes(), path.name)
        if defined is not None:
            definitions[path] = defined
        else:
            exports[path] = {tool: read_undeclared(path, dialect_of(path, tool))} if tool else read_unknown(path)
    for found, what in ((definitions, "definitions of a questionnaire"), (exports, "exports")):
        if len(found) > 1:
            raise LandscapeError(
                f"there are {len(found)} {what}",
                culprits=[path.name for path in found],
                remedy="give one export, the tool’s own definition, or one of each; further exports are held against the "
                "draft by `landscape check`",
            )
    return next(iter(definitions.values()), None), exports


class _Maker:
    """Makes drafts of a survey, and their files in a scratch folder."""

    def __init__(self, name: str, reference: Path, scratch: Path) -> None:
        self._name = name
        self._reference = reference
        self.folder = scratch / name

    def draft(self, definition: Definition | None, exports: Mapping[Path, Mapping[str, Export]]) -> Draft:
        """A draft from what there is."""
        path, read = next(iter(exports.items()), (None, {}))
        tools = _tools(read, definition)
        if definition is None:
            return self._from_export(tools, read[tools[0]])
        lists, names, own_lists = known_lists(self._reference), Names(), OwnLists()
        defined = Defined(definition, lists, names, own_lists)
        draft = Draft(
            name=self._name,
            tools=tools,
            parts=defined.parts(),
            title=definition.title or self._title,
            drafted_from="the tool’s own definition",
            is_defined=True,
            skipped=(),
            notes=tuple(defined.notes),
            lists_csv=own_lists.as_csv(),
            differences=tuple({"new": heading} for heading in dict.fromkeys(definition.not_asked)),
        )
        if path is None:
            return draft
        dialect = DIALECTS[tools[0]]
        survey = self.survey(draft)
        try:
            export = read_for(path, survey, dialect)
        except DateOrderError as unclear:  # whichever it is, the columns are the same
            export = read_for(path, replace(survey, dates=unclear.possible), dialect)
        drafter = Drafter(dialect, lists, names, own_lists)
        fitting = Fitting(export, dialect, drafter, definition.not_asked)
        return replace(
            _dated(draft, export),
            parts=fitting.parts(draft.parts),
            drafted_from=f"an export of {dialect.TITLE} and the tool’s own definition",
            skipped=tuple(drafter.skipped),
            lists_csv=own_lists.as_csv(),
            differences=tuple(fitting.differences),
        )

    def _from_export(self, tools: tuple[str, ...], export: Export) -> Draft:
        dialect, own_lists = DIALECTS[tools[0]], OwnLists()
        headings = (
            text
            for sheet in export.sheets
            for column in sheet.columns
            if column.role in ("answer", "empty")
            for text in (column.heading, *column.also)
        )
        drafter = Drafter(dialect, known_lists(self._reference), Names(headings), own_lists)
        draft = Draft(
            name=self._name,
            tools=tools,
            parts=tuple(drafter.parts(export)),
            title=self._title,
            drafted_from=f"an export of {dialect.TITLE}",
            skipped=tuple(drafter.skipped),
            lists_csv=own_lists.as_csv(),
        )
        return _dated(draft, export)

    @property
    def _title(self) -> str:
        return self._name.replace("_", " ").capitalize()

    def survey(self, draft: Draft) -> Survey:
        """The survey as its drafted files say it."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        write_survey(draft, self.folder / DECLARED)
        write_questionnaire(draft, self.folder / QUESTIONNAIRE)
        if draft.lists_csv:
            (self.folder / OWN_LISTS).write_text(draft.lists_csv, encoding="utf-8", newline="\n")
        return read_survey(self.folder, self._reference)


def _dated(draft: Draft, export: Export) -> Draft:
    """A draft with what an export says of its times."""
    days = sorted(_days(export))
    first_on, last_on = (days[0], days[-1]) if days else (None, None)
    return replace(draft, has_export=True, first_on=first_on, last_on=last_on, zone=export.time_zone)


def _tools(read: Mapping[str, Export], definition: Definition | None) -> tuple[str, ...]:
    """The tools that can have written the files; an export and a definition must be of the same one."""
    if definition is None or not read:
        return tuple(read) or (definition.tools if definition else ())
    both = tuple(tool for tool in read if tool in definition.tools)
    if not both:
        titles = [", ".join(DIALECTS[tool].TITLE for tool in tools) for tools in (read, definition.tools)]
        raise LandscapeError(
            f"the export is of {titles[0]}, and the definition of {titles[1]}",
            remedy="give both from the same survey tool, or the export alone",
        )
    return both


def _days(export: Export) -> Iterator[dt.date]:
    """The days on which responses were given, where they are given."""
    sheet, time_format = export.sheets[0], DIALECTS[export.tool].TIME_FORMAT
    zone = ZoneInfo(export.time_zone or TIME_ZONE)
    positions = [at for at in (sheet.position("completed_at"), sheet.position("started_at")) if at is not None]
    for row in sheet.rows:
        for at in positions:
            moment = _moment(row.cells[at].strip(), time_format) if at < len(row.cells) else None
            if moment is not None:
                yield moment.replace(tzinfo=moment.tzinfo or zone).astimezone(ZoneInfo(TIME_ZONE)).date()


def _moment(text: str, time_format: str) -> dt.datetime | None:
    try:
        if time_format == ISO_FORMAT:
            return dt.datetime.fromisoformat(text)
        return dt.datetime.strptime(text, time_format)  # noqa: DTZ007 - its zone is added where it is used
    except ValueError:
        return None
