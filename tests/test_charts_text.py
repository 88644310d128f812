from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from landscape.charts.bands import Band, count_bands, fill_of, key_of, rate_bands
from landscape.charts.style import SEQUENTIAL_FILLS, STATE_FILLS
from landscape.charts.text import counted, listed, measure, plain, wrap

SENTENCES = st.text(st.characters(exclude_categories=("Cs",)), max_size=120)


def test_markup_is_shown_as_typed_and_control_characters_are_dropped():
    assert plain("<b>Us & them</b>\x00\n<br>\x1b") == "&lt;b&gt;Us &amp; them&lt;/b&gt; &lt;br&gt;"


def test_widths_are_those_of_the_font_file():
    # Advance widths in OpenSans-Regular.ttf and -Bold.ttf, of 2,048 units: H 1511 and 1567, i 518 and 625.
    assert measure("Hi", 1000) == 738 + 253
    assert measure("Hi", 1000, bold=True) == 765 + 305


@given(SENTENCES, st.integers(20, 400))
def test_wrapped_lines_fit_and_lose_nothing(text, width):
    lines = wrap(text, width, 12)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(measure(line, 12) <= width or len(line) == 1 for line in lines)


def test_words_stay_whole_where_they_fit():
    room = measure("Build trust", 12)
    assert wrap("Build trust with all", room, 12) == ["Build trust", "with all"]
    assert wrap("Build trust with all", room - 0.1, 12) == ["Build", "trust with", "all"]
    assert wrap("mmmm", measure("mm", 12), 12) == ["mm", "mm"]


def test_numbers_and_lists_are_put_in_words():
    assert counted(1, "visit") == "1 visit"
    assert counted(1200, "activity", "activities") == "1,200 activities"
    assert listed(["Cumbria"]) == "Cumbria"
    assert listed(["Cumbria", "Durham", "Cleveland"]) == "Cumbria, Durham and Cleveland"
    assert listed([]) == ""


def labels(bands: list[Band]) -> list[str]:
    return [band.label for band in bands]


def test_bands_of_counts_have_round_widths():
    assert labels(count_bands([0, 2, 4])) == ["1", "2", "3", "4"]
    assert labels(count_bands([2, 9])) == ["1 to 3", "4 to 6", "7 to 9"]
    assert labels(count_bands([61])) == ["1 to 20", "21 to 40", "41 to 60", "61 to 80"]
    assert count_bands([]) == []


def test_bands_of_rates_have_round_limits():
    expected = ["10 to under 15", "15 to under 20", "20 to under 25", "25 to under 30"]
    assert labels(rate_bands([10.9, 28.3])) == expected
    assert labels(rate_bands([0.62])) == ["0.62 to under 0.63"]
    assert rate_bands([]) == []


@given(st.lists(st.integers(1, 10**6), min_size=1))
def test_every_count_falls_in_one_of_at_most_four_bands(counts):
    bands = count_bands(counts)
    assert len(bands) <= 4
    assert all(sum(band.low <= count < band.high for band in bands) == 1 for count in counts)


@given(st.lists(st.floats(0.01, 10**6), min_size=1))
@example([1.9])
def test_every_rate_falls_in_one_of_at_most_five_bands(rates):
    bands = rate_bands(rates)
    assert len(bands) <= 5
    assert all(sum(band.low <= rate < band.high for band in bands) == 1 for rate in rates)


def test_a_state_is_never_filled_as_a_value():
    bands = count_bands([3])
    fills = {state: fill_of(state, 0, bands)[1] for state in STATE_FILLS}
    assert len(set(fills.values())) == 5
    assert not set(fills.values()) & set(SEQUENTIAL_FILLS)
    # Hatching keeps what is not known apart from zero in grey print too.
    assert fills["not_covered"].pattern
    assert not fills["zero"].pattern


def test_the_key_holds_what_is_drawn_in_order_and_nothing_else():
    bands = count_bands([1, 2, 3])
    drawn = [fill_of("not_covered", None, bands), fill_of("value", 3, bands), fill_of("value", 1, bands)]
    assert [label for label, _ in key_of(drawn, bands)] == ["1", "3", "Not yet covered"]
