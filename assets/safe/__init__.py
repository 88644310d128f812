"""Counts of people as anyone may see them, made of the marts that hold them in true detail. Not here: how cells are hidden."""

import dagster as dg

from assets.tables import layer_assets


def safe_layer() -> list[dg.AssetsDefinition]:
    """All assets of the layer."""
    return layer_assets("safe")
