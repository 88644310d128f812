"""The figures as assets, drawn in one batch and published together. Not here: what any figure shows."""

import importlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from types import ModuleType
from typing import TYPE_CHECKING, Any

import dagster as dg

from assets import OWNERS, group_of
from assets.figures import FIGURES, figure_names, survey, survey_figure
from assets.marts import PUBLISHED
from assets.raw import declared_surveys, survey_names
from assets.reference import BOUNDARIES
from assets.tables import table_key
from landscape.charts.index import INDEX
from landscape.disclosure.declared import MARTS_OF_PEOPLE
from landscape.errors import without_words
from landscape.explaining.explanation import FigureSource
from landscape.pii_scan import known_people
from landscape.staging_db import StagingDatabase, read_table
from landscape.step import Refresh

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

    from landscape.charts.chart import Chart


NOTHING_TO_DRAW = "there is nothing to draw: what it shows was never pulled"


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"assets.figures.{name}")


def _specs() -> Iterator[dg.AssetSpec]:
    for name in FIGURES:
        module = _module(name)
        deps = [*map(table_key, module.READS), BOUNDARIES, PUBLISHED]
        yield _spec(name, deps, _says(module))
    for name in survey_names():
        deps = [*map(table_key, survey.READS), PUBLISHED]
        says = f"How each closed question of the survey {name} was answered, in the landscape as a whole."
        yield _spec(survey_figure(name), deps, says)


def figure_reads() -> dict[str, tuple[str, ...]]:
    """The tables behind each figure; for a table of people, its mart."""
    reads = {name: _module(name).READS for name in FIGURES}
    reads |= {survey_figure(name): survey.READS for name in survey_names()}
    return {name: tuple(MARTS_OF_PEOPLE.get(table, table) for table in tables) for name, tables in reads.items()}


def figure_sources() -> dict[str, FigureSource]:
    """What each figure is drawn from: its `READS`, and `PICKS` where its data do not tell which rows of a mart it draws."""
    modules = {name: _module(name) for name in FIGURES}
    sources = {name: FigureSource(module.READS, getattr(module, "PICKS", {})) for name, module in modules.items()}
    for name in survey_names():
        picks = {mart: condition.format(survey=name) for mart, condition in survey.PICKS.items()}
        sources[survey_figure(name)] = FigureSource(survey.READS, picks)
    return sources


def _spec(name: str, deps: list[dg.AssetKey], description: str) -> dg.AssetSpec:
    return dg.AssetSpec(
        key=["figures", name],
        deps=deps,
        description=description,
        group_name=group_of("figures"),
        owners=list(OWNERS),
        kinds={"plotly"},
    )


def _says(module: ModuleType) -> str:
    """The module's charter as far as it says what the figure shows."""
    shows, _, _ = (module.__doc__ or "").partition(" Not here:")
    return shows.strip()


def figures_layer() -> dg.AssetsDefinition:
    """All figures; any of them can be drawn alone."""

    @dg.multi_asset(name="figures__drawn", specs=list(_specs()), can_subset=True)
    def drawn(
        context: dg.AssetExecutionContext, refresh: dg.ResourceParam[Refresh]
    ) -> Iterator[dg.MaterializeResult[Any]]:
        from landscape.charts.publish import publish_figures

        staging_db = refresh.staging_db
        chosen = {key.path[-1] for key in context.selected_asset_keys}
        with without_words("drawing figures"):
            charts = [chart for chart in _charts(staging_db, chosen) if chart is not None]
            left_out = chosen - {chart.figure_id for chart in charts}
            order = [name for name in figure_names() if name not in left_out]
            known = known_people(staging_db.paths)
            entries = publish_figures(charts, staging_db.paths.figures, order, known)
        for entry in entries:
            yield dg.MaterializeResult(asset_key=["figures", entry["id"]], metadata=_shown(entry, staging_db))
        for name in sorted(left_out):
            yield dg.MaterializeResult(asset_key=["figures", name], metadata={"left_out": NOTHING_TO_DRAW})

    return drawn


def _charts(staging_db: StagingDatabase, chosen: set[str]) -> "Iterator[Chart | None]":
    """The chosen figures, in the order of the report; None where there is nothing to draw."""
    for draw in drawings(staging_db, chosen):
        yield draw()


def drawings(staging_db: StagingDatabase, chosen: set[str]) -> "Iterator[Callable[[], Chart | None]]":
    """What draws each chosen figure for the paper in force, in the order of the report."""
    from landscape.disclosure.safe_tables import read_safe_tables
    from landscape.places.boundaries import FILE, read_boundaries

    boundaries = read_boundaries(staging_db.paths.reference / FILE)
    people = read_safe_tables(staging_db.con)
    for name in FIGURES:
        if name in chosen:
            module = _module(name)
            yield partial(module.draw, _read(module.READS, staging_db, people), boundaries)
    for declared in declared_surveys():
        if survey_figure(declared.name) in chosen:
            yield partial(survey.draw, declared, _read(survey.READS, staging_db, people))


def released_charts(tables: "Mapping[str, pd.DataFrame]", boundaries: "GeoDataFrame") -> "Iterator[Chart]":
    """The figures of a release, in the order of the report; of surveys, those that people answered.

    Args:
        tables: The marts and reference tables of the release and its tables of people, and no others: a figure that
            asks for one that no release has cannot be drawn.
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


def _shown(entry: dict[str, Any], staging_db: StagingDatabase) -> dict[str, Any]:
    """What the UI shows of a figure: its words, its picture inside the page, its files."""
    files = [f"- reports/figures/{name}" for name in (*(file["path"] for file in entry["files"].values()), INDEX)]
    return {
        "headline": entry["title"],
        **_picture(entry, staging_db),
        "n": entry["n"],
        "coverage": entry["coverage"],
        "made_up": entry["is_sample"],
        "files": dg.MetadataValue.md("\n".join(files)),
    }


def _picture(entry: dict[str, Any], staging_db: StagingDatabase) -> dict[str, Any]:
    """The picture itself, not its place: the UI serves no files, but shows what a data address holds."""
    import base64

    svg = entry["files"].get("svg")
    if svg is None:
        return {"picture_missing": entry["pictures_missing"]}
    picture = base64.b64encode((staging_db.paths.figures / svg["path"]).read_bytes()).decode()
    return {"picture": dg.MetadataValue.md(f"![{entry['alt']}](data:image/svg+xml;base64,{picture})")}
