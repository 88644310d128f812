"""What the report says of those who did and did not respond."""

from __future__ import annotations

from reporting_landscape import landscape
from safe_frames import responses

from landscape.reporting.chapters.responding import ABSENCE, NOTHING, section
from landscape.reporting.content import Paragraph


def test_one_rounded_sentence_comes_with_what_an_absence_means() -> None:
    found, absence = section(landscape(is_sample=False)).blocks
    assert absence == Paragraph(ABSENCE)
    assert isinstance(found, Paragraph)
    assert found.text == (
        "The survey Network signup, wave 2017 (a wave that closes on 30 September 2017) was answered by about 50 people; "
        "71 were invited."
    )


def test_without_a_list_nobody_is_said_to_have_been_invited() -> None:
    tables = landscape(is_sample=False)
    tables["safe.responses"] = responses("priority_survey", 40, None)
    found, _ = section(tables).blocks
    assert isinstance(found, Paragraph)
    assert found.text.endswith("was answered by about 40 people; no list of invitations was given.")


def test_of_too_few_nothing_is_said() -> None:
    tables = landscape()
    tables["safe.responses"] = tables["safe.responses"][:0]
    assert section(tables).blocks[0] == Paragraph(NOTHING)
