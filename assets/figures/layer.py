"""The figures as assets, drawn in one batch and published together. Not here: what any figure shows."""

import importlib
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import dagster as dg

from assets import OWNERS, group_of
from assets.figures import FIGURES
from assets.marts import PUBLISHED
from assets.reference import BOUNDARIES
from assets.tables import table_key
from landscape.warehouse import Workbench, read_table


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"assets.figures.{name}")


def _spec(name: str) -> dg.AssetSpec:
    module = _module(name)
    return dg.AssetSpec(
        key=["figures", name],
        deps=[*(table_key(table) for table in module.READS), BOUNDARIES, PUBLISHED],
        description=_says(module),
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

    @dg.multi_asset(name="figures__drawn", specs=[_spec(name) for name in FIGURES], can_subset=True)
    def drawn(
        context: dg.AssetExecutionContext, workbench: dg.ResourceParam[Workbench]
    ) -> Iterator[dg.MaterializeResult[Any]]:
        from landscape.charts.publish import publish_figures
        from landscape.places.boundaries import read_boundaries

        boundaries = read_boundaries(workbench.paths.reference / "force_areas.geojson")
        chosen = [name for name in FIGURES if dg.AssetKey(["figures", name]) in context.selected_asset_keys]
        charts = [
            _module(name).draw(
                {table: read_table(workbench.con, table) for table in _module(name).READS}, boundaries
            )
            for name in chosen
        ]
        for entry in publish_figures(charts, workbench.paths.figures, order=FIGURES):
            yield dg.MaterializeResult(asset_key=["figures", entry["id"]], metadata=_shown(entry, workbench))

    return drawn


def _shown(entry: dict[str, Any], workbench: Workbench) -> dict[str, Any]:
    """What the UI shows of a figure: its words, its picture inside the page, its files."""
    files = [f"- reports/figures/{file['path']}" for file in entry["files"].values()]
    return {
        "headline": entry["title"],
        **_picture(entry, workbench),
        "n": entry["n"],
        "coverage": entry["coverage"],
        "made_up": entry["is_sample"],
        "files": dg.MetadataValue.md("\n".join(files)),
    }


def _picture(entry: dict[str, Any], workbench: Workbench) -> dict[str, Any]:
    """The picture itself, not its place: the UI serves no files, but shows what a data address holds."""
    import base64

    svg = entry["files"].get("svg")
    if svg is None:
        return {"picture_missing": entry["pictures_missing"]}
    picture = base64.b64encode((workbench.paths.figures / svg["path"]).read_bytes()).decode()
    return {"picture": dg.MetadataValue.md(f"![{entry['alt']}](data:image/svg+xml;base64,{picture})")}
