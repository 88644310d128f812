"""The landscape's names and regions, and where its areas are drawn (data/reference/landscape.yml)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pydantic

from landscape.errors import ReferenceDataError
from landscape.settings.csvfiles import Row, read_csv
from landscape.settings.yamlfiles import Fault, Settings, Text, read_yaml
from landscape.staging_db import write_rows

if TYPE_CHECKING:
    import pandas as pd
    from duckdb import DuckDBPyConnection

FILE, AREAS_FILE = "landscape.yml", "force_areas.csv"
TABLE = "reference.landscape"
Metres = tuple[int, int]  # eastings and northings
Extent = tuple[float, float, float, float]  # west, south, east, north in metres


class Names(Settings):
    """What the landscape is called.

    Args:
        title: Of the report.
        full: In the middle of a sentence, as "the North of England".
        short: The same, after the full name has been given.
        network: The network of those who signed up.
    """

    title: Text
    full: Text
    short: Text
    network: Text

    @property
    def full_at_start(self) -> str:
        """The full name at the start of a sentence."""
        return at_start(self.full)

    @property
    def short_at_start(self) -> str:
        """The short name at the start of a sentence."""
        return at_start(self.short)


class Place(Settings):
    """Where one area is drawn, if that is set by hand.

    Args:
        tile: Column and row among equal tiles.
        label: The lines of its name on a map.
        label_at: Eastings and northings of the label's middle.
        leader_to: Where its leader line ends, if the label is beside the area.
        is_small: Whether the label is written small.
    """

    tile: tuple[pydantic.NonNegativeInt, pydantic.NonNegativeInt] | None = None
    label: tuple[Text, ...] = ()
    label_at: Metres | None = None
    leader_to: Metres | None = None
    is_small: bool = False


class Landscape(Settings):
    """The landscape as its file describes it.

    Args:
        names: What it is called.
        regions: All regions.
        map_extent: What a map covers; None for all areas with a margin.
        small_map_extent: The same, for small maps.
        areas: Where areas are drawn, by force_area_code.
    """

    names: Names
    regions: tuple[Text, ...]
    map_extent: Extent | None = None
    small_map_extent: Extent | None = None
    areas: Mapping[str, Place] = {}


def read_landscape(reference: Path) -> Landscape:
    """The landscape of a reference folder.

    Args:
        reference: The folder with landscape.yml and force_areas.csv.

    Raises:
        ReferenceDataError: The file is missing, does not have the right form, or does not agree with
            force_areas.csv; every fault is named.
    """
    areas = read_csv(reference / AREAS_FILE, ("force_area_code", "region_name"), ReferenceDataError)
    return read_yaml(reference / FILE, Landscape, ReferenceDataError, lambda found: _disagreements(found, areas))


def _disagreements(found: Landscape, areas: Sequence[Row]) -> Iterator[Fault]:
    regions, codes = {area["region_name"] for area in areas}, {area["force_area_code"] for area in areas}
    for at, name in enumerate(found.regions):
        if name not in regions:
            yield ("regions", at), f"is not a region of {AREAS_FILE}: {name}"
        if name in found.regions[:at]:
            yield ("regions", at), f"is there twice: {name}"
    for name in sorted(regions - set(found.regions)):
        yield ("regions",), f"lacks {name}"
    taken: dict[tuple[int, int], str] = {}
    for code, place in found.areas.items():
        if code not in codes:
            yield ("areas", code), f"is not an area of {AREAS_FILE}"
        if place.tile and taken.setdefault(place.tile, code) != code:
            yield ("areas", code, "tile"), f"is that of {taken[place.tile]}, too"


def write_landscape(con: DuckDBPyConnection, reference: Path) -> None:
    """Writes the names into the staging database: `reference.landscape`, one row."""
    names = read_landscape(reference).names
    row = {f"{name}_name": text for name, text in names}
    row["full_name_at_start"] = names.full_at_start
    write_rows(con, TABLE, dict.fromkeys(row, "VARCHAR"), [tuple(row.values())])


def names_in(tables: Mapping[str, pd.DataFrame]) -> Names:
    """The names, from the tables that a figure or a chapter is made from."""
    row = tables[TABLE].iloc[0]
    return Names(**{name: row[f"{name}_name"] for name in Names.model_fields})


def at_start(text: str) -> str:
    """A text at the start of a sentence.

    >>> at_start("the North of England")
    'The North of England'
    """
    return text[:1].upper() + text[1:]
