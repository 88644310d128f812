"""Every recogniser on every kind of file: what tools write, and real exports."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from dialect_cases import survey_of
from dialect_files import EXPORTS, question, real
from exports import WRITERS
from exports.responses import Response
from marts_landscape import SURVEYS
from offenders import failing

from landscape.errors import ReceivedFileError
from landscape.surveys.definitions import read_definition
from landscape.surveys.dialects import DIALECTS, dialect_of, fitting_dialects

WAYS = [(tool, variant) for tool, writer in WRITERS.items() for variant in writer.VARIANTS]
ENDINGS = {"xlsx": ".xlsx", "sav": ".sav", "zip": ".zip", "odata": ".json", "json": ".json"}
WORKBOOKS = ("microsoft_forms", "visit_workbook")
ASKED = (
    question("q1", "Your role", "select_one", "Officer", "Other staff"),
    question("q2", "Which media?", "select_multiple", "Radio, print", "Web"),
    question("q3", "Why?"),
)


def exported(folder: Path, tool: str, variant: str) -> Path:
    """A small export of a tool in one of its ways; of the visit workbook, which has one only, a blank one."""
    ending = next((ENDINGS[word] for word in variant.split("_") if word in ENDINGS), ".csv")
    path = folder / f"export{'.xlsx' if tool in WORKBOOKS else ending}"
    if tool == "visit_workbook":
        WRITERS[tool].write(SURVEYS["force_visits"], [], path)
        return path
    begun = dt.datetime.fromisoformat("2020-06-01T10:00:00")
    answers = {"q1": "Officer", "q2": ["Radio, print", "Web"], "q3": "because"}
    responses = [Response(f"R-{n}", answers, {}, begun, begun + dt.timedelta(minutes=n)) for n in (1, 2)]
    WRITERS[tool].write(survey_of(tool, *ASKED), responses, path, variant=variant)
    return path


def test_a_file_has_the_shape_of_the_tool_that_wrote_it_and_of_no_other(tmp_path):
    def has_one_shape(way):
        tool, variant = way
        folder = tmp_path / f"{tool}-{variant}"
        folder.mkdir()
        assert fitting_dialects(exported(folder, tool, variant)) == (tool,)

    assert failing(has_one_shape, WAYS) == []


@real
def test_a_real_export_has_the_shape_of_its_tool_and_of_no_other():
    tools = {"kobo_formpack": "kobotoolbox", "odk": "odk_central", "live_servers": "limesurvey"}
    files = [path for path in EXPORTS.rglob("*") if path.is_file() and path.suffix != ".md"]
    exports = [path for path in files if read_definition(path.read_bytes(), path.name) is None]
    assert exports
    assert {path: fitting_dialects(path) for path in exports} == {
        path: (tools.get(path.parent.name, path.parent.name),) for path in exports
    }


def test_a_file_that_several_tools_can_have_written_is_read_as_declared_and_else_says_how_to_declare_it(tmp_path):
    path = tmp_path / "export.csv"
    path.write_bytes(b"id,submitdate,lastpage,_uuid,_submission_time,q\r\n1,,1,u,,x\r\n")
    assert set(fitting_dialects(path)) == {"limesurvey", "kobotoolbox"}
    for tool in fitting_dialects(path):
        assert dialect_of(path, tool) is DIALECTS[tool]
    with pytest.raises(ReceivedFileError) as caught:
        dialect_of(path, "qualtrics")
    assert "KoboToolbox, LimeSurvey" in caught.value.message
    assert "`tool:` in survey.yml" in caught.value.remedy
