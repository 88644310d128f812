"""New boundaries from ONS: paging, fields, and all that is refused."""

from __future__ import annotations

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from marts_landscape import CHECKOUT
from shapely.affinity import translate
from shapely.geometry import Point, mapping, shape
from typer.testing import CliRunner

from landscape.errors import OpenDataError, ReferenceDataError
from landscape.opendata.ons_boundaries import fetch_features, new_boundaries
from landscape.opendata.ons_boundaries_file import declared_service
from landscape.places.boundaries import attribution_of, read_boundaries
from pipelines.cli import app

SERVICE = "Police_Force_Areas_December_2023_EW_BGC"
PRESENT = read_boundaries(CHECKOUT.reference / "force_areas.geojson")
COMMITTED = json.loads((CHECKOUT.reference / "force_areas.geojson").read_text(encoding="utf-8"))
CUMBRIA, DURHAM = "E23000002", "E23000008"


def features(code: str = "PFA23CD", name: str = "PFA23NM", **changed):
    """The twelve areas and one elsewhere, as ONS sends them; `changed` gives an area another shape (or None)."""
    found = []
    for each in COMMITTED["features"]:
        area = each["properties"]["force_area_code"]
        if changed.get(area, "") is None:
            continue
        geometry = mapping(changed[area]) if area in changed else each["geometry"]
        properties = {"FID": len(found), code: area, name: each["properties"]["force_area_name"], "BNG_E": 1}
        found.append({"type": "Feature", "properties": properties, "geometry": geometry})
    kent = mapping(Point(0.7, 51.2).buffer(0.1))
    return [*found, {"type": "Feature", "properties": {"FID": 99, code: "E23000032", name: "Kent"}, "geometry": kent}]


def of(area: str):
    return next(shape(f["geometry"]) for f in COMMITTED["features"] if f["properties"]["force_area_code"] == area)


@pytest.fixture(scope="module")
def ons():
    """A loopback ONS: `send` is what it has, `limit` how much it sends at once, `asked` the queries."""

    class Ons:
        url, send, limit, in_properties, asked = "", [], 2000, False, []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked = urlsplit(self.path)
            query = {key: values[0] for key, values in parse_qs(asked.query).items()}
            Ons.asked.append((asked.path, query))
            if isinstance(Ons.send, dict):
                body = Ons.send
            else:
                start = int(query["resultOffset"])
                body = {"type": "FeatureCollection", "features": Ons.send[start : start + Ons.limit]}
                if start + Ons.limit < len(Ons.send):
                    more = {"exceededTransferLimit": True}
                    body |= {"properties": more} if Ons.in_properties else more
            content = json.dumps(body).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    Ons.url = f"http://127.0.0.1:{server.server_address[1]}"
    yield Ons
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def afresh(ons):
    ons.send, ons.limit, ons.in_properties, ons.asked = features(), 2000, False, []


def refused(ons, words: str, service: str = SERVICE) -> None:
    with pytest.raises(OpenDataError, match=words):
        new_boundaries(service, PRESENT, ons.url)


@pytest.mark.parametrize("in_properties", [False, True])
def test_pages_are_asked_for_until_there_are_no_more(ons, in_properties):
    ons.limit, ons.in_properties = 5, in_properties
    assert [f["properties"]["FID"] for f in fetch_features(SERVICE, ons.url)] == [*range(12), 99]
    assert [query["resultOffset"] for _, query in ons.asked] == ["0", "5", "10"]
    path, query = ons.asked[0]
    assert path == f"/{SERVICE}/FeatureServer/0/query"
    assert query == {"where": "1=1", "outFields": "*", "outSR": "4326", "f": "geojson", "resultOffset": "0"}


