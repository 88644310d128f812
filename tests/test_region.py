"""Another region from another folder of reference files, with no change of code: tables, figures and report."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_region import AREAS, LANDSCAPE, UPPER, make_region
from marts_landscape import CHECKOUT

from assets.figures import figure_names
from assets.figures.layer import drawings, figures_step
from assets.report import report_step
from assets.tables import steps
from landscape.charts.browser import find_browser
from landscape.charts.chart import Chart
from landscape.charts.placing import MOST_COLUMNS, laid_out
from landscape.charts.render import render
from landscape.errors import ReferenceDataError
from landscape.identity.keys import KEY_FOLDER_VARIABLE
from landscape.paths import ProjectPaths
from landscape.places.landscape import read_landscape
from landscape.settings.csvfiles import read_csv
from landscape.staging_db import StagingDatabase, open_staging_db
from landscape.step import Refresh, run

NAMES = [name for name, _, _ in AREAS.values()]
OF_THE_NORTH = [
    *(row["force_area_name"] for row in read_csv(CHECKOUT.reference / "force_areas.csv", ())),
    *(row["force_name"] for row in read_csv(CHECKOUT.reference / "force_areas.csv", ())),
    *read_landscape(CHECKOUT.reference).regions,
]
MAPS = ("coverage_map", "activity_map", "network_map", "learning_matches", "context_pcsos")


@dataclass(frozen=True)
class Made:
    """What was made of the region.

    Args:
        paths: Its project folder, with marts, figures and report.
        charts: Its figures by id.
    """

    paths: ProjectPaths
    charts: dict[str, Chart]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    root = tmp_path_factory.mktemp("region")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(KEY_FOLDER_VARIABLE, str(root / "keys"))
        patch.setenv("BROWSER_PATH", str(root / "no browser"))  # pictures take the longest
        paths, surveys = make_region(root)
        with open_staging_db(paths.staging_db, paths.lock) as con:
            staging_db = StagingDatabase(con, paths)
            run(Refresh(staging_db, lambda: surveys), [*steps(), figures_step(), report_step()])
            draw = drawings(staging_db, surveys, set(figure_names()))
            charts = [chart for drawn in draw if (chart := drawn()) is not None]
    yield Made(paths, {chart.figure_id: chart for chart in charts})


def test_every_table_speaks_of_the_region(made: Made) -> None:
    assert [row["force_area_name"] for row in read_csv(made.paths.marts / "force_areas.csv", ())] == NAMES
    wanted = read_csv(made.paths.marts / "priorities.csv", ())
    assert {row["cut_name"] for row in wanted if row["cut"] == "all"} == {"The Vales of Merrow"}
    package = json.loads((made.paths.marts / "datapackage.json").read_text(encoding="utf-8"))
    assert package["title"] == "Police-community engagement in the Vales of Merrow: marts"


@pytest.mark.parametrize("name", MAPS)
def test_a_map_has_the_five_areas_and_their_names(made: Made, name: str) -> None:
    plot = made.charts[name].plot.to_plotly_json()
    areas = [trace["name"] for trace in plot["data"] if trace.get("hoveron") == "fills"]
    assert sorted(areas) == sorted(NAMES)
    written = " ".join(note["text"] for note in plot["layout"]["annotations"]).replace("<br>", " ")
    assert [area for area in NAMES if area not in written] == []


def test_names_are_on_their_areas_and_tiles_on_places_of_their_own(made: Made) -> None:
    plot = made.charts["activity_map"].plot.to_plotly_json()
    notes = [note for note in plot["layout"]["annotations"] if note["text"].startswith("<b>") and note["xref"] == "x2"]
    for note in notes:
        (area,) = (trace for trace in plot["data"] if trace.get("name") == note["text"][3:-4].replace("<br>", " "))
        assert min(area["x"]) < note["x"] < max(area["x"])
        assert min(area["y"]) < note["y"] < max(area["y"])
    assert len(notes) == len(AREAS)


def test_nothing_that_is_written_names_another_region(made: Made) -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in made.paths.marts.glob("*.csv")}
    texts |= {path.name: path.read_text(encoding="utf-8") for path in made.paths.figures.glob("*.csv")}
    texts["figures.json"] = (made.paths.figures / "figures.json").read_text(encoding="utf-8")
    texts["datapackage.json"] = (made.paths.marts / "datapackage.json").read_text(encoding="utf-8")
    texts["landscape.html"] = (made.paths.reports / "landscape.html").read_text(encoding="utf-8")
    texts |= {f"{name} as drawn": chart.plot.to_json() for name, chart in made.charts.items()}
    found = {
        f"{file}: {name}" for file, text in texts.items() for name in ("North", "NORTH", *OF_THE_NORTH) if name in text
    }
    assert found == set()
    assert "in the Vales of Merrow" in texts["landscape.html"]
    assert len(texts) > 60


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=43))
def test_every_area_has_a_tile_of_its_own_wherever_it_lies(points: list[tuple[int, int]]) -> None:
    places = laid_out({f"E{i:02}": point for i, point in enumerate(points)})
    assert len(set(places.values())) == len(points)
    assert max(column for column, _ in places.values()) < MOST_COLUMNS
    assert max(row for _, row in places.values()) <= len(points) // 2
    for code, (_, row) in places.items():
        assert all(points[int(other[1:])][1] <= points[int(code[1:])][1] for other in places if places[other][1] > row)


def test_the_map_is_drawn_as_a_picture(made: Made, tmp_path: Path) -> None:
    if find_browser() is None:
        pytest.skip("no browser here")
    (entry,) = render([made.charts["coverage_map"]], tmp_path, tmp_path)
    picture = (tmp_path / entry["files"]["svg"]["path"]).read_text(encoding="utf-8")
    assert [word for name in NAMES for word in name.split() if word not in picture] == []


def test_what_is_wrong_with_the_file_of_the_landscape_is_said_at_once(tmp_path: Path) -> None:
    shutil.copy(CHECKOUT.reference / "force_areas.csv", tmp_path)
    path = tmp_path / "landscape.yml"
    with pytest.raises(ReferenceDataError, match="cannot be opened"):
        read_landscape(tmp_path)
    path.write_text("names: {title: A title}\nregoins: [Upper]\nareas: {E23000002: {tile: [1]}}\n", encoding="utf-8")
    with pytest.raises(ReferenceDataError) as error:
        read_landscape(tmp_path)
    says = [culprit.partition(" is ")[0] for culprit in error.value.culprits]
    assert says == [
        "line 1: names: full", "line 1: names: network", "line 1: names: short", "line 1: regions", "line 2: regoins",
        "line 3: areas: E23000002: tile: entry 2",
    ]  # fmt: skip
    path.write_text(LANDSCAPE + "areas: {E23000901: {tile: [0, 0]}, E23000002: {tile: [0, 0]}}\n", encoding="utf-8")
    with pytest.raises(ReferenceDataError, match=f"is not a region of force_areas.csv: {UPPER}") as error:
        read_landscape(tmp_path)
    said = str(error.value)
    assert "regions lacks North West" in said
    assert "areas: E23000901 is not an area of force_areas.csv" in said
    assert "areas: E23000002: tile is that of E23000901, too" in said
