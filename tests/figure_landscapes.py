"""Hand-made marts that the figures are tested on."""

from __future__ import annotations

import csv
import datetime
import importlib
import itertools
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
from frames import made_once_and_copied
from mapping_landscapes import mapping
from safe_frames import answers, question, round_of

from landscape.places.boundaries import read_boundaries

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from landscape.charts.chart import Chart

REFERENCE = Path(__file__).parents[1] / "data" / "reference"
HOSTILE = "<script>alert('x')</script> & <b>all</b> the objectives that anyone could think of, in 90 letters"

# A label of each mart of the mapping, whose first value is made hostile.
WORDED = {
    "marts.gap_map": "activity_type_name",
    "marts.technologies": "product_name",
    "marts.channel_audiences": "channel_name",
}

# Visits to the force, visits to the commissioner, activities; None: not visited.
PLAUSIBLE = {
    "Cheshire": (1, 1, 5),
    "Cleveland": (1, 0, 2),
    "Cumbria": None,
    "Durham": (2, 1, 7),
    "Greater Manchester": (2, 1, 6),
    "Humberside": (1, 0, 0),
    "Lancashire": (1, 1, 4),
    "Merseyside": (0, 1, 3),
    "North Yorkshire": None,
    "Northumbria": (1, 0, 2),
    "South Yorkshire": None,
    "West Yorkshire": (3, 2, 11),
}