def test_what_fits_is_shown_and_replaces_the_file_only_when_told(ons, project):
    path, env = project.reference / "force_areas.geojson", {"COLUMNS": "200", "LANDSCAPE_ONS_URL": ons.url}
    before = path.read_bytes()
    ons.send = features("pfa19cd", "pfa19nm")  # whatever the year and the case of its fields
    shown = CliRunner().invoke(app, ["boundaries", "update"], env=env)
    assert shown.exit_code == 0, shown.output
    assert re.search(r"E23000002  Cumbria +6,\d{3}\.\d +6,\d{3}\.\d +[+-]0\.\d\d%", shown.output)
    assert "database right 2023" in shown.output
    assert "Nothing was changed" in shown.output and path.read_bytes() == before
    put = CliRunner().invoke(app, ["boundaries", "update", "--service", "PFA_Dec_2024_BGC", "--apply"], env=env)
    assert "Written: data/reference/force_areas.geojson" in put.output
    areas = read_boundaries(path)
    assert attribution_of(areas).endswith("Crown copyright and database right 2024.")
    assert areas.is_valid_coverage()
    readme = (project.reference / "README.md").read_text(encoding="utf-8")
    assert "service `PFA_Dec_2024_BGC`, fetched on " in readme
    assert "database right 2018" not in readme and "- **force_areas.csv**" in readme
    after = json.loads(path.read_text(encoding="utf-8"))
    assert [f["properties"] for f in after["features"]] == [f["properties"] for f in COMMITTED["features"]]
    assert not list(project.reference.glob(".*"))


def test_slivers_between_neighbours_are_mended(ons):
    ons.send = features(**{DURHAM: translate(of(DURHAM), 2e-6)})
    new = new_boundaries(SERVICE, PRESENT, ons.url)
    assert new.areas.is_valid_coverage()


def test_an_area_that_is_missing_or_doubled_is_named(ons):
    ons.send = [*features(**{CUMBRIA: None}), features()[-2]]
    refused(ons, r"E23000002: missing\n  - E23000013: more than once")


def test_codes_that_are_not_those_of_force_areas_are_refused(ons):
    ons.send = [json.loads(json.dumps(f).replace("E230000", "E440000")) for f in features()]
    refused(ons, r"E23000002: missing[\s\S]*E23000013: missing")


def test_a_service_without_the_two_fields_is_refused(ons):
    ons.send = features("CSP23CD", "CSP23NM")
    refused(ons, r"cd: none\n  - nm: none")


def test_a_hole_is_refused(ons):
    ons.send = features(**{CUMBRIA: of(CUMBRIA).difference(Point(-2.9, 54.6).buffer(0.02))})
    refused(ons, r"a hole of 9\.\d km² inside the landscape")


def test_areas_that_overlap_are_refused(ons):
    ons.send = features(**{DURHAM: of(DURHAM).buffer(0.0005)})
    refused(ons, r"Durham overlap in \d")


def test_two_areas_with_each_others_codes_are_refused(ons):
    ons.send = features(**{CUMBRIA: of(DURHAM), DURHAM: of(CUMBRIA)})
    refused(ons, r"E23000002 Cumbria: area -\d+\.\d%, overlap 0%\n  - E23000008 Durham")


def test_an_area_that_lost_a_part_is_refused(ons):
    ons.send = features(**{CUMBRIA: of(CUMBRIA).difference(Point(-3.6, 54.5).buffer(0.2))})
    refused(ons, r"E23000002 Cumbria: area -")


def test_an_error_with_status_200_is_told(ons):
    ons.send = {"error": {"code": 400, "message": "Invalid URL"}}
    refused(ons, r"Invalid URL[\s\S]*boundaries\.yml")


def test_a_name_without_a_year_is_refused_before_anything_is_asked(ons):
    refused(ons, "no year in the service's name", "Police_Force_Areas")
    assert ons.asked == []


def test_the_service_is_declared_in_the_reference_folder(project):
    assert declared_service(project) == SERVICE
    (project.reference / "boundaries.yml").write_text("services: x\n", encoding="utf-8")
    with pytest.raises(ReferenceDataError, match="service is missing"):
        declared_service(project)
