"""The `landscape` command: one module a noun, and here the order in which the help lists them.

Each command calls one function of `landscape` and shows the result. Commands that write say so (`terminal.unfinished`); those
that only read take no lock.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperGroup

from landscape.errors import LandscapeError
from pipelines.cli.agreement import agreement
from pipelines.cli.boundaries import boundaries_app
from pipelines.cli.codebook import codebook
from pipelines.cli.consent import consent_app, hold
from pipelines.cli.contacts import contacts_app
from pipelines.cli.decide import decide
from pipelines.cli.explain import explain
from pipelines.cli.figure import browser, figure
from pipelines.cli.forget import forget
from pipelines.cli.keys import keys_app
from pipelines.cli.match import match
from pipelines.cli.police_uk import police_uk_app
from pipelines.cli.population import population_app
from pipelines.cli.refresh import refresh
from pipelines.cli.release_register import release_app
from pipelines.cli.report import report_app
from pipelines.cli.retention import retention
from pipelines.cli.review import review_app
from pipelines.cli.sources import pull, sources_app
from pipelines.cli.survey import check, survey_app
from pipelines.cli.terminal import FAILED, INTERRUPTED, errors
from pipelines.cli.ui import ui

PANELS: dict[str, dict[str, Callable[..., None] | typer.Typer]] = {
    "Every day": {
        "refresh": refresh,
        "ui": ui,
        "check": check,
        "figure": figure,
        "explain": explain,
        "match": match,
        "report": report_app,
        "pull": pull,
    },
    "Coding": {"codebook": codebook, "review": review_app, "decide": decide, "agreement": agreement},
    "People": {
        "consent": consent_app,
        "hold": hold,
        "contacts": contacts_app,
        "forget": forget,
        "retention": retention,
        "keys": keys_app,
    },
    "Release": {"release": release_app},
    "Set-up": {
        "survey": survey_app,
        "sources": sources_app,
        "boundaries": boundaries_app,
        "population": population_app,
        "police-uk": police_uk_app,
        "browser": browser,
    },
}
"""All commands, as `landscape --help` groups and orders them."""


class _InOrder(TyperGroup):
    """Lists commands as PANELS does; Typer by itself puts groups of commands first."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401 - Typer's own type for it is private
        return [name for panel in PANELS.values() for name in panel]


app = typer.Typer(
    cls=_InOrder,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Maps police-community engagement by police force area.",
)
for _panel, _commands in PANELS.items():
    for _name, _command in _commands.items():
        if isinstance(_command, typer.Typer):
            app.add_typer(_command, name=_name, rich_help_panel=_panel)
        else:
            app.command(_name, rich_help_panel=_panel)(_command)


def main() -> None:
    """Runs the command line; a mistake that a person can mend is explained in words, without a traceback."""
    try:
        app()
    except LandscapeError as error:
        errors.print(f"\n{error}", style="red", markup=False)
        for leaves in _left(error):
            errors.print(leaves, markup=False)
        sys.exit(FAILED)
    except SystemExit as end:
        if end.code == INTERRUPTED:  # Typer's own answer to Ctrl-C is silent
            errors.print(" ".join(("\nInterrupted.", *_left(end))), markup=False)
        raise


def _left(error: BaseException | None) -> list[str]:
    """How what was unfinished leaves things, as noted on the error or on what it came from."""
    while error is not None:
        if notes := getattr(error, "__notes__", []):
            return list(notes[:1])  # the innermost knows best
        error = error.__cause__ or error.__context__
    return []
