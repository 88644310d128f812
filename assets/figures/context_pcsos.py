"""Police community support officers per 100,000 people."""

from functools import partial

from landscape.charts.context import context_map

READS = ("marts.context",)
draw = partial(context_map, "pcsos")
