"""The figures as assets, drawn in one batch and published together."""

import importlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import dagster as dg

from assets.edited import ASKED
from assets.figures import FIGURES, figure_names, survey, survey_figure
from assets.marts import PUBLISHED
from assets.raw import declared_surveys, survey_names
from assets.reference import BOUNDARIES
from assets.tables import file_spec, made_by, short, table_key
from landscape.charts.index import INDEX
from landscape.disclosure.declared import MARTS_OF_PEOPLE
from landscape.explaining.explanation import FigureSource
from landscape.places.boundaries import FILE as BOUNDARIES_FILE
from landscape.places.landscape import FILE as LANDSCAPE_FILE
from landscape.progress import making
from landscape.publishing import is_published
from landscape.staging_db import StagingDatabase, read_table
from landscape.stamps import FileHashes, hash_of, modules, versions
from landscape.step import KNOWN, Refresh, Step
from landscape.surveys.definition import Survey

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

    from landscape.charts.chart import Chart


_PROGRAM = modules(
    "charts", "disclosure", "places", "analysis", "figure_marks.py", "pii_scan", "publishing.py", "text.py"
)
FILES = "/files/figures"
"""Where the UI has the files of figures."""

NOTHING_TO_DRAW = "there is nothing to draw: what it shows was never pulled"


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"assets.figures.{name}")


@cache
def figures_step() -> Step:
    """All figures: those whose content changed are drawn in one batch, and all are published together."""
    reads = dict.fromkeys(table for name in figure_names() for table in _reads(name))
    code = hash_of(_PROGRAM, *(_code(name) for name in figure_names()))
    return Step("figures__drawn", (), tuple(reads), _draw, code, _rests_on, _are_there, _results)


def _reads(name: str) -> tuple[str, ...]:
    """The tables that a figure reads."""
    reads: tuple[str, ...] = (_module(name) if name in FIGURES else survey).READS
    return reads


def _code(name: str) -> str:
    module = _module(name) if name in FIGURES else survey
    return hash_of(_PROGRAM, FileHashes().of(Path(str(module.__file__))))


def _stamps(refresh: Refresh) -> dict[str, str]:
    """What each figure is made from."""
    common = (versions(), _rests_on(refresh))
    asked = {survey_figure(each.name): hash_of(each) for each in refresh.surveys}
    return {
        name: hash_of(_code(name), common, [refresh.stamps.result(table) for table in _reads(name)], asked.get(name))
        for name in figure_names()
    }


def _rests_on(refresh: Refresh) -> object:
    """Besides tables: boundaries, the browser that draws, and the people the PII scan knows."""
    from landscape.charts.browser import browser_version

    places = [refresh.files.of(refresh.paths.reference / name) for name in (BOUNDARIES_FILE, LANDSCAPE_FILE)]
    return places, browser_version(refresh.files)


def _are_there(refresh: Refresh, _inputs: str) -> bool:
    return is_published(refresh.paths.figures, _stamp(refresh))


def _stamp(refresh: Refresh) -> str:
    return hash_of(_stamps(refresh), refresh.stamps.result(KNOWN))


def _draw(refresh: Refresh) -> None:
    from landscape.charts.publish import publish_figures
    from landscape.charts.render import are_as_made, published_figures

    folder, stamps = refresh.paths.figures, _stamps(refresh)
    held = {entry["id"]: entry for entry in published_figures(folder)}
    current = {
        name
        for name, entry in held.items()
        if not refresh.again and entry.get("stamp") == stamps.get(name) and are_as_made(entry["files"], folder)
    }
    draw = drawings(refresh.staging_db, refresh.surveys, set(stamps) - current)
    charts = []
    for number, drawn in enumerate(draw, start=1):
        making(f"figure {number} of {len(set(stamps) - current)}")
        if (chart := drawn()) is not None:
            charts.append(chart)
    shown = current | {chart.figure_id for chart in charts}
    order = [name for name in figure_names() if name in shown]
    publish_figures(charts, folder, order, refresh.known, stamps, _stamp(refresh))


def _results(refresh: Refresh) -> dict[str, str]:
    """A hash of what each figure shows, or a note that there is nothing to draw."""
    from landscape.charts.render import published_figures

    drawn = {
        entry["id"]: hash_of(entry.get("content_sha256"), entry["files"])
        for entry in published_figures(refresh.paths.figures)
    }
    return {f"figures.{name}": drawn.get(name, NOTHING_TO_DRAW) for name in figure_names()}


def _specs() -> Iterator[dg.AssetSpec]:
    for name in FIGURES:
        module = _module(name)
        yield _spec(name, [*map(table_key, module.READS), BOUNDARIES, PUBLISHED], _says(module))
    for name in survey_names():
        says = f"How each closed question of the survey {name} was answered, in the landscape as a whole."
        yield _spec(survey_figure(name), [*map(table_key, survey.READS), ASKED, PUBLISHED], says)


