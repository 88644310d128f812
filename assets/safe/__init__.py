"""The safe tables: counts of people after disclosure control, made from the marts that have them in true detail."""

import dagster as dg

from assets.tables import layer_assets


def safe_layer() -> list[dg.AssetsDefinition]:
    """All assets of the layer."""
    return layer_assets("safe")
