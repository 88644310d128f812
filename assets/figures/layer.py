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
from landscape.charts.publish import publish_figures
from landscape.warehouse import Workbench, read_table


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"assets.figures.{name}")


def _spec(name: str) -> dg.AssetSpec:
    module = _module(name)
    return dg.AssetSpec(
        key=["figures", name],
        deps=[*(table_key(table) for table in module.READS), BOUNDARIES, PUBLISHED],
        description=(module.__doc__ or "").strip(),
        group_name=group_of("figures"),
        owners=list(OWNERS),
        kinds={"plotly"},
    )


def figures_layer() -> dg.AssetsDefinition:
    """All figures; any of them can be drawn alone."""

    @dg.multi_asset(name="figures__drawn", specs=[_spec(name) for name in FIGURES], can_subset=True)
    def drawn(
        context: dg.AssetExecutionContext, workbench: dg.ResourceParam[Workbench]
    ) -> Iterator[dg.MaterializeResult[Any]]:
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
    """What the UI shows of a figure: its picture inside the page, its words, its files."""
    import base64

    shown: dict[str, Any] = {
        "headline": entry["title"],
        "n": entry["n"],
        "coverage": entry["coverage"],
        "made_up": entry["is_sample"],
        "files": dg.MetadataValue.md(
            "\n".join(f"- reports/figures/{f['path']}" for f in entry["files"].values())
        ),
    }
    svg = entry["files"].get("svg")
    if svg:
        picture = base64.b64encode((workbench.paths.figures / svg["path"]).read_bytes()).decode()
        shown["preview"] = dg.MetadataValue.md(f"![{entry['alt']}](data:image/svg+xml;base64,{picture})")
    else:
        shown["pictures_missing"] = entry["pictures_missing"]
    return shown
