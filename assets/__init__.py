"""What exists: one folder per layer, in the order the data moves. Not here: when it runs, or how."""

LAYERS = ("edited", "raw", "reference", "staged", "marts", "safe", "figures", "report")
"""The layers, in order; a table reads only from its own layer and those before it."""

OWNERS = ("team:mapping",)


def group_of(layer: str) -> str:
    """The layer's group in the Dagster UI, numbered so that groups stand in the order the data moves."""
    return f"{LAYERS.index(layer)}_{layer}"
