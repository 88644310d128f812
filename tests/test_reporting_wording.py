"""Numbers, dates and lists as they are printed."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from landscape.reporting.wording import day, finding, listing, number, percent, share_of


def test_numbers_dates_and_lists_are_british() -> None:
    assert (number(2307035), number(24.565, 2), number(Decimal("93"), 2)) == ("2,307,035", "24.57", "93.00")
    assert (percent(0.245), share_of(1, 3, 10), share_of(5, 10, 10)) == ("25%", "[low]", "50%")
    assert [day(value) for value in (datetime.date(2017, 5, 9), pd.Timestamp("2017-05-09"), None, pd.NaT)] == [
        *["9 May 2017"] * 2,
        *["[z]"] * 2,
    ]
    assert (listing(["a"]), listing(["a", "b", "c"])) == ("a", "a, b and c")
    assert finding("of 3, one.", is_sample=False) == "Of 3, one."


@given(st.integers(-(10**12), 10**12))
def test_a_printed_number_is_the_number(value: int) -> None:
    printed = number(value)
    assert int(printed.replace(",", "")) == value
    assert re.fullmatch(r"-?\d{1,3}(,\d{3})*", printed)
