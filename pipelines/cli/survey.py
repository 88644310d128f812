"""The commands around one survey: `check`, and `survey` new, form, workbook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from landscape.errors import LandscapeError
from landscape.paths import project_paths, surveys_folder
from pipelines.cli.terminal import head, say, show_table, shown, unfinished, warn

if TYPE_CHECKING:
    from landscape.checking import Check, Finding
    from landscape.surveys.definition import Survey
    from landscape.surveys.draft import Draft

survey_app = typer.Typer(no_args_is_help=True, help="Drafts a survey, and writes its form or workbook.")
DOES_NOT_FIT = 1
_MOST_SHOWN = 8
_DISPOSITIONS = {
    "row_set_aside": "row set aside",
    "answer_set_aside": "answer set aside",
    "not_counted": "kept, not counted",
    "noted": "noted",
}


def check(
    file: Annotated[Path | None, typer.Argument(help="An export, wherever it lies.")] = None,
    survey: Annotated[str | None, typer.Option(help="The survey to hold it against; else the best fit.")] = None,
    settings: Annotated[bool, typer.Option("--settings", help="All that people edit, in place of an export.")] = False,
) -> None:
    """Says how an export fits its survey, and changes nothing.

    It reads the export as a refresh would. Exit status 0 only if it fits.
    """
    from landscape.checking import check_export, check_invited
    from landscape.surveys.invited import is_invited_list
    from pipelines.definitions import declared_surveys, steps

    if settings:
        _check_settings()
        return
    if file is None:
        raise typer.BadParameter("name an export, or say --settings")
    if is_invited_list(file):
        _show_invited(check_invited(file, declared_surveys(), project_paths(), steps(), survey))
        return
    outcome = check_export(file, declared_surveys(), project_paths(), steps(), survey)
    _show_check(outcome)
    if not outcome.fits:
        raise typer.Exit(DOES_NOT_FIT)


def _check_settings() -> None:
    from landscape.settings_check import check_settings
    from pipelines.definitions import reference_models

    found = check_settings(project_paths(), surveys_folder(), reference_models())
    for error in found:
        say(f"{error}\n")
    if found:
        raise typer.Exit(DOES_NOT_FIT)
    say("All settings can be read, and hold together.")


@survey_app.command()
@unfinished("No survey was drafted.")
def new(
    files: Annotated[
        list[Path],
        typer.Argument(help="An export with a few answers, the tool’s own definition of the questionnaire, or both."),
    ],
    name: Annotated[str, typer.Option(help="The survey's name: small letters, digits and _.")],
    tool: Annotated[str, typer.Option(help="The tool that wrote the export, where its shape leaves it open.")] = "",
) -> None:
    """Drafts a survey's folder from an export or the tool's own definition, for a person to finish.

    Definitions: LimeSurvey .lss or .txt, Qualtrics .qsf, XLSForm (Kobo, ODK), REDCap's data dictionary, the key of a
    coded Jisc export. It overwrites nothing.
    """
    from landscape.surveys.drafting import draft_survey

    draft = draft_survey(files, name, surveys_folder(), project_paths().reference, tool)
    _show_draft(draft, surveys_folder() / name)


@survey_app.command()
@unfinished("The form was not written whole.")
def form(
    name: str, out: Annotated[Path | None, typer.Option(help="The folder; reports/forms without it.")] = None
) -> None:
    """Writes a survey as a form to upload, and as a script to paste.

    An XLSForm for Kobo and ODK, a Word script for Jisc Online Surveys and Microsoft Forms.
    """
    from landscape.surveys.forms import write_forms

    for path in write_forms(_survey(name), out or project_paths().reports / "forms"):
        say(f"Written: {shown(path)}")


@survey_app.command()
@unfinished("No workbook was written.")
def workbook(
    name: str, out: Annotated[Path | None, typer.Option(help="Where; in reports/forms without it.")] = None
) -> None:
    """Writes a blank workbook to fill in, such as the one for visits.

    For a survey with repeated parts; of ours, that is force_visits.
    """
    from landscape.surveys.workbook import write_blank_workbook

    path = out or project_paths().reports / "forms" / f"{name}-workbook.xlsx"
    write_blank_workbook(_survey(name), path)
    say(f"Written: {shown(path)}")


def _survey(name: str) -> Survey:
    from pipelines.definitions import declared_surveys

    found = {survey.name: survey for survey in declared_surveys()}
    if name not in found:
        raise LandscapeError(f"there is no survey {name}", remedy=f"the surveys are {', '.join(sorted(found))}")
    return found[name]


def _show_check(outcome: Check) -> None:
    say(f"Written by: {' or '.join(outcome.tools)}")
    if outcome.survey is not None:
        say(f"Held against: {outcome.survey.name} ({outcome.chosen_because})")
    if outcome.differences:
        say("\nIt does not fit. A refresh would stop at:", style="bold red")
        for difference in outcome.differences:
            say(f"  - {difference}")
        say(f"What to do: {outcome.remedy}")
        if not outcome.kept:
            say("Answers are looked at once these are settled.")
            return
        head("\nWhat a refresh would find in its answers, as far as it fits.")
    else:
        head("\nIt fits its questionnaire." if outcome.fits else "\nIts counts do not add up.")
    _show_counts(outcome)
    if outcome.findings:
        _show_findings(outcome)
    else:
        say("\nNothing would be set aside.")


def _show_invited(outcome: Check) -> None:
    survey = outcome.survey.name if outcome.survey else ""
    (rows,) = outcome.kept
    say(
        f"This is a list of those who were invited to {survey} ({outcome.chosen_because}), and no export: it gives the "
        "response rate. Addresses become pseudonyms as soon as they are read."
    )
    say(f"Rows: {rows.n_received}. Invitations: {rows.n_kept}. Set aside: {rows.n_set_aside}.")
    if outcome.findings:
        _show_findings(outcome)


def _show_findings(outcome: Check) -> None:
    """Line by line: a table would break the names of cells."""
    others = "These stop no refresh" if outcome.differences else "A refresh would go on"
    head(f"\nTo look at. {others}; reports/issues.xlsx then lists them, with commands to paste:")
    for found in outcome.findings:
        subject = f"{found.field}: {found.reason}" if found.field else found.reason
        where = _places(found)
        say(f"  - {subject}{', ' if where else ''}{where} ({_DISPOSITIONS[found.disposition]})")
        say(f"    What to do: {found.suggestion}")


def _show_counts(outcome: Check) -> None:
    from landscape.surveys.statuses import STATUSES

    say("\nResponses by the status they would get:")
    show_table(("responses", "status", ""), [(str(n), *STATUSES[status]) for status, n in outcome.statuses])
    warn(outcome.outside)
    say("\nReceived and kept:")
    rows = [
        (
            " · ".join(part for part in (count.part, count.counted_what) if part),
            str(count.n_received),
            str(count.n_kept),
            str(count.n_set_aside),
            "yes" if count.adds_up else "NO",
        )
        for count in outcome.kept
    ]
    show_table(("rows, or ticks of a question", "received", "kept", "set aside", "adds up"), rows)


def _places(finding: Finding) -> str:
    found = finding.places
    lines = "" if finding.cells or not found else "line " if len(found) == 1 else "lines "
    return lines + ", ".join(found[:_MOST_SHOWN]) + (f" … ({len(found)} in all)" if len(found) > _MOST_SHOWN else "")


def _show_draft(draft: Draft, folder: Path) -> None:
    from landscape.surveys.draftfiles import confirmations, option_source

    head(f"Drafted from {draft.drafted_from}:")
    for path in sorted(folder.iterdir()):
        say(f"  {shown(path)}")
    head("\nQuestions" + (":" if draft.is_defined else ", as guessed from the answers:"))
    show_table(
        ("question", "type", "options from", "privacy"),
        [(q.name, q.guess.kind, option_source(q), q.guess.privacy) for q in draft.questions],
    )
    noted: dict[str, list[str]] = {}
    for question in draft.questions:
        if question.guess.note:
            noted.setdefault(question.guess.note, []).append(question.name)
    if noted:
        head("\nTo confirm in questionnaire.md:")
    for note, names in noted.items():
        say(f"  - {', '.join(names)}: {note}")
    for note in draft.notes:
        say(note)
    for reason in draft.skipped:
        say(f"Not drafted: {reason}")
    if draft.unsettled:
        say("\nIts own export does not fit yet. Decide:", style="bold red")
        for difference in draft.unsettled:
            say(f"  - {difference}")
    head("\nTo confirm in survey.yml:")
    for note in confirmations(draft):
        say(f"  - {note}")
    head("\nRead all options: no person’s name may be among them. Then:")
    if not draft.has_export:
        say("  landscape check --settings")
    say(f"  landscape check FILE --survey {draft.name}")
