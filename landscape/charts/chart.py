"""What a finished chart is: its words, its picture and its data."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go


@dataclass(frozen=True)
class Words:
    """All that a chart says.

    Args:
        figure_id: The name of the figure module; also the stem of its files.
        headline: The finding; for made-up data only the measure.
        subtitle: The measure, its unit and its date.
        caption: Number of cases, coverage and the rules that readers need to know.
        source: Where the figures come from, with licence where there is one.
        alt: What the picture is, in a sentence or two.
        long_description: Every number in the picture, in words.
        n: Number of cases, "57 activities in 9 of 12 areas".
        coverage: How much of the landscape the figure is based on.
        is_sample: Whether it is based on made-up sample data.
    """

    figure_id: str
    headline: str
    subtitle: str
    caption: str
    source: str
    alt: str
    long_description: str
    n: str
    coverage: str
    is_sample: bool


@dataclass(frozen=True)
class Chart(Words):
    """A finished chart: its words, the Plotly figure and the very frame that was drawn."""

    plot: go.Figure
    data: pd.DataFrame


def finished(words: Words, plot: go.Figure, data: pd.DataFrame) -> Chart:
    """Join words, picture and data into a chart."""
    return Chart(**asdict(words), plot=plot, data=data)
