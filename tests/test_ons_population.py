"""New populations from tables as ONS publishes them."""

from __future__ import annotations

import csv

import pytest
from marts_landscape import CHECKOUT
from typer.testing import CliRunner

from assets.tables import models
from landscape.errors import ReferenceDataError
from landscape.opendata.ons_population import new_population, put_population
from landscape.staging_db import load_reference, scratch_staging_db
from pipelines.cli import app


def reference(name: str) -> list[dict[str, str]]:
    with (CHECKOUT.reference / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


IN_2023 = {
    row["force_area_code"]: int(row["population"]) for row in reference("population.csv") if row["mid_year"] == "2023"
}
LANCASHIRE, CUMBRIA = "E23000003", "E23000002"


def table_p3(year: int = 2024, **people: object) -> list[list[object]]:
    """The police force area tables, with a region and Wales between, notes in headings, and one suppressed figure."""
    rows = [[code, "Name", people.get(code, n + 100), n / 2, 80.1] for code, n in IN_2023.items()]
    return [
        ["Table P3: Recorded crime rate per 1,000 population by police force area [note 1]"],
        ["Source: Home Office"],
        [],
        [
            "Area Code",
            "Area Name",
            f"Population\nfigures (mid-{year}) - rounded to 100 [note 2]",
            "Number of households",
            "Rate",
        ],
        ["K04000001", "ENGLAND AND WALES", 61806700, 1, 80.1],
        ["E12000002", "North West", 7600100, 1, 90.2],
        *rows,
        ["E23000034", "London, City of", "[x]", "[x]", "[x]"],
        ["W15000001", "North Wales", 690000, 1, 70.3],
    ]


def persons(year: int = 2024, day: str = "2024-06-30") -> list[list[object]]:
    """MYE2: every force area's people given out evenly among its local authorities of a day."""
    valid = [
        row
        for row in reference("local_authorities.csv")
        if row["valid_from"] <= day and (not row["valid_to"] or day <= row["valid_to"])
    ]
    rows = []
    for code, people in IN_2023.items():
        own = [row for row in valid if row["force_area_code"] == code]
        each, rest = divmod(people + 7, len(own))
        rows += [[row["local_authority_code"], "n", "Unitary", each + (rest if row is own[0] else 0), 1] for row in own]
    title = f"MYE2: Population estimates: Persons by single year of age for local authorities in the UK, mid-{year}"
    return [
        [title],
        [],
        ["Code", "Name", "Geography", "All ages", "0"],
        ["K02000001", "UK", "Country", 69281437, 1],
        *rows,
    ]


def workbook(path, **sheets):
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = "Cover"
    for name, rows in sheets.items():
        sheet = book.create_sheet(name.replace("_", " "))
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def csv_file(path, rows):
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


def test_table_p3_of_a_workbook_becomes_a_year_of_populations(project, tmp_path):
    new = new_population(project, workbook(tmp_path / "pfatables.xlsx", Table_P3=table_p3()))
    assert (new.mid_year, new.rounded_to, new.is_replaced) == (2024, 100, False)
    assert {each.code: each.after for each in new.changes} == {code: n + 100 for code, n in IN_2023.items()}
    path = put_population(project, new)
    assert path == project.reference / "population.csv"
    rows = written(project)
    assert len(rows) == 48
    (row,) = [row for row in rows if (row["force_area_code"], row["mid_year"]) == (CUMBRIA, "2024")]
    assert row["series"] == "ONS mid-2024 estimates (Census-2021 based)"
    assert (
        row["source"].startswith("ONS, Table P3: Recorded crime rate") and "pfatables.xlsx, Table P3" in row["source"]
    )
    model = next(model for model in models("reference") if model.name == "population")
    with scratch_staging_db() as con:
        assert len(load_reference(con, model, project.reference)) == 48


def test_the_year_that_is_there_is_replaced(project, tmp_path):
    new = new_population(project, csv_file(tmp_path / "p3.csv", table_p3(2023)))
    assert new.is_replaced
    before = reference("population.csv")
    put_population(project, new)
    after = written(project)
    assert [row for row in after if row["mid_year"] != "2023"] == [row for row in before if row["mid_year"] != "2023"]
    assert len(after) == 36


@pytest.mark.parametrize(("year", "day"), [(2024, "2024-06-30"), (2022, "2022-06-30"), (2022, "2023-04-01")])
def test_local_authorities_are_summed_as_they_were_in_the_year_or_when_it_was_published(project, tmp_path, year, day):
    new = new_population(project, csv_file(tmp_path / "mye2.csv", persons(year, day)))
    assert new.mid_year == year
    assert {each.code: each.after for each in new.changes} == {code: n + 7 for code, n in IN_2023.items()}
    assert new.rounded_to == 1


def test_of_several_sheets_that_of_persons_is_read(project, tmp_path):
    males = [["MYE2: Population estimates: Males by single year of age, mid-2024"], *persons()[1:]]
    file = workbook(tmp_path / "mye.xlsx", **{"MYE2 - Males": males, "MYE2 - Persons": persons()})
    assert "MYE2 - Persons" in new_population(project, file).source


def written(project) -> list[dict[str, str]]:
    with (project.reference / "population.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def refused(project, file, words):
    before = (project.reference / "population.csv").read_bytes()
    with pytest.raises(ReferenceDataError, match=words):
        new_population(project, file)
    assert (project.reference / "population.csv").read_bytes() == before


def test_an_area_without_a_figure_is_named(project, tmp_path):
    refused(project, csv_file(tmp_path / "p3.csv", table_p3(**{LANCASHIRE: "[x]"})), "- E23000003 Lancashire")


def test_a_local_authority_without_a_figure_is_named(project, tmp_path):
    rows = [row for row in persons() if not row or row[0] != "E06000009"]
    refused(project, csv_file(tmp_path / "mye2.csv", rows), "- E06000009 Blackpool")


def test_thousands_and_swapped_figures_are_not_plausible(project, tmp_path):
    people = {code: n // 1000 for code, n in IN_2023.items()}
    refused(
        project, csv_file(tmp_path / "p3.csv", table_p3(**people)), r"Cumbria: 505,100 in 2023, now 505 \(-99\.9%\)"
    )
    swapped = {CUMBRIA: IN_2023[LANCASHIRE], LANCASHIRE: IN_2023[CUMBRIA]}
    refused(
        project, csv_file(tmp_path / "p3.csv", table_p3(**swapped)), r"more than 2\.5%[\s\S]*Cumbria[\s\S]*Lancashire"
    )


def test_years_before_the_census_are_another_series(project, tmp_path):
    refused(project, csv_file(tmp_path / "p3.csv", table_p3(2019)), "before 2021 there are two series")


@pytest.mark.parametrize("content", ["a,b\n1,2\n", "", "Code,Name,All ages\nE06000063,Cumberland,5\n"])
def test_another_table_is_refused_and_those_that_are_recognised_are_named(project, tmp_path, content):
    path = tmp_path / "other.csv"
    path.write_text(content, encoding="utf-8")
    refused(project, path, r"none of its sheets[\s\S]*Table P3[\s\S]*MYE2 - Persons")


def test_what_is_no_workbook_is_refused(project, tmp_path):
    path = tmp_path / "page.xlsx"
    path.write_text("<html>", encoding="utf-8")
    refused(project, path, "cannot be read as a workbook")
    refused(project, tmp_path / "none.xlsx", "there is no such file")


def test_the_command_shows_what_would_change_and_changes_it_only_when_told(project, tmp_path):
    file = str(csv_file(tmp_path / "p3.csv", table_p3()))
    shown = CliRunner().invoke(app, ["population", "update", file], env={"COLUMNS": "200"})
    assert shown.exit_code == 0, shown.output
    assert "505,100    505,200    +0.02%" in shown.output
    assert "Nothing was changed" in shown.output and len(written(project)) == 36
    CliRunner().invoke(app, ["population", "update", file, "--apply"])
    assert len(written(project)) == 48
