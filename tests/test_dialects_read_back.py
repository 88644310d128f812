"""What each tool writes, in each of its ways, is read back whole."""

from __future__ import annotations

import pytest
from dialect_cases import SAVED, Way, as_read, as_written, cases, save_again
from exports import WRITERS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landscape.surveys.dialects import fitting_dialects

JISC = "jisc_online_surveys"
WAYS = (
    Way(JISC, "uncoded_csv", separators=(",",)),
    Way(JISC, "uncoded_xlsx", ".xlsx", separators=(",",)),
    Way(JISC, "coded_csv", is_numbered=True, codes="csv"),
    Way(JISC, "coded_sav", ".sav", codes="sav"),
    Way("microsoft_forms", "joined", ".xlsx", separators=(";",), keeps_own_words=True),
    Way("microsoft_forms", "json", ".xlsx", keeps_own_words=True),
    Way("qualtrics", "csv"),
    Way("qualtrics", "csv_joined", separators=(",",)),
    Way("qualtrics", "csv_numeric", is_numbered=True),
    Way("qualtrics", "legacy_csv", is_numbered=True),
    Way("qualtrics", "xlsx", ".xlsx"),
    *(
        Way(
            "google_forms",
            variant,
            f".{variant.split('_')[1]}",
            separators=(", ", ";"),
            keeps_own_words=True,
            has_partials=False,
            has_own_numbers=False,
        )
        for variant in ("sheet_csv", "sheet_xlsx", "form_csv")
    ),
    Way("surveymonkey", "csv", never=("<", "&")),
    Way("surveymonkey", "xlsx", ".xlsx", never=("<", "&")),
    Way("smartsurvey", "csv"),
)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: f"{way.tool}-{way.variant}")
def test_it_is_read_as_it_was_written(way, tmp_path):
    path = tmp_path / f"export{way.ending}"

    @settings(deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(cases(way), SAVED if way.ending == ".csv" else st.none())
    def read_back(case, saved):
        survey, responses = case
        WRITERS[way.tool].write(survey, responses, path, variant=way.variant)
        if saved:
            save_again(path, saved)
        assert as_read(path, survey, way) == as_written(survey, responses, way)

    read_back()


@pytest.mark.parametrize("way", WAYS, ids=lambda way: f"{way.tool}-{way.variant}")
def test_the_same_responses_give_the_same_bytes_that_only_one_tool_fits(way, tmp_path):
    assert way.variant in WRITERS[way.tool].VARIANTS

    @settings(max_examples=2, deadline=None, database=None)
    @given(cases(way))
    def write_twice(case):
        written = []
        for name in ("a", "b"):
            path = tmp_path / f"{name}{way.ending}"
            WRITERS[way.tool].write(*case, path, variant=way.variant)
            written.append(path.read_bytes())
            assert fitting_dialects(path) == (way.tool,)
        assert written[0] == written[1]

    write_twice()


def test_every_way_that_a_tool_writes_is_tried():
    for tool in {way.tool for way in WAYS}:
        assert {way.variant for way in WAYS if way.tool == tool} == set(WRITERS[tool].VARIANTS)
