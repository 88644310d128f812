"""Phrases and fills that the figures of data.police.uk share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from landscape.charts.style import STATE_NAMES
from landscape.charts.words import long_date

if TYPE_CHECKING:
    import datetime

    import pandas as pd

LICENCE = "Open Government Licence v3.0"
NOT_ASKED, NONE_LISTED = "Not covered: not asked, or no answer", "None listed"
NAMES = {
    "e-messaging": "E-messaging",
    "email": "E-mail",
    "facebook": "Facebook",
    "flickr": "Flickr",
    "instagram": "Instagram",
    "rss": "RSS feed",
    "twitter": "Twitter (X)",
    "web": "Website",
    "youtube": "YouTube",
}


def channel_name(code: str) -> str:
    """A channel as printed: the police's own word if there is no usual spelling."""
    return NAMES.get(code, code.replace("_", " ").capitalize())


def asked(frame: pd.DataFrame) -> str:
    """How many forces gave a good answer: "9 of 12 forces asked"."""
    covered = frame.loc[frame.state != "not_covered", "force_area_code"].nunique()
    return f"{covered} of {frame.force_area_code.nunique()} forces asked"


def source(first: datetime.date, last: datetime.date) -> str:
    """The source line, with the days of the answers."""
    days = f"on {long_date(first)}" if first == last else f"from {long_date(first)} to {long_date(last)}"
    return f"Source: data.police.uk, {LICENCE}; fetched {days}."


def in_key(label: str) -> str:
    """A state as these figures name it."""
    return {STATE_NAMES["not_covered"]: NOT_ASKED, STATE_NAMES["zero"]: NONE_LISTED}.get(label, label)
