"""Which landscape this is: its names, its regions, where its areas are drawn (data/reference/landscape.yml)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pydantic
import yaml

from landscape.csvrows import read_rows
from landscape.errors import ReferenceDataError
from landscape.staging_db import write_rows

if TYPE_CHECKING:
    import pandas as pd
    from duckdb import DuckDBPyConnection

FILE, AREAS_FILE = "landscape.yml", "force_areas.csv"
TABLE = "reference.landscape"
Metres = tuple[int, int]  # eastings and northings
Extent = tuple[float, float, float, float]  # west, south, east, north in metres
_REMEDY = f"mend data/reference/{FILE}; the comments in the file say what each entry is"


class _Strict(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)


class Names(_Strict):
    """What the landscape is called.

    Args:
        title: Of the report.
        full: In the middle of a sentence, as "the North of England".
        short: The same, where the full name has been given before.
        network: The network of those who signed up.
    """

    title: str
    full: str
    short: str
    network: str

    @property
    def full_at_start(self) -> str:
        """The full name at the start of a sentence."""
        return at_start(self.full)

    @property
    def short_at_start(self) -> str:
        """The short name at the start of a sentence."""
        return at_start(self.short)


class Place(_Strict):
    """Where one area is drawn, as far as that was fixed by hand.

    Args:
        tile: Column and row among equal tiles.
        label: The lines of its name on a map.
        label_at: Eastings and northings of the label's middle.
        leader_to: Where its leader line ends, if the label is beside the area.
        is_small: Whether the label is written small.
    """

    tile: tuple[pydantic.NonNegativeInt, pydantic.NonNegativeInt] | None = None
    label: tuple[str, ...] = ()
    label_at: Metres | None = None
    leader_to: Metres | None = None
    is_small: bool = False


class Landscape(_Strict):
    """The landscape as its file describes it.

    Args:
        names: What it is called.
        regions: All regions.
        map_extent: What a map takes in; None for all areas with a margin.
        small_map_extent: The same, for small maps.
        areas: By force_area_code, where areas are drawn.
    """

    names: Names
    regions: tuple[str, ...]
    map_extent: Extent | None = None
    small_map_extent: Extent | None = None
    areas: Mapping[str, Place] = {}


def read_landscape(reference: Path) -> Landscape:
    """The landscape of a reference folder.

    Args:
        reference: The folder with landscape.yml and force_areas.csv.

    Raises:
        ReferenceDataError: The file is missing, is not of the form it must have, or does not agree with
            force_areas.csv; all that is wrong is named.
    """
    path = reference / FILE
    try:
        held = yaml.safe_load(path.read_text(encoding="utf-8"))
        found = Landscape.model_validate(held)
    except FileNotFoundError as error:
        raise ReferenceDataError("there is no such file", file=path, remedy=f"write one: {_REMEDY}") from error
    except yaml.YAMLError as error:
        raise ReferenceDataError(f"it is not YAML: {error}", file=path, remedy=_REMEDY) from error
    except pydantic.ValidationError as error:
        culprits = [f"{'.'.join(map(str, each['loc'])) or 'the file'}: {each['msg']}" for each in error.errors()]
        raise ReferenceDataError(
            "it is not of the form it must have", file=path, culprits=culprits, remedy=_REMEDY
        ) from error
    if wrong := list(_disagreements(found, read_rows(reference / AREAS_FILE))):
        raise ReferenceDataError(f"it does not agree with {AREAS_FILE}", file=path, culprits=wrong, remedy=_REMEDY)
    return found


def _disagreements(found: Landscape, areas: list[dict[str, str]]) -> Iterator[str]:
    regions, codes = {area["region_name"] for area in areas}, {area["force_area_code"] for area in areas}
    yield from (f"regions: {name} has no area" for name in found.regions if name not in regions)
    yield from (f"regions: {name} is missing" for name in sorted(regions - set(found.regions)))
    yield from (f"areas: there is no {code}" for code in found.areas if code not in codes)
    tiles = [place.tile for place in found.areas.values() if place.tile]
    yield from (f"areas: two tiles at {list(tile)}" for tile in sorted(set(tiles)) if tiles.count(tile) > 1)


def write_landscape(con: DuckDBPyConnection, reference: Path) -> None:
    """Writes the names into the staging database: `reference.landscape`, one row."""
    names = read_landscape(reference).names
    row = {f"{name}_name": text for name, text in names}
    row["full_name_at_start"] = names.full_at_start
    write_rows(con, TABLE, dict.fromkeys(row, "VARCHAR"), [tuple(row.values())])


def names_in(tables: Mapping[str, pd.DataFrame]) -> Names:
    """The names, from the tables that a figure or a chapter is made of."""
    row = tables[TABLE].iloc[0]
    return Names(**{name: row[f"{name}_name"] for name in Names.model_fields})


def at_start(text: str) -> str:
    """A text as it begins a sentence.

    >>> at_start("the North of England")
    'The North of England'
    """
    return text[:1].upper() + text[1:]
