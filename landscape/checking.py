"""Checks one export against its survey, as a refresh would, and changes nothing."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from landscape.errors import LandscapeError
from landscape.paths import ProjectPaths
from landscape.staging_db import StagingDatabase, scratch_staging_db
from landscape.step import Received, Refresh, Step
from landscape.surveys.contract import remedy
from landscape.surveys.definition import Survey
from landscape.surveys.dialects import DIALECTS
from landscape.surveys.export import Export
from landscape.surveys.invited import read_invited
from landscape.surveys.placed import as_if_placed
from landscape.surveys.placing import NO_NUMBER, NO_PARENT, NUMBER_SHARED
from landscape.surveys.received import read_received, read_unknown, with_record
from landscape.surveys.remedies import UNLISTED
from landscape.surveys.statuses import RESPONSE_STATUSES, outside_every_wave
from landscape.text import normal_wording

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_SECRET_BYTES = 32
_NOT_PLACED = (NO_PARENT, NUMBER_SHARED, NO_NUMBER)
NO_SURVEY = "none of its questions is a question of any survey"


@dataclass(frozen=True)
class Finding:
    """One kind of misfit, and every place where it occurs; never what a cell says.

    Args:
        field: The question, or the part of the response.
        reason: What is wrong.
        disposition: row_set_aside, answer_set_aside, not_counted or noted.
        lines: Lines of the file (rows of the sheet); empty where it concerns the whole file.
        cells: The cells, where it is a workbook.
        suggestion: What to do.
    """

    field: str
    reason: str
    disposition: str
    lines: tuple[int, ...]
    cells: tuple[str, ...] = ()
    suggestion: str = ""

    @property
    def places(self) -> tuple[str, ...]:
        """Where it is, as people look for it."""
        return self.cells or tuple(map(str, self.lines))


@dataclass(frozen=True)
class Kept:
    """A count that must add up: received = kept + set aside.

    Args:
        part: The repeated part; empty for the responses.
        counted_what: `rows`, or the wording of the question whose ticks are counted.
        n_received: Counted in the file.
        n_kept: Of these, in the tables.
        n_set_aside: Of these, among what did not fit.
    """

    part: str
    counted_what: str
    n_received: int
    n_kept: int
    n_set_aside: int

    @property
    def adds_up(self) -> bool:
        """Whether nothing was lost and nothing invented."""
        return self.n_received == self.n_kept + self.n_set_aside


@dataclass(frozen=True)
class Check:
    """How an export fits.

    Args:
        tools: The survey tools whose shape the file has.
        survey: The survey it was compared with; None where it fits none.
        chosen_because: Why that one.
        differences: What a refresh would stop at, one line each; empty if nothing.
        remedy: What to do about the differences.
        statuses: Responses by the status they would get (`landscape.surveys.statuses`).
        outside: What a person should do about responses outside every wave; empty where there are none.
        findings: What would be set aside or noted.
        kept: Rows and ticks, received against kept.
    """

    tools: tuple[str, ...]
    survey: Survey | None
    chosen_because: str
    differences: tuple[str, ...] = ()
    remedy: str = ""
    statuses: tuple[tuple[str, int], ...] = ()
    outside: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    kept: tuple[Kept, ...] = ()

    @property
    def fits(self) -> bool:
        """Whether a refresh would take the file."""
        return not self.differences and all(count.adds_up for count in self.kept)


def check_export(
    path: Path,
    surveys: Sequence[Survey],
    paths: ProjectPaths,
    steps: Sequence[Step],
    name: str | None = None,
) -> Check:
    """Checks an export against a survey in memory: no table, key, lock or file is made.

    Args:
        path: The export, wherever it lies.
        surveys: All surveys.
        paths: The project folder, for the reference files and to see in which survey's folder the export lies.
        steps: The steps of a refresh.
        name: The survey to compare it with; without it, the one in whose folder it lies, else the one it fits best.

    Returns:
        What a refresh would say of it.

    Raises:
        LandscapeError: There is no such survey, or the file cannot be read at all; the message says what to do.
    """
    read = read_unknown(path)
    tools = tuple(DIALECTS[tool].TITLE for tool in read)
    survey, because = _choose(path, surveys, paths, read, name)
    if survey is None:
        return Check(
            tools, None, because, (NO_SURVEY,), "draft a survey from it: landscape survey new FILE --name NAME"
        )
    as_written = survey if survey.tool in read else replace(survey, tool=next(iter(read)))
    differences: list[str] = []
    remedies: list[str] = []
    if as_written.tool != survey.tool:
        declared = DIALECTS[survey.tool].TITLE
        differences.append(f"another tool: survey.yml declares {declared}, the file is of {', '.join(tools)}")
        remedies.append("export from the declared tool, or declare the other one as `tool:` in survey.yml")
    file = with_record(paths, read_received(path, path.name, as_written, leniently=True))
    if file.differences:
        differences += file.differences
        remedies.append(remedy(file.export, survey))
    begun = Check(tools, survey, because, tuple(differences), "; ".join(remedies))
    can_be_tried = {part.name for part in survey.questionnaire.repeats} <= file.columns.keys() and (
        file.columns[None] or not survey.questionnaire.of(None)
    )
    if not can_be_tried:
        return begun
    tried = _tried(begun, file.survey, Received(files=(file,)), paths, steps)
    if not any(each.reason in _NOT_PLACED for each in tried.findings):
        return tried
    placed = _tried(begun, file.survey, Received(files=(as_if_placed(file),)), paths, steps)
    aside = [each for each in tried.findings if each.reason in _NOT_PLACED]
    others = [each for each in placed.findings if each.reason not in _NOT_PLACED]
    return replace(tried, findings=(*aside, *others))  # so that answers in rows that are set aside are checked at once


def check_invited(
    path: Path,
    surveys: Sequence[Survey],
    paths: ProjectPaths,
    steps: Sequence[Step],
    name: str | None = None,
) -> Check:
    """Checks a list of those who were invited, in memory, as `check_export` tries an export; same arguments.

    Raises:
        LandscapeError: It is no such list, or nothing says which survey they were invited to.
    """
    by_name = {survey.name: survey for survey in surveys}
    folder = path.resolve().parent
    named = name or (folder.name if folder.name in by_name else "")
    if named not in by_name:
        raise LandscapeError(
            f"there is no survey {named}" if named else "nothing says which survey these people were invited to",
            file=path.name,
            remedy=f"put it into data/raw/<survey>/, or add --survey with one of {', '.join(sorted(by_name))}",
        )
    survey = by_name[named]
    begun = Check((), survey, "you named it" if name else "the file lies in its folder")
    return _tried(begun, survey, Received(invited=(read_invited(path, path.name, survey),)), paths, steps)


def _choose(
    path: Path, surveys: Sequence[Survey], paths: ProjectPaths, read: Mapping[str, Export], name: str | None
) -> tuple[Survey | None, str]:
    """The survey to compare an export with, and why that one; None where it has no question in common with any."""
    by_name = {survey.name: survey for survey in surveys}
    if name is not None:
        if name not in by_name:
            raise LandscapeError(f"there is no survey {name}", remedy=f"the surveys are {', '.join(sorted(by_name))}")
        return by_name[name], "you named it"
    folder = path.resolve().parent
    if folder.parent == paths.raw and folder.name in by_name:
        return by_name[folder.name], "the file lies in its folder"
    first = next(iter(read.values()))
    found = {survey.name: _questions_found(read.get(survey.tool, first), survey) for survey in surveys}
    shares = {name: n / n_all for name, (n, n_all) in found.items() if n}
    if not shares:
        return None, ""
    best = by_name[max(shares, key=lambda name: shares[name])]
    n_found, n_asked = found[best.name][0], len(best.questionnaire.questions)
    because = f"its questionnaire fits best: {n_found} of its {n_asked} questions were found"
    if 2 * n_found < n_asked:
        because += "; if it is of a survey that is not here yet, draft that: landscape survey new FILE --name NAME"
    return best, because


def _questions_found(export: Export, survey: Survey) -> tuple[int, int]:
    """Questions of the survey that are in the export, and how many different ones the two have together."""
    columns = [column for sheet in export.sheets for column in sheet.columns if column.role == "answer"]
    headings = {normal_wording(column.heading) for column in columns}
    asked = survey.questionnaire.questions
    n_found = sum(not headings.isdisjoint({normal_wording(q.name), normal_wording(q.label)}) for q in asked)
    return n_found, len(asked) + len(headings) - n_found


def _tried(begun: Check, survey: Survey, given: Received, paths: ProjectPaths, steps: Sequence[Step]) -> Check:
    """Loads and stages in memory, with a secret that is not kept; what people decided concerns other files too."""
    with scratch_staging_db() as con:
        refresh = Refresh(
            StagingDatabase(con, paths),
            lambda: (survey,),
            given,
            secret_of=lambda _: secrets.token_bytes(_SECRET_BYTES),
            has_decisions=False,
        )
        for step in steps:
            if step.layer in ("raw", "reference") or step.name == "staged__surveys":
                step.run(refresh)
        statuses = tuple((status, n) for _, status, n in con.execute(RESPONSE_STATUSES).fetchall())
        outside = outside_every_wave(con, [survey])
        findings = tuple(each for each in _findings(con) if not _is_said(each, begun.differences))
        return replace(begun, statuses=statuses, outside=outside, findings=findings, kept=_kept(con, survey))


def _is_said(finding: Finding, differences: Sequence[str]) -> bool:
    """Whether it is an unlisted answer that is among the differences already."""
    named = f"not an option of “{finding.field}”"
    return finding.reason.startswith(UNLISTED) and any(each.startswith(named) for each in differences)


def _findings(con: DuckDBPyConnection) -> tuple[Finding, ...]:
    rows = con.execute(
        "SELECT coalesce(field, '') AS place, reason, disposition, list(line ORDER BY line) FILTER (line IS NOT NULL), "
        "list(cell ORDER BY line) FILTER (cell IS NOT NULL), suggestion "
        "FROM staged.issues GROUP BY place, reason, disposition, suggestion "
        "ORDER BY disposition <> 'row_set_aside', disposition, min(issue_number)"
    ).fetchall()
    return tuple(
        Finding(place, reason, disposition, tuple(lines or ()), tuple(cells or ()), suggestion)
        for place, reason, disposition, lines, cells, suggestion in rows
    )


def _kept(con: DuckDBPyConnection, survey: Survey) -> tuple[Kept, ...]:
    named = survey.questionnaire.by_name
    rows = con.execute(
        "SELECT repeat, counted_what, n_received, n_kept, n_set_aside FROM staged.conservation "
        "ORDER BY counted_what <> 'rows', repeat, counted_what"
    ).fetchall()
    return tuple(Kept(part, named[what].label if what in named else what, *counts) for part, what, *counts in rows)
