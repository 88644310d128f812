"""Explains a row of a figure without records, for an answer that may be sent to whoever asked.

Nothing in it depends on which records were counted in that row, so it reveals no more about them than the figure does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from landscape.explaining.cells import Cell, find_cell
from landscape.explaining.explain import cells_of_figure, codes_of, marts_read, of_cell, read_entry
from landscape.explaining.explanation import Code, Explanation, FigureSource, MartRow, SourceCount
from landscape.explaining.records import count_sources, read_wordings
from landscape.explaining.traces import QUESTION, RECORD, trace_query, traced_by
from landscape.explaining.versions import CODEBOOK, code_version, codebook_version
from landscape.figure_marks import DRAFT_RELEASE
from landscape.models import TableModel
from landscape.paths import ProjectPaths
from landscape.publishing import file_sha256, read_record
from landscape.releasing.shelf import MANIFEST
from landscape.settings.csvfiles import read_csv

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from landscape.releasing.shelf import Release

Question = tuple[str, str]  # survey and question


def outline(
    con: DuckDBPyConnection,
    paths: ProjectPaths,
    models: Mapping[str, TableModel],
    source: FigureSource,
    figure_id: str,
    words: Sequence[str],
    release: Release | None = None,
) -> Explanation:
    """Explains the row of a figure that matches some words, by what is asked and counted in general.

    Args:
        con: The staging database.
        paths: The project folder.
        models: Models by table.
        source: What the figure is drawn from.
        figure_id: The figure.
        words: Identify the row.
        release: The release the figure is from, with its own codebook and versions; without one, the last refresh.

    Raises:
        LandscapeError: There is no such figure or row, or several rows fit.
    """
    folder = release.folder / "figures" if release else paths.figures
    entry = read_entry(folder, figure_id)
    cell = find_cell(cells_of_figure(folder, figure_id), words, figure_id)
    marts = [models[table] for table in marts_read(source) if set(models[table].key) & set(cell.names)]
    counted = [(model, column) for model in marts for column in model.trace if column in cell.values]
    questions = sorted({question for model, column in counted for question in _asked(con, model, column, cell)})
    surveys = of_cell({survey for model, column in counted for survey, _ in _parts(con, model, column)}, cell)
    wordings = read_wordings(con)
    return Explanation(
        figure=entry,
        release=release.name if release else DRAFT_RELEASE,
        data_sha256=entry["files"]["csv"]["sha256"],
        line=cell.line,
        cell=cell.values,
        marts=tuple(_in_general(model) for model in marts),
        read_for_more=(),
        wording={f"{survey}.{question}": wordings[survey, question] for survey, question in questions},
        sources=_sources(release, surveys) if release else count_sources(con, surveys),
        codes=_codes(release, cell.codes) if release else codes_of(con, cell.codes),
        decisions=(),
        codebook_sha256=file_sha256(release.folder / CODEBOOK) if release else codebook_version(paths),
        code_version=_code_of(release) if release else code_version(),
        warnings=(),
    )


def _in_general(model: TableModel) -> MartRow:
    return MartRow(
        table=model.table, description=model.description, grain=model.grain, caveats=model.caveats,
        upstream=model.upstream, sql=model.sql or "", row={}, counts=(), facts=(),
    )  # fmt: skip


def _parts(con: DuckDBPyConnection, model: TableModel, column: str) -> set[tuple[str, str]]:
    """The surveys and repeated parts whose records are counted, in any row of the mart."""
    query = trace_query(model, column)
    rows = con.execute(
        f"SELECT DISTINCT split_part(t.{RECORD}, '/', 1), coalesce(p.repeat, '') FROM ({query}) AS t "
        f"LEFT JOIN staged.records AS p ON p.record_id = t.{RECORD}"
    ).fetchall()
    return {(str(survey), str(part)) for survey, part in rows}


def _asked(con: DuckDBPyConnection, model: TableModel, column: str, cell: Cell) -> Iterable[Question]:
    """The questions a count is based on: the one its trace names, or those that offer a code of the cell."""
    query = trace_query(model, column)
    given = [str(found[0]) for found in con.execute(f"DESCRIBE {query}").fetchall()]
    named = [name for name in traced_by(con, model, column) if not name.endswith(("_code", "_codes"))]
    if QUESTION in given:
        shared = [name for name in named if cell.values.get(name)]
        where = " AND ".join(f'CAST("{name}" AS VARCHAR) = ?' for name in shared) or "true"
        yield from con.execute(
            f"SELECT DISTINCT split_part({RECORD}, '/', 1), {QUESTION} FROM ({query}) WHERE {where}",
            [cell.values[name] for name in shared],
        ).fetchall()
        return
    parts = [f"{survey}/{part}" for survey, part in _parts(con, model, column)]
    above = [f"{part.partition('/')[0]}/" for part in parts]
    yield from con.execute(
        "SELECT DISTINCT q.survey, coalesce(q.rank_list, q.question) FROM reference.questions AS q "
        "JOIN reference.options AS o ON o.survey = q.survey AND o.question = coalesce(q.rank_list, q.question) "
        "WHERE list_contains(?::VARCHAR[], o.option_code) "
        "AND list_contains(?::VARCHAR[], q.survey || '/' || coalesce(q.repeat, ''))",
        [cell.codes, [*parts, *above]],
    ).fetchall()


def _sources(release: Release, surveys: Sequence[str]) -> tuple[SourceCount, ...]:
    """The waves that a release covers, without the number of responses."""
    manifest = read_record(release.folder / MANIFEST) or {}
    waves: dict[str, list[str]] = manifest.get("waves", {})
    return tuple(SourceCount(survey, wave, 0) for survey in surveys for wave in waves.get(survey, []))


def _codes(release: Release, codes: Sequence[str]) -> tuple[Code, ...]:
    """Codes as the release defined them."""
    rows = [
        row
        for row in read_csv(release.folder / CODEBOOK, ("code", "scheme", "label", "definition"))
        if row["code"] in codes
    ]
    return tuple(Code(row["code"], row["scheme"], row["label"], row["definition"]) for row in rows)


def _code_of(release: Release) -> str:
    """The code that made the release, from its provenance."""
    path = release.folder / "provenance.json"
    code = (read_record(path) or {}).get("code", {})
    if not code:
        return "not recorded: the release was not made from a git checkout"
    return f"commit {code['commit'][:12]}{', with changes' if code['is_changed'] else ''}"
