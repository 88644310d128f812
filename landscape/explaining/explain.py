"""Explains one row of a figure: its marts, records, answers, files, codes and versions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landscape.charts.render import MANIFEST, listed_figures
from landscape.disclosure.declared import MARTS_OF_PEOPLE, SUPPRESSED
from landscape.errors import LandscapeError
from landscape.explaining.cells import Cell, find_cell, read_cells
from landscape.explaining.explanation import Code, Count, Explanation, Fact, FigureSource, MartRow, Record
from landscape.explaining.records import count_sources, find_records, read_wordings
from landscape.explaining.traces import surveys_behind, trace_records, traced_by
from landscape.explaining.versions import code_version, codebook_version
from landscape.figure_marks import DRAFT_RELEASE
from landscape.models import TableModel
from landscape.paths import ProjectPaths
from landscape.settings.csvfiles import read_csv

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_MOST_FACTS = 3


def read_entry(folder: Path, figure_id: str) -> dict[str, Any]:
    """The entry of a figure in figures.json.

    Raises:
        LandscapeError: There is none; the error names the figures there are.
    """
    by_id = {entry["id"]: entry for entry in listed_figures(folder)}
    if figure_id not in by_id:
        raise LandscapeError(
            f"there is no figure “{figure_id}”",
            file=f"{folder.name}/{MANIFEST}",
            culprits=list(by_id),
            remedy="use one of these names" if by_id else "run `landscape refresh` first",
        )
    return by_id[figure_id]


def cells_of_figure(folder: Path, figure_id: str) -> list[Cell]:
    """The rows of a published figure's data table."""
    return read_cells(folder / read_entry(folder, figure_id)["files"]["csv"]["path"])


def explain(
    con: DuckDBPyConnection,
    paths: ProjectPaths,
    models: Mapping[str, TableModel],
    source: FigureSource,
    figure_id: str,
    words: Sequence[str],
) -> Explanation:
    """Explains the row of a published figure that matches some words.

    Args:
        con: The staging database, as the last refresh left it.
        paths: The project folder.
        models: Reference, staged and mart models by table.
        source: What the figure is drawn from.
        figure_id: The figure.
        words: Identify the row.

    Raises:
        LandscapeError: There is no such figure or row, or several rows fit.
    """
    entry = read_entry(paths.figures, figure_id)
    cell = find_cell(cells_of_figure(paths.figures, figure_id), words, figure_id)
    marts, for_more = _marts_behind(con, paths, models, source, cell)
    records = [record for mart in marts for count in mart.counts for record in count.records or ()]
    surveys = of_cell({survey for mart in marts for survey in surveys_behind(con, models[mart.table])}, cell)
    return Explanation(
        figure=entry,
        release=entry.get("release", DRAFT_RELEASE),
        data_sha256=entry["files"]["csv"]["sha256"],
        line=cell.line,
        cell=cell.values,
        marts=marts,
        read_for_more=for_more,
        wording=_wording(con, surveys, cell, records),
        sources=count_sources(con, surveys),
        codes=codes_of(con, cell.codes),
        decisions=_decisions(paths, {record.record_id for record in records} | {r.response_id for r in records}),
        codebook_sha256=codebook_version(paths),
        code_version=code_version(),
        warnings=tuple(_differences(marts, cell)),
    )


def _marts_behind(
    con: DuckDBPyConnection, paths: ProjectPaths, models: Mapping[str, TableModel], source: FigureSource, cell: Cell
) -> tuple[tuple[MartRow, ...], tuple[str, ...]]:
    """The rows of marts that explain the cell, each of its counts once, and the marts that explain nothing."""
    is_hidden = cell.values.get("state") == SUPPRESSED
    marts: list[MartRow] = []
    for_more: list[str] = []
    for table in marts_read(source):
        explained = {count.column for mart in marts for count in mart.counts}
        rows = _rows(con, models[table], cell, source.picks.get(table, ""))
        columns = [column for column in models[table].trace if column in cell.values and column not in explained]
        if not rows or (marts and not columns):
            for_more.append(table)
            continue
        columns = columns or list(models[table].trace)
        marts += [_mart_row(con, paths, models, models[table], row, columns, is_hidden) for row in rows]
    return tuple(marts), tuple(for_more)


def of_cell(surveys: set[str], cell: Cell) -> list[str]:
    """Those surveys that the cell may be about: the one that it names, if it names one."""
    return sorted(surveys & {cell.values["survey"]} if "survey" in cell.values else surveys)


def marts_read(source: FigureSource) -> list[str]:
    """The marts behind a figure, in the order it names them; for a safe table, the mart behind it."""
    tables = dict.fromkeys(MARTS_OF_PEOPLE.get(table, table) for table in source.reads)
    return [table for table in tables if table.startswith("marts.")]


