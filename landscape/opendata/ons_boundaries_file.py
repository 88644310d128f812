"""Replaces the boundary file and records its source."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

from landscape.errors import ReferenceDataError
from landscape.opendata.ons_boundaries import TOLERANCE, NewBoundaries
from landscape.paths import ProjectPaths
from landscape.places.boundaries import read_boundaries
from landscape.settings.yamlfiles import Settings, Text, read_yaml
from landscape.writing import write_whole

BOUNDARIES, CONFIGURATION, README = "force_areas.geojson", "boundaries.yml", "README.md"
_ENTRY = re.compile(r"- \*\*force_areas\.geojson\*\*.*?(?=\n- \*\*)", re.DOTALL)


class _Boundaries(Settings):
    """boundaries.yml."""

    service: Text


def declared_service(paths: ProjectPaths) -> str:
    """The ONS service that data/reference/boundaries.yml names."""
    return read_yaml(paths.reference / CONFIGURATION, _Boundaries, ReferenceDataError).service


def put_boundaries(paths: ProjectPaths, new: NewBoundaries, today: dt.date) -> list[Path]:
    """Replaces the boundary file in one move, after reading it back, and writes its source into the README.

    Returns:
        The files that were changed.
    """
    target, readme = paths.reference / BOUNDARIES, paths.reference / README
    draft = target.with_name(f".{BOUNDARIES}")
    try:
        draft.write_text(_geojson(new), encoding="utf-8", newline="\n")
        read_boundaries(draft)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    text = readme.read_text(encoding="utf-8")
    write_whole(readme, _ENTRY.sub(lambda _: _entry(new, today), text))
    return [target, readme]


def _geojson(new: NewBoundaries) -> str:
    features = [
        {
            "type": "Feature",
            "id": code,
            "properties": {"force_area_code": code, "force_area_name": name},
            "geometry": shape.__geo_interface__,
        }
        for code, name, shape in zip(
            new.areas.force_area_code, new.areas.force_area_name, new.areas.geometry, strict=True
        )
    ]
    whole = {"type": "FeatureCollection", "attribution": new.attribution, "features": features}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")) + "\n"


def _entry(new: NewBoundaries, today: dt.date) -> str:
    n_vertices = sum(change.n_vertices_after for change in new.changes)
    return (
        f"- **force_areas.geojson** — the {len(new.changes)} police force areas, WGS84, RFC 7946 winding, "
        f"{n_vertices:,} vertices, no gaps or overlaps.\n"
        f"  From ONS Open Geography, service `{new.service}`, fetched on {today.isoformat()}; simplified to\n"
        f"  {TOLERANCE} m with shared borders kept (`landscape boundaries update`).\n"
        f'  "{new.attribution}"'
    )
