"""Reads populations of force areas from a table that ONS publishes, checks and compares them.

Two tables are recognised, as a workbook (XLSX) or one sheet of it as CSV:

- Police force area data tables, "Table P3": a row with "Area Code", and a column "Population figures (mid-YYYY)…".
- Population estimates for the UK, "MYE2 - Persons": a row with "Code" and "All ages", and mid-YYYY in a row above it;
  its local authorities are summed to force areas.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from landscape.errors import ReferenceDataError
from landscape.paths import ProjectPaths
from landscape.settings.csvfiles import Row, read_csv, typed_rows
from landscape.settings.reading import Findings
from landscape.writing import write_whole

_COLUMNS = ("force_area_code", "force_area_name", "mid_year", "population", "rounded_to", "series", "source")
POPULATION, LOCAL_AUTHORITIES = "population.csv", "local_authorities.csv"
FIRST_YEAR = 2021  # from the Census onwards there is one series; before it there are two, and the file has the older
MOST_CHANGE_A_YEAR = 0.025  # of a force area's population
_MID_YEAR = re.compile(r"mid[- ]?(20\d\d)", re.IGNORECASE)
_CODE = re.compile(r"[EWKNS]\d{8}\Z")
_NOTES = re.compile(r"\[[^\]]*\]|\s+")
_KNOWN = (
    "use, as ONS publishes it, Table P3 of the police force area data tables, or MYE2 - Persons of the population estimates for "
    "the UK; as the whole workbook (.xlsx), or that sheet as .csv"
)

Table = Sequence[Sequence[str]]


@dataclass(frozen=True)
class PopulationFound:
    """The figures in a table: people by code (of force areas or local authorities), in the middle of a year."""

    mid_year: int
    people: Mapping[str, int]
    source: str


@dataclass(frozen=True)
class PopulationChange:
    """One force area: the new figure beside the current one of the nearest year."""

    code: str
    name: str
    before_year: int
    before: int
    after: int

    @property
    def change(self) -> float:
        """As a share of the figure before."""
        return self.after / self.before - 1


@dataclass(frozen=True)
class NewPopulation:
    """Populations that passed every check; `is_replaced` if the year is there already."""

    mid_year: int
    source: str
    rounded_to: int
    is_replaced: bool
    changes: tuple[PopulationChange, ...]


def new_population(paths: ProjectPaths, file: Path) -> NewPopulation:
    """Reads a table and compares it with the current figures; changes nothing.

    Raises:
        ReferenceDataError: It is not such a table, areas are missing, or figures are not plausible.
    """
    found = read_population(file)
    if found.mid_year < FIRST_YEAR:
        raise ReferenceDataError(
            f"it is for mid-{found.mid_year}, and for years before {FIRST_YEAR} there are two series",
            file=file.name,
            remedy="nothing was changed: one series must not replace the other",
        )
    present = _population_rows(paths.reference / POPULATION)
    columns = ("local_authority_code", "local_authority_name", "force_area_code", "valid_from", "valid_to")
    authorities = read_csv(paths.reference / LOCAL_AUTHORITIES, columns, ReferenceDataError)
    people = _by_force_area(found, present, authorities, file)
    years = {int(row["mid_year"]) for row in present}
    nearest = min(years, key=lambda year: (abs(year - found.mid_year), -year))
    before = {row["force_area_code"]: row for row in present if int(row["mid_year"]) == nearest}
    changes = tuple(
        PopulationChange(code, before[code]["force_area_name"], nearest, int(before[code]["population"]), people[code])
        for code in sorted(people)
    )
    _refuse_implausible(changes, abs(found.mid_year - nearest), file)
    rounded_to = next(step for step in (1000, 100, 1) if all(n % step == 0 for n in found.people.values()))
    return NewPopulation(found.mid_year, found.source, rounded_to, found.mid_year in years, changes)


def put_population(paths: ProjectPaths, new: NewPopulation) -> Path:
    """Writes the figures into data/reference/population.csv in one move; the same year is replaced."""
    path = paths.reference / POPULATION
    rows: list[dict[str, str]] = [row for row in _population_rows(path) if int(row["mid_year"]) != new.mid_year]
    rows += [
        {
            "force_area_code": each.code,
            "force_area_name": each.name,
            "mid_year": str(new.mid_year),
            "population": str(each.after),
            "rounded_to": str(new.rounded_to),
            "series": f"ONS mid-{new.mid_year} estimates (Census-2021 based)",
            "source": new.source,
        }
        for each in new.changes
    ]
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(sorted(rows, key=lambda row: (row["force_area_code"], row["mid_year"])))
    write_whole(path, text.getvalue())
    return path


def read_population(file: Path) -> PopulationFound:
    """Finds the one recognised table in a file.

    Raises:
        ReferenceDataError: There is none.
    """
    for sheet, table in _tables(file):
        found = _table_p3(table) or _persons(table)
        if found:
            mid_year, people = found
            title = next((cell for row in table for cell in row if cell), "")[:120]
            place = f"{file.name}, {sheet}" if sheet else file.name
            return PopulationFound(mid_year, people, f"ONS, {title} ({place})")
    raise ReferenceDataError("none of its sheets is a table that is recognised", file=file.name, remedy=_KNOWN)


def _population_rows(path: Path) -> list[Row]:
    """The current figures, with years and people in digits."""
    rows = read_csv(path, _COLUMNS, ReferenceDataError, may_have=())
    findings = Findings(path, ReferenceDataError)
    list(typed_rows(rows, {"mid_year": "integer", "population": "integer"}, findings))
    findings.refuse()
    return rows


def _tables(file: Path) -> Iterator[tuple[str, Table]]:
    """Sheets by name with their cells as text, without notes in square brackets and line ends."""
    if not file.is_file():
        raise ReferenceDataError("there is no such file", file=file.name, remedy=_KNOWN)
    if file.suffix.lower() == ".csv":
        with file.open(encoding="utf-8-sig", newline="", errors="replace") as stream:
            yield "", [[_cell(cell) for cell in row] for row in csv.reader(stream)]
        return
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_path(file)
        for sheet in sorted(workbook.sheet_names, key=lambda name: name not in ("Table P3", "MYE2 - Persons")):
            yield sheet, [[_cell(cell) for cell in row] for row in workbook.get_sheet_by_name(sheet).to_python()]
    except CalamineError as error:
        raise ReferenceDataError("it cannot be read as a workbook", file=file.name, remedy=_KNOWN) from error


def _cell(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _NOTES.sub(" ", str(value)).strip()


def _table_p3(table: Table) -> tuple[int, dict[str, int]] | None:
    for number, row in enumerate(table):
        year = [(column, _MID_YEAR.search(cell)) for column, cell in enumerate(row) if cell.startswith("Population")]
        if row and row[0] == "Area Code" and len(year) == 1 and year[0][1]:
            return int(year[0][1].group(1)), _people(table[number + 1 :], year[0][0])
    return None


def _persons(table: Table) -> tuple[int, dict[str, int]] | None:
    for number, row in enumerate(table):
        if row and row[0] == "Code" and "All ages" in row:
            above = " ".join(cell for line in table[:number] for cell in line)
            year = _MID_YEAR.search(above)
            is_of_persons = "persons" in above.casefold()
            return (
                (int(year.group(1)), _people(table[number + 1 :], row.index("All ages")))
                if year and is_of_persons
                else None
            )
    return None


def _people(rows: Table, column: int) -> dict[str, int]:
    """Whole numbers by code; anything suppressed or not a number is left out, and reported by name later."""
    numbers = ((row[0], row[column].replace(",", "")) for row in rows if len(row) > column and _CODE.match(row[0]))
    return {code: int(number) for code, number in numbers if number.isdecimal() and int(number)}


def _by_force_area(
    found: PopulationFound, present: Sequence[dict[str, str]], authorities: Sequence[dict[str, str]], file: Path
) -> dict[str, int]:
    """People by force area: as given, or summed from the local authorities of one day on or after the mid-year."""
    names = {row["force_area_code"]: row["force_area_name"] for row in present}
    given = {code: found.people[code] for code in names if code in found.people}
    if given:
        missing = [f"{code} {names[code]}" for code in sorted(set(names) - set(given))]
    else:
        days = [f"{found.mid_year}-06-30", *sorted(day for row in authorities if (day := row["valid_from"]))]
        sets = [_valid_on(day, authorities) for day in days if day >= days[0]]
        there = next(
            (rows for rows in sets if all(row["local_authority_code"] in found.people for row in rows)), sets[0]
        )
        missing = [
            f"{row['local_authority_code']} {row['local_authority_name']}"
            for row in there
            if row["local_authority_code"] not in found.people
        ]
        for row in there:
            people = found.people.get(row["local_authority_code"], 0)
            given[row["force_area_code"]] = given.get(row["force_area_code"], 0) + people
    if missing:
        raise ReferenceDataError("it has no figure for some areas", file=file.name, culprits=missing, remedy=_KNOWN)
    return given


def _valid_on(day: str, authorities: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    return [row for row in authorities if row["valid_from"] <= day and (not row["valid_to"] or day <= row["valid_to"])]


def _refuse_implausible(changes: Sequence[PopulationChange], n_years: int, file: Path) -> None:
    most = MOST_CHANGE_A_YEAR * max(n_years, 1)
    wrong = [
        f"{each.code} {each.name}: {each.before:,} in {each.before_year}, now {each.after:,} ({each.change:+.1%})"
        for each in changes
        if abs(each.change) > most
    ]
    if wrong:
        raise ReferenceDataError(
            f"figures differ by more than {most:.1%} from the current ones",
            file=file.name,
            culprits=wrong,
            remedy="check that it is the right table and column (people, not thousands); nothing was changed",
        )
