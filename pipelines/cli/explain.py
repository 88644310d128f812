"""The command `explain`: from a number in a figure back to records, answers and files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from landscape.errors import LandscapeError
from landscape.paths import ProjectPaths, project_paths
from pipelines.cli.terminal import head, now, say, show_table

if TYPE_CHECKING:
    from landscape.explaining.cells import Cell
    from landscape.explaining.explanation import Count, Explanation, MartRow, Record
    from landscape.explaining.files import MarkedFigure
    from landscape.models import TableModel

_RECORDS_SHOWN = 12
_FILES = (".png", ".svg", ".html", ".docx")
_STATES = {
    "present": "its data are the present ones",
    "other": "its data are not the present ones: the figure has been drawn again since",
    "gone": "there is no such figure any more",
}


def explain(
    figure: Annotated[
        str, typer.Argument(help="A figure's name, or a file of one (PNG, SVG, HTML, a Word document with figures).")
    ],
    cell: Annotated[
        list[str] | None, typer.Argument(help="Which bar or area: names or codes. Without: lists them.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Everything, for a program to read.")] = False,
    safe: Annotated[
        bool, typer.Option("--safe", help="A page to send to whoever asked: no records, files or lines.")
    ] = False,
    release: Annotated[str | None, typer.Option(help="A release, by name; such a page is always safe.")] = None,
) -> None:
    """Follows a number in a figure back to its records and files.

    It shows the rows of the marts, their SQL, the records, the answers, and the files with their lines.
    """
    paths = project_paths()
    if figure.casefold().endswith(_FILES):
        marked = _look_into(Path(figure), paths)
        if len(marked) > 1 or not cell:
            return
        figure = marked[0].mark.figure_id
    _explain(paths, figure, cell or [], as_json=as_json, is_safe=safe, release=release)


def _look_into(file: Path, paths: ProjectPaths) -> list[MarkedFigure]:
    from landscape.explaining.files import figures_in

    if not file.is_file():
        raise LandscapeError("there is no such file", file=file)
    marked = figures_in(file, paths)
    for each in marked:
        say(f"{each.mark.figure_id} ({each.mark.release}): {_STATES[each.state]}")
        say(f"  data table: SHA-256 {each.mark.data_sha256}")
    return marked


def _explain(
    paths: ProjectPaths, figure: str, words: Sequence[str], *, as_json: bool, is_safe: bool, release: str | None
) -> None:
    from landscape.explaining.explain import cells_of_figure, explain
    from landscape.explaining.files import figures_folder
    from landscape.explaining.outline import outline
    from landscape.explaining.safe import safe_page
    from landscape.figure_marks import DRAFT_RELEASE
    from landscape.last_refresh import read_last_refresh
    from landscape.private_files import log_access
    from landscape.releasing.shelf import release_named
    from pipelines.definitions import figure_sources, table_models

    published = release_named(paths, release) if release else None
    folder = figures_folder(paths, release or DRAFT_RELEASE)
    cells = cells_of_figure(folder, figure)
    if not words:
        _show_cells(figure, cells, as_json=as_json)
        return
    models = table_models()
    source = figure_sources()[figure]
    with read_last_refresh(paths) as con:
        if published or is_safe:
            outlined = outline(con, paths, models, source, figure, words, published)
            typer.echo(safe_page(outlined, models, paths, published), nl=False)
            return
        found = explain(con, paths, models, source, figure, words)
    n_records = sum(len(count.records or ()) for row in found.marts for count in row.counts)
    if n_records:
        log_access(paths, "explain", figure, n_records, now())
    if as_json:
        typer.echo(json.dumps(asdict(found), indent=1, ensure_ascii=False, default=str))
    else:
        _show(found, models)


def _show_cells(figure: str, cells: Sequence[Cell], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps([{"line": cell.line, **cell.values} for cell in cells], indent=1, ensure_ascii=False))
        return
    rows = []
    for cell in cells:
        numbers = (f"{name} {text}" for name, text in cell.numbers.items() if text and name.startswith("n_"))
        rows.append((cell.label, " ".join(cell.codes), ", ".join(numbers) or cell.values.get("state", "")))
    show_table(("row", "codes", "shown"), rows)
    say(f"Ask for one: landscape explain {figure} NAME-OR-CODE …")


def _show(found: Explanation, models: dict[str, TableModel]) -> None:
    from landscape.charts.sheet import SAMPLE_NOTICE

    figure = found.figure
    _head(f"Figure {figure['id']} ({found.release})")
    _say(figure["title"], figure["subtitle"], figure["n"], *([SAMPLE_NOTICE] if figure["is_sample"] else []))
    _say(
        f"data table: reports/figures/{figure['files']['csv']['path']}, line {found.line}, SHA-256 {found.data_sha256[:16]}…"
    )
    _say(*(f"{column}: {text}" for column, text in found.cell.items() if text))
    for warning in found.warnings:
        say(f"Careful: {warning}", style="bold red")
    for mart in found.marts:
        _show_mart(mart, models)
    if found.read_for_more:
        _say(f"also read, for totals, names or the order: {', '.join(found.read_for_more)}")
    _head("What was asked")
    _say(*(f"“{text}” ({question})" for question, text in found.wording.items()))
    _say(*(f"{each.survey}, wave {each.wave}: {each.n_responses} responses counted" for each in found.sources))
    _head("Codes")
    _say(*(f"{code.code} ({code.scheme}) {code.label}: {code.definition}" for code in found.codes))
    _head("Decisions of people about these records")
    decisions = [", ".join(f"{key} {text}" for key, text in each.items() if text) for each in found.decisions]
    _say(*(decisions or ["none"]))
    _head("Versions")
    _say(f"codebook: SHA-256 {found.codebook_sha256}", f"code: {found.code_version}")


def _show_mart(mart: MartRow, models: dict[str, TableModel]) -> None:
    _head(f"Row of {mart.table}")
    _say(f"{mart.description} One row is {mart.grain}.")
    _say(*(f"{column}: {value}" for column, value in mart.row.items() if value is not None))
    for count in mart.counts:
        _show_count(count)
    for fact in mart.facts:
        _say(f"{fact.table}: {fact.file_name}, line {fact.line}")
        _say(*(f"  {column}: {text}" for column, text in fact.values.items() if text))
    if not mart.counts:
        _say("its rows are not traced to records; see its SQL and the tables it reads")
    _say(f"reads {', '.join(mart.upstream)}", f"SQL: assets/marts/{models[mart.table].name}.sql")
    say(mart.sql, style="dim")


def _show_count(count: Count) -> None:
    if count.is_hidden or count.records is None:
        _say(f"{count.column}: [c], hidden to protect people; the records behind it are not listed")
        return
    head(f"{count.column} = {count.value}: {count.description}")
    for record in count.records[:_RECORDS_SHOWN]:
        _say(*_record(record))
    if len(count.records) > _RECORDS_SHOWN:
        _say(f"… {len(count.records) - _RECORDS_SHOWN} more records (--json lists all)")


def _record(record: Record) -> Iterable[str]:
    part = f", sheet or part “{record.part}”" if record.part else ""
    times = f", counts {record.n_counted}" if record.n_counted != 1 else ""
    yield f"{record.record_id}: {record.file_name}{part}, line {record.line}{times}"
    for answer in record.answers:
        chosen = f" → {answer.label} ({answer.code})" if answer.code else " → answered"
        yield f"    “{answer.wording}”{chosen}"


def _head(text: str) -> None:
    head(f"\n{text}")


def _say(*lines: str) -> None:
    say(*(f"  {line}" for line in lines))
