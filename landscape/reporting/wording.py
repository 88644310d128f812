"""Numbers, dates and counts in the UK government's style."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import datetime

    import pandas as pd


MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
STATE_WORDS = {
    "not_covered": "not covered",
    "suppressed": "[c]",
    "not_said": "[c]",
    "out_of_scope": "[z]",
    "zero": "0",
}
"""The text in a cell without a value, by state."""

NOT_SAID_NOTE = " [c]: not said; nothing was found, nobody visited, or it may not be named."


def elsewhere_heading(every: pd.DataFrame) -> tuple[str, ...]:
    """The heading of what a release says of areas that it does not name; none in a draft."""
    return ("Elsewhere",) if every["elsewhere"].notna().any() else ()


def elsewhere(every: pd.DataFrame, row: Mapping[Any, Any]) -> tuple[str, ...]:
    """The cell below that heading, empty where nothing is said of other areas."""
    return (str(row["elsewhere"]) if isinstance(row["elsewhere"], str) else "",) if elsewhere_heading(every) else ()


def number(value: object, decimals: int = 0) -> str:
    """A number with thousands separated, halves rounded up.

    >>> number(2307035), number(24.565, 2)
    ('2,307,035', '24.57')
    """
    step = Decimal(1).scaleb(-decimals)
    return f"{Decimal(str(value)).quantize(step, ROUND_HALF_UP):,}"


def counted(value: int, one: str, many: str) -> str:
    """A count with its noun.

    >>> counted(1, "area", "areas"), counted(1200, "area", "areas")
    ('1 area', '1,200 areas')
    """
    return f"{number(value)} {one if value == 1 else many}"


def closing(last: datetime.date) -> str:
    """When a wave ends.

    >>> import datetime as dt
    >>> closing(dt.date(2017, 9, 30))
    'a wave that closes on 30 September 2017'
    """
    return f"a wave that closes on {day(last)}"


def x_of_n(x: object, n: object) -> str:
    """A count with its base.

    >>> x_of_n(3, 12)
    '3 of 12'
    """
    return f"{number(x)} of {number(n)}"


def percent(share: float) -> str:
    """A share (0–1) in whole per cent.

    >>> percent(0.245)
    '25%'
    """
    return f"{number(Decimal(str(share)) * 100)}%"


def share_of(x: int, n: int, minimum_base: int) -> str:
    """The percentage that x is of n, or `[low]` if n is too small for one.

    >>> share_of(14, 57, 10), share_of(3, 9, 10)
    ('25%', '[low]')
    """
    return percent(x / n) if n >= minimum_base else "[low]"


def day(value: datetime.date | None) -> str:
    """A date as printed, or `[z]` if there is none.

    >>> import datetime
    >>> day(datetime.date(2017, 5, 9)), day(None)
    ('9 May 2017', '[z]')
    """
    import pandas as pd

    if pd.isna(value):
        return "[z]"
    date = pd.Timestamp(value)
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"


def wave_words(wave: object) -> str:
    """The wave of a survey in words, or that an answer is in none.

    >>> wave_words("2017"), wave_words(None)
    ('wave 2017', 'outside every wave')
    """
    return f"wave {wave}" if isinstance(wave, str) else "outside every wave"


def listing(items: Sequence[str]) -> str:
    """Items as part of a sentence.

    >>> listing(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def label(code: object) -> str:
    """A machine name in plain words; other characters are kept.

    >>> label("set_aside")
    'Set aside'
    """
    words = str(code).replace("_", " ")
    return words[:1].upper() + words[1:]


def finding(text: str, is_sample: bool) -> str:
    """A sentence about the data, with a mark at the beginning if the data are made up.

    >>> finding("the record holds 3 visits.", True)
    'In the made-up sample, the record holds 3 visits.'
    """
    return f"In the made-up sample, {text}" if is_sample else text[:1].upper() + text[1:]
