from __future__ import annotations

import json
import shutil

import pytest
from figure_landscapes import REFERENCE

from landscape.errors import ReferenceDataError
from landscape.places.boundaries import read_boundaries

BOUNDARIES = REFERENCE / "force_areas.geojson"


def test_there_are_twelve_areas_in_metres():
    areas = read_boundaries(BOUNDARIES)
    assert list(areas.columns) == ["force_area_code", "force_area_name", "geometry"]
    assert list(areas.force_area_code) == [f"E230000{i:02}" for i in range(2, 14)]
    assert areas.crs.to_epsg() == 27700
    # ONS standard area measurements (area to mean high water), km², within half a per cent.
    km2 = dict(zip(areas.force_area_name, areas.area / 1e6, strict=True))
    assert km2["Greater Manchester"] == pytest.approx(1276, rel=0.005)
    assert km2["West Yorkshire"] == pytest.approx(2029, rel=0.005)
    assert km2["South Yorkshire"] == pytest.approx(1552, rel=0.005)


def test_a_missing_file_says_what_to_do(tmp_path):
    with pytest.raises(ReferenceDataError, match="What to do: Restore"):
        read_boundaries(tmp_path / "force_areas.geojson")


def test_missing_and_doubled_areas_are_refused(tmp_path):
    content = json.loads(BOUNDARIES.read_text(encoding="utf-8"))
    content["features"] = [*content["features"][:10], content["features"][0]]
    shutil.copytree(REFERENCE, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "force_areas.geojson"
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(ReferenceDataError, match="11") as error:
        read_boundaries(path)
    assert error.value.culprits == (
        "E23000012: missing",
        "E23000013: missing",
        "E23000002: more than once, or not a valid polygon",
    )
