"""What the report says of those who did and did not respond."""

from __future__ import annotations

from reporting_landscape import landscape

from landscape.reporting.chapters.responding import ABSENCE, NO_LIST, section
from landscape.reporting.content import DataTable, Paragraph


def test_the_rate_comes_with_what_an_absence_means() -> None:
    absence, found, table = section(landscape(is_sample=False)).blocks
    assert absence == Paragraph(ABSENCE)
    assert isinstance(found, Paragraph)
    assert isinstance(table, DataTable)
    assert "43 of 71 people invited responded (61%), and 6 responses came without an invitation." in found.text
    assert table.rows == (
        ("Police force", "40", "22", "55%"),
        ("Other types, and type not stated, together", "[c]", "[c]", "[c]"),
        ("The North of England", "71", "43", "61%"),
    )


def test_without_a_list_no_rate_is_made_up() -> None:
    tables = landscape()
    tables["safe.response_rates"] = tables["safe.response_rates"][:0]
    assert section(tables).blocks[0] == Paragraph(NO_LIST)


def test_a_survey_that_cannot_tell_says_so() -> None:
    tables = landscape(is_sample=False)
    rates = tables["safe.response_rates"][:1].assign(state="not_covered", n_responded=None)
    tables["safe.response_rates"] = rates
    (_, found) = section(tables).blocks
    assert isinstance(found, Paragraph)
    assert found.text.endswith("does not ask who responds, so nobody can say how many of those invited did.")
