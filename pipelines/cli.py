"""The `landscape` command. Not here: anything it does itself; each command calls one function."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from landscape.errors import LandscapeError
from landscape.paths import project_paths
from landscape.surveys.sample import SAMPLE_SEED
from pipelines.cli_coding import agreement, codebook, decide, review_app
from pipelines.cli_explain import explain
from pipelines.cli_figures import figure
from pipelines.cli_match import match
from pipelines.cli_opendata import boundaries_app, police_uk_app, population_app
from pipelines.cli_people import consent_app, contacts_app, forget, retention, vault_app, warn_after_refresh
from pipelines.cli_releases import release_app
from pipelines.cli_report import report_app
from pipelines.cli_sources import NOT_PULLED, pull, show_not_pulled, sources_app
from pipelines.cli_surveys import check, survey_app

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Maps police-community engagement by police force area.",
)
app.command()(check)
app.command()(match)
app.command()(explain)
app.command()(figure)
app.add_typer(survey_app, name="survey")
app.add_typer(report_app, name="report")
app.command()(pull)
app.add_typer(sources_app, name="sources")
app.command()(codebook)
app.add_typer(review_app, name="review")
app.command()(decide)
app.command()(agreement)
app.add_typer(consent_app, name="consent")
app.add_typer(contacts_app, name="contacts")
app.command()(forget)
app.command()(retention)
app.add_typer(vault_app, name="vault")
app.add_typer(release_app, name="release")
app.add_typer(police_uk_app, name="police-uk")
app.add_typer(boundaries_app, name="boundaries")
app.add_typer(population_app, name="population")
console = Console()
errors = Console(stderr=True)
FAILED, INTERRUPTED = 1, 130


def main() -> None:
    """Runs the command line; a mistake that a person can mend is told in words, without a traceback."""
    try:
        app()
    except LandscapeError as error:
        errors.print(f"\n{error}", style="red", markup=False, highlight=False, soft_wrap=True)
        errors.print("Nothing that was published before was changed by the step that failed.")
        sys.exit(FAILED)
    except SystemExit as end:
        if end.code == INTERRUPTED:  # Typer's own answer to Ctrl-C is silent
            errors.print("\nInterrupted. What was published before still stands.")
        raise


@app.command()
def refresh() -> None:
    """From services and received files to marts, figures and the report; ends with 3 where only a pull failed."""
    from landscape.staging_db import open_staging_db
    from landscape.summary import summarise
    from pipelines.progress import progress
    from pipelines.refreshing import run_refresh

    with progress(console) as on_step:
        pulls = run_refresh(on_step)
    paths = project_paths()
    with open_staging_db(paths.staging_db, paths.lock) as con:
        summary = summarise(con, paths)
    table = Table(show_header=False, box=None)
    for what, how_much in summary.lines:
        table.add_row(what, how_much)
    for said in pulls.pulled:
        console.print(said, markup=False, highlight=False, soft_wrap=True)
    console.print(table)
    if summary.is_sample:
        console.print("Made-up sample data: no real response is in data/raw yet.", style="bold")
    console.print("Published:")
    for place in summary.places:
        console.print(f"  {place}", highlight=False)
    warn_after_refresh()
    if pulls.not_pulled:
        show_not_pulled(pulls.not_pulled)
        raise typer.Exit(NOT_PULLED)


@app.command()
def ui(port: Annotated[int, typer.Option(help="The port on this computer.")] = 3000) -> None:
    """Opens the Dagster UI on http://127.0.0.1:3000 until Ctrl-C."""
    from pipelines.instance import dagster_instance

    home = project_paths().dagster_home
    _refuse_taken(port)
    with dagster_instance():
        pass  # its databases are in place before the several processes of the UI open them
    # Without the variable Dagster makes folders for telemetry although dagster.yaml turns it off.
    environment = {**os.environ, "DAGSTER_HOME": str(home), "DAGSTER_DISABLE_TELEMETRY": "yes"}
    quiet = ["-W", "ignore:Function `dev_command` is superseded:FutureWarning"]
    dagster = ["-m", "dagster", "dev", "--log-level", "warning", "-m", "pipelines.definitions"]
    console.print(f"The Dagster UI answers at http://127.0.0.1:{port} in about ten seconds.", highlight=False)
    console.print("Ctrl-C ends it.")
    command = [sys.executable, *quiet, *dagster, "-h", "127.0.0.1", "-p", str(port)]
    os.chdir(home)
    if os.name == "nt":  # there a process that replaces another leaves the console without its Ctrl-C
        raise typer.Exit(subprocess.call(command, env=environment))  # noqa: S603 - our own interpreter
    os.execve(sys.executable, command, environment)  # noqa: S606 - our own interpreter


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise LandscapeError(
                f"port {port} is taken by another program, perhaps by this UI in another window",
                remedy=f"use that window, or choose another port: landscape ui --port {port + 1}",
            )


@app.command()
def browser() -> None:
    """Looks for the browser that draws pictures, and tries to install one where there is none."""
    from landscape.charts.browser import REMEDY, find_browser, install_browser

    found = find_browser() or install_browser(lambda line: console.print(line, highlight=False))
    missing = f"No browser: pictures will be missing. {REMEDY}"
    console.print(f"Pictures are drawn by {found}." if found else missing, highlight=False)


@app.command()
def sample(
    seed: Annotated[int, typer.Option(help="Other seeds give other responses.")] = SAMPLE_SEED,
) -> None:
    """Writes the made-up responses in data/sample anew."""
    from landscape.surveys.sample import write_sample
    from pipelines.definitions import declared_surveys

    for path in write_sample(declared_surveys(), project_paths().sample, seed):
        console.print(path.relative_to(project_paths().root).as_posix(), highlight=False)