def reference(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def objectives() -> dict[str, str]:
    return {row["code"]: row["label"] for row in reference("codebook.csv") if row["scheme"] == "objective"}


def topics() -> dict[str, str]:
    return {row["code"]: row["label"] for row in reference("codebook.csv") if row["scheme"] == "topic"}


def landscape(
    visits: dict[str, tuple[int, int, int] | None], *, is_sample: bool, answered: int = 38
) -> dict[str, pd.DataFrame]:
    areas = force_areas(visits, is_sample=is_sample)
    activities = made_up_activities(areas)
    return {
        "marts.force_areas": areas,
        "marts.objective_breakdown": objective_breakdown(areas, activities, is_sample=is_sample),
        "marts.objective_combinations": objective_combinations(activities, is_sample=is_sample),
        "safe.survey_answers": priorities(answered, is_sample=is_sample),
        "marts.context": context(),
        **mapping(areas, activities, is_sample=is_sample),
        "marts.police_uk_channels": channels(),
        "marts.police_uk_events": announced(),
    }


@made_once_and_copied
def plausible() -> dict[str, pd.DataFrame]:
    """Nine of twelve areas visited, forty made-up activities."""
    return landscape(PLAUSIBLE, is_sample=True)


@made_once_and_copied
def real() -> dict[str, pd.DataFrame]:
    """The same, as though it were not made up."""
    return landscape(PLAUSIBLE, is_sample=False)


@made_once_and_copied
def nearly_empty() -> dict[str, pd.DataFrame]:
    """One area visited, one activity, four people answered."""
    return landscape({name: (1, 0, 1) if name == "Durham" else None for name in PLAUSIBLE}, is_sample=False, answered=4)


@made_once_and_copied
def empty() -> dict[str, pd.DataFrame]:
    """Nobody visited, nobody answered."""
    return landscape(dict.fromkeys(PLAUSIBLE), is_sample=False, answered=0)


@made_once_and_copied
def crowded() -> dict[str, pd.DataFrame]:
    """All twelve areas visited often, two hundred activities."""
    return landscape(
        {name: (4, 3, 16 + number % 3) for number, name in enumerate(PLAUSIBLE)}, is_sample=False, answered=71
    )


@made_once_and_copied
def hostile() -> dict[str, pd.DataFrame]:
    """Labels of ninety letters with markup in them."""
    tables = plausible()
    breakdown, combos, wants = (
        tables[name] for name in ("marts.objective_breakdown", "marts.objective_combinations", "safe.survey_answers")
    )
    breakdown.loc[breakdown.objective_code == "OBJ.TRUST", "objective_name"] = HOSTILE
    combos["objective_names"] = combos.objective_names.str.replace(objectives()["OBJ.TRUST"], HOSTILE, regex=False)
    wants.loc[wants.option_code == "TOP.TRUST", "option_name"] = "=" + HOSTILE
    for name, column in WORDED.items():
        named = tables[name].columns.get_loc(column)
        tables[name] = tables[name].astype({column: object})
        first = tables[name].iloc[0, named]
        tables[name].loc[tables[name][column] == first, column] = HOSTILE
    return tables


LANDSCAPES = {made.__name__: made for made in (plausible, real, nearly_empty, empty, crowded, hostile)}


@cache
def boundaries() -> GeoDataFrame:
    return read_boundaries(REFERENCE / "force_areas.geojson")


@cache
def drawn(figure: str, landscape: str = "plausible") -> Chart:
    """A figure of a landscape on the standard paper, drawn once; nobody may change it."""
    return draw(figure, landscape)


def draw(figure: str, landscape: str = "plausible") -> Chart:
    """The same, drawn for the paper in force."""
    module = importlib.import_module(f"assets.figures.{figure}")
    tables = LANDSCAPES[landscape]()
    return module.draw({table: tables[table] for table in module.READS}, boundaries())


def force_areas(visits: dict[str, tuple[int, int, int] | None], *, is_sample: bool) -> pd.DataFrame:
    people = {row["force_area_code"]: row for row in reference("population.csv") if row["mid_year"] == "2017"}
    rows = []
    for area in reference("force_areas.csv"):
        seen = visits[area["force_area_name"]]
        force, commissioner, activities = seen or (0, 0, 0)
        rows.append(
            {
                "force_area_code": area["force_area_code"],
                "force_area_name": area["force_area_name"],
                "force_name": area["force_name"],
                "region_name": area["region_name"],
                "governing_body_name": "",
                "population": int(people[area["force_area_code"]]["population"]),
                "n_visits": force + commissioner,
                "n_force_visits": force,
                "n_commissioner_visits": commissioner,
                "n_speakers": 2 * force + commissioner,
                "first_visited_on": datetime.date(2017, 6, 12) if seen else None,
                "last_visited_on": datetime.date(2017, 10, 3) if seen else None,
                "n_activities": activities,
                "n_challenges": activities,
                "n_members": 3,
                "n_responses": 0,
                "is_visited": seen is not None,
                "visits_state": "not_covered" if seen is None else "value",
                "state": "not_covered" if seen is None else "value" if activities else "zero",
                "is_sample": is_sample,
            }
        )
    return pd.DataFrame(rows)


def made_up_activities(areas: pd.DataFrame) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Areas and objectives of each activity; the last of West Yorkshire runs in Cleveland too."""
    codes = [code for code in objectives() if code not in ("OBJ.OTHER", "OBJ.UNSTATED")][:14]
    sets = [*itertools.combinations(codes[:4], 2), tuple(codes[2:6]), *((code,) for code in codes)]
    sets = [*sets, ("OBJ.UNSTATED",)]
    shared = (areas.force_area_name == "Cleveland") & (areas.n_activities > 0)
    own = areas.n_activities - shared
    places = [(code,) for code, n in zip(areas.force_area_code, own, strict=True) for _ in range(n)]
    if shared.any():
        places[places.index(("E23000010",))] = ("E23000010", "E23000013")
    return [(place, tuple(sorted(sets[i * i % len(sets)]))) for i, place in enumerate(places)]


def objective_breakdown(areas: pd.DataFrame, activities: list, *, is_sample: bool) -> pd.DataFrame:
    rows = []
    for area, (code, name) in itertools.product(areas.itertuples(), objectives().items()):
        n = sum(area.force_area_code in places and code in codes for places, codes in activities)
        rows.append(
            {
                "force_area_code": area.force_area_code,
                "force_area_name": area.force_area_name,
                "objective_code": code,
                "objective_name": name,
                "n_activities": n,
                "n_area_activities": area.n_activities,
                "activity_share": n / area.n_activities if area.n_activities >= 10 else None,
                "state": "not_covered" if area.state == "not_covered" else "value" if n else "zero",
                "is_tentative": False,
                "is_sample": is_sample,
            }
        )
    return pd.DataFrame(rows)


def objective_combinations(activities: list, *, is_sample: bool) -> pd.DataFrame:
    names = objectives()
    rows = []
    for codes, n in sorted(Counter(codes for _, codes in activities).items()):
        places = {place for areas, of in activities if of == codes for place in areas}
        label = " + ".join(names[code] for code in codes)
        rows.append((" + ".join(codes), label, len(codes), n, len(places), is_sample))
    columns = ["objective_codes", "objective_names", "n_objectives", "n_activities", "n_areas", "is_sample"]
    types = {"objective_codes": "str", "objective_names": "str", "n_objectives": int, "n_activities": int}
    return pd.DataFrame(rows, columns=columns).astype({**types, "n_areas": int, "is_sample": bool})


def wilson(selected: int, n: int) -> tuple[float, float]:
    z, p = 1.959964, selected / n
    middle, half = p + z * z / 2 / n, z * (p * (1 - p) / n + z * z / 4 / n / n) ** 0.5
    return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)


def priorities(answered: int, *, is_sample: bool) -> pd.DataFrame:
    """What this many people wanted and ranked."""
    asked = [
        question(
            f"{purpose}_{kind}",
            answered,
            {code: (k * 7 + first) % min(answered, most) for k, code in enumerate(topics())} if answered else {},
            labels=topics(),
        )
        for purpose, first in (("events", 3), ("research", 11))
        for kind, most in (("topics", answered), ("rank", 11))
    ]
    return answers(round_of("priority_survey", answered, asked, is_sample=is_sample))


def context() -> pd.DataFrame:
    """The real Home Office figures."""
    names = {row["force_area_code"]: row["force_area_name"] for row in reference("force_areas.csv")}
    people = {
        row["force_area_code"]: int(row["population"])
        for row in reference("population.csv")
        if row["mid_year"] == "2017"
    }
    measures = [
        ("pcsos", "Police community support officers", "full-time equivalent", "pcsos_fte"),
        ("special_constables", "Special constables", "headcount", "special_constables_headcount"),
        (
            "police_support_volunteers",
            "Police support volunteers",
            "headcount",
            "police_support_volunteers_headcount",
        ),
    ]
    rows = []
    for row, (code, name, unit, column) in itertools.product(reference("workforce_2017.csv"), measures):
        area, value = row["force_area_code"], float(row[column]) if row[column] else None
        rows.append(
            {
                "force_area_code": area,
                "force_area_name": names[area],
                "measure_code": code,
                "measure_name": name,
                "unit": unit,
                "measured_on": datetime.date(2017, 9, 30),
                "measure_value": value,
                "population": people[area],
                "measure_per_100k": None if value is None else round(value / people[area] * 100_000, 2),
                "state": "not_covered" if value is None else "value",
                "note": row["note"] if value is None else None,
                "source": row["source"],
            }
        )
    return pd.DataFrame(rows)


def channels() -> pd.DataFrame:
    """Nine forces asked on two days, three never; Cleveland lists nothing at all."""
    listed = {"web": "Cheshire", "facebook": "Durham", "telephone": "Humberside"}
    rows = []
    for area, channel in itertools.product(reference("force_areas.csv"), sorted([*listed, "twitter"])):
        name = area["force_area_name"]
        is_asked = PLAUSIBLE[name] is not None
        has = is_asked and name != "Cleveland" and (channel == "twitter" or name >= listed[channel])
        rows.append(
            {
                "force_area_code": area["force_area_code"],
                "force_area_name": name,
                "contact_channel_code": channel,
                "has_channel": has if is_asked else None,
                "has_link": channel != "telephone" if has else None,
                "polled_on": datetime.date(2026, 10, 1 if name == "Durham" else 8) if is_asked else None,
                "state": "not_covered" if not is_asked else "value" if has else "zero",
            }
        )
    return pd.DataFrame(rows).astype({"polled_on": "datetime64[us]"})


def announced() -> pd.DataFrame:
    """The same nine forces in two months; what was announced is as many as the activities above."""
    months = [datetime.date(2026, 10, 1), datetime.date(2026, 11, 1)]
    rows = []
    for area, month in itertools.product(reference("force_areas.csv"), months):
        seen = PLAUSIBLE[area["force_area_name"]]
        n = 0 if seen is None else seen[2] * month.month
        rows.append(
            {
                "force_area_code": area["force_area_code"],
                "force_area_name": area["force_area_name"],
                "month_on": month,
                "n_events": n if seen else None,
                "n_neighbourhoods_with_event": min(n, 2) if seen else None,
                "n_neighbourhoods": 40 if seen else None,
                "n_polls": 2 if seen else None,
                "first_polled_on": datetime.date(2026, 10, 1) if seen else None,
                "last_polled_on": datetime.date(2026, 10, 8) if seen else None,
                "state": "not_covered" if seen is None else "value" if n else "zero",
            }
        )
    days = ("month_on", "first_polled_on", "last_polled_on")
    return pd.DataFrame(rows).astype(dict.fromkeys(days, "datetime64[us]"))
