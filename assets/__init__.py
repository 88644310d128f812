"""What exists, as Dagster assets: one folder per layer, in the order the data move. How it is made is in `landscape`."""

LAYERS = ("edited", "raw", "reference", "staged", "marts", "safe", "figures", "report")
"""The layers, in order; a table reads only from its own layer and those before it."""

OWNERS = ("team:mapping",)


def group_of(layer: str) -> str:
    """The layer's group in the Dagster UI, numbered so that groups are in the order the data move."""
    return f"{LAYERS.index(layer)}_{layer}"