def _rows(con: DuckDBPyConnection, model: TableModel, cell: Cell, picks: str) -> list[dict[str, object]]:
    """The rows of a mart that match the cell; none if they have no key column in common."""
    shared = [column for column in model.key if cell.values.get(column)]
    if not shared:
        return []
    where = " AND ".join(
        [*(f'CAST("{column}" AS VARCHAR) = ?' for column in shared), *([f"({picks})"] if picks else [])]
    )
    found = con.execute(
        f"SELECT * FROM {model.table} WHERE {where} ORDER BY ALL", [cell.values[column] for column in shared]
    )
    columns = [description[0] for description in found.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]


def _mart_row(
    con: DuckDBPyConnection,
    paths: ProjectPaths,
    models: Mapping[str, TableModel],
    model: TableModel,
    row: Mapping[str, object],
    columns: Sequence[str],
    is_hidden: bool,
) -> MartRow:
    described = {field.name: field.description for field in model.fields}
    counts = tuple(
        Count(column, described[column], None, None, is_hidden=True)
        if is_hidden
        else _count(con, model, column, described[column], row)
        for column in columns
    )
    return MartRow(
        table=model.table,
        description=model.description,
        grain=model.grain,
        caveats=model.caveats,
        upstream=model.upstream,
        sql=model.sql or "",
        row={} if is_hidden else row,
        counts=counts,
        facts=() if model.trace else tuple(_facts(paths, [models[t] for t in model.upstream if t in models], row)),
    )


def _count(
    con: DuckDBPyConnection, model: TableModel, column: str, description: str, row: Mapping[str, object]
) -> Count:
    texts = [str(row[name]) for name in traced_by(con, model, column) if name.endswith(("_code", "_codes"))]
    codes = [code for text in texts for code in text.split(" + ")]
    traced = trace_records(con, model, column, row)
    return Count(column, description, row[column], find_records(con, traced, codes))


def _facts(paths: ProjectPaths, upstream: Iterable[TableModel], row: Mapping[str, object]) -> Iterable[Fact]:
    """The rows of committed reference files with the key of the mart's row, if there are few."""
    for model in upstream:
        path = paths.reference / (model.file or f"{model.name}.csv")
        if model.layer != "reference" or not path.is_file():
            continue
        shared = [column for column in model.key if row.get(column) is not None]
        found = [each for each in read_csv(path, shared) if all(each[c] == str(row[c]) for c in shared)]
        if shared and len(found) <= _MOST_FACTS:
            for each in found:
                yield Fact(model.table, f"data/reference/{path.name}", each.line, each)


def _wording(con: DuckDBPyConnection, surveys: Sequence[str], cell: Cell, records: Sequence[Record]) -> dict[str, str]:
    """The questions that made records count; if there are none, those that offered a code of the cell."""
    wordings = read_wordings(con)
    asked = {(r.response_id.partition("/")[0], answer.question) for r in records for answer in r.answers}
    if not asked:
        offered = con.execute(
            "SELECT DISTINCT survey, question FROM reference.options WHERE list_contains(?::VARCHAR[], option_code) "
            "AND list_contains(?::VARCHAR[], survey)",
            [cell.codes, list(surveys)],
        ).fetchall()
        asked = {(survey, question) for survey, question in offered}
    return {f"{survey}.{question}": wordings[survey, question] for survey, question in sorted(asked)}


def codes_of(con: DuckDBPyConnection, codes: Sequence[str]) -> tuple[Code, ...]:
    """The codebook's definitions of codes."""
    rows = con.execute(
        "SELECT code, scheme, label, coalesce(definition, '') FROM reference.codebook "
        "WHERE list_contains(?::VARCHAR[], code) ORDER BY ALL",
        [list(codes)],
    ).fetchall()
    return tuple(Code(*row) for row in rows)


def _decisions(paths: ProjectPaths, records: set[str]) -> tuple[Mapping[str, str], ...]:
    """What people decided about records that were counted (`data/decisions.csv`)."""
    rows = read_csv(paths.decisions, ()) if paths.decisions.exists() else []
    return tuple(row for row in rows if records & set(row.values()))


def _differences(marts: Sequence[MartRow], cell: Cell) -> Iterable[str]:
    """Where the figure and the mart have different numbers: the figure was drawn from other data.

    A cell may count several rows of a mart together, such as the places of a ranking.
    """
    for table in dict.fromkeys(mart.table for mart in marts):
        rows = [mart.row for mart in marts if mart.table == table]
        for column, text in cell.numbers.items():
            held = [row[column] for row in rows if column in row]
            numbers = [n for n in held if isinstance(n, int | float) and not isinstance(n, bool)]
            if text and numbers and abs(float(text) - sum(numbers)) > 1e-6:
                yield (
                    f"the figure shows {column} {text}, {table} now has {sum(numbers)}: it was drawn from other data; "
                    "refresh, then ask again"
                )