def _spec(name: str, reads: list[dg.AssetKey], description: str) -> dg.AssetSpec:
    key = dg.AssetKey(["figures", name])
    picture = f"![{description}]({FILES}/{name}.svg)\n\n{description}"
    return file_spec(figures_step(), key, {"plotly"}, picture, reads).replace_attributes(
        code_version=short(_code(name))
    )


def figure_reads() -> dict[str, tuple[str, ...]]:
    """The tables behind each figure; for a safe table, its mart."""
    reads = {name: _module(name).READS for name in FIGURES}
    reads |= {survey_figure(name): survey.READS for name in survey_names()}
    return {name: tuple(MARTS_OF_PEOPLE.get(table, table) for table in tables) for name, tables in reads.items()}


def figure_sources() -> dict[str, FigureSource]:
    """What each figure is drawn from: its `READS`, and its `PICKS` if its data do not identify the rows of a mart."""
    modules = {name: _module(name) for name in FIGURES}
    sources = {name: FigureSource(module.READS, getattr(module, "PICKS", {})) for name, module in modules.items()}
    for name in survey_names():
        picks = {mart: condition.format(survey=name) for mart, condition in survey.PICKS.items()}
        sources[survey_figure(name)] = FigureSource(survey.READS, picks)
    return sources


def _says(module: ModuleType) -> str:
    """What the figure shows: the first line of its module."""
    return (module.__doc__ or "").strip()


def figures_layer() -> dg.AssetsDefinition:
    """All figures; each can be recorded separately."""

    @dg.multi_asset(name=figures_step().name, specs=list(_specs()), can_subset=True)
    def drawn(
        context: dg.AssetExecutionContext, refresh: dg.ResourceParam[Refresh]
    ) -> Iterator[dg.MaterializeResult[Any]]:
        yield from made_by(
            figures_step(), refresh, context.selected_asset_keys, lambda: _all_shown(refresh.paths.figures)
        )

    return drawn


def _all_shown(folder: Path) -> dict[str, dict[str, Any]]:
    from landscape.charts.render import published_figures

    shown: dict[str, dict[str, Any]] = {f"figures.{name}": {"left_out": NOTHING_TO_DRAW} for name in figure_names()}
    return shown | {f"figures.{entry['id']}": _shown(entry) for entry in published_figures(folder)}


def drawings(
    staging_db: StagingDatabase, surveys: Iterable[Survey], chosen: set[str]
) -> "Iterator[Callable[[], Chart | None]]":
    """Functions that draw each chosen figure for the current paper, in the order of the report; None if there is nothing."""
    from landscape.disclosure.safe_tables import read_safe_tables
    from landscape.places.boundaries import FILE, read_boundaries

    boundaries = read_boundaries(staging_db.paths.reference / FILE)
    people = read_safe_tables(staging_db.con)
    for name in FIGURES:
        if name in chosen:
            module = _module(name)
            yield partial(module.draw, _read(module.READS, staging_db, people), boundaries)
    for declared in surveys:
        if survey_figure(declared.name) in chosen:
            yield partial(survey.draw, declared, _read(survey.READS, staging_db, people))


def released_charts(tables: "Mapping[str, pd.DataFrame]", boundaries: "GeoDataFrame") -> "Iterator[Chart]":
    """The figures of a release, in the order of the report; for surveys, only those answered by people.

    Args:
        tables: Only the marts, reference tables and safe tables of the release: a figure that needs another cannot be
            drawn.
        boundaries: force_area_code and geometry (EPSG:27700).
    """
    for name in FIGURES:
        module = _module(name)
        chart = module.draw({table: tables[table].copy() for table in module.READS}, boundaries)
        if chart is not None:
            yield chart
    for declared in declared_surveys():
        if survey.is_of_people(declared.name, tables["reference.questions"]):
            yield survey.draw(declared, {table: tables[table] for table in survey.READS if table in tables})


def _read(
    tables: Iterable[str], staging_db: StagingDatabase, people: "Mapping[str, pd.DataFrame]"
) -> "dict[str, pd.DataFrame]":
    return {table: people[table] if table in people else read_table(staging_db.con, table) for table in tables}


def _shown(entry: dict[str, Any]) -> dict[str, Any]:
    """What the UI shows of a figure: its words and its files."""
    names = (*(file["path"] for file in entry["files"].values()), INDEX)
    files = [f"- [reports/figures/{name}]({FILES}/{name})" for name in names]
    missing = {"picture_missing": entry["pictures_missing"]} if "pictures_missing" in entry else {}
    return {
        "headline": entry["title"],
        "n": entry["n"],
        "coverage": entry["coverage"],
        "made_up": entry["is_sample"],
        "files": dg.MetadataValue.md("\n".join(files)),
        **missing,
    }
