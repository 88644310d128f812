"""The products in use, compared on the same fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from landscape.charts.area_charts import statement
from landscape.charts.chart import Chart, Words
from landscape.charts.frame import Row, rows_of
from landscape.charts.table_figure import table_figure
from landscape.charts.tables import Column
from landscape.charts.text import counted
from landscape.charts.words import caption, visited, visits_source

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

READS = ("marts.technologies", "marts.force_areas")
PICKS = {"marts.technologies": "force_area_code IS NULL"}
NOTHING = "No product has been recorded yet."
UNKNOWN = "unknown"
REACH = {"n_registered": "registered", "n_active": "active", "n_households": "households"}
HEADINGS = (
    Column("Product", 100, is_number=False),
    Column("Supplier", 88, is_number=False),
    Column("Uses", 38),
    Column("Areas", 42),
    Column("In use since", 56),
    Column("Members reached", 112, is_number=False),
    Column("Cost a year", 96, is_number=False),
    Column("Staff time", 74, is_number=False),
    Column("Contact data held by", 86, is_number=False),
)


def draw(tables: Mapping[str, pd.DataFrame], boundaries: GeoDataFrame) -> Chart:
    """Draw the products for all areas together, by name; rows by area are in the mart.

    Args:
        tables: marts.technologies and marts.force_areas.
        boundaries: Not used.
    """
    every = tables["marts.technologies"]
    data = every[every.force_area_code.isna()].drop(columns=["force_area_code", "force_area_name", "is_sample"])
    data = data.sort_values(["product_name", "supplier_name"], ignore_index=True)
    words = _words(data, tables["marts.force_areas"])
    if data.empty:
        return statement(words, NOTHING, data)
    return table_figure(words, columns=HEADINGS, rows=[_cells(row) for row in rows_of(data)], data=data)


def _cells(row: Row) -> tuple[str, ...]:
    return (
        row.product_name,
        row.supplier_name,
        str(row.n_uses),
        str(row.n_areas),
        _known(row.earliest_since_year, row.n_since_known, row.n_uses),
        _reach(row),
        _some(row.cost_band_names, row.n_cost_known, row.n_uses),
        _some(row.staff_hours_names, row.n_staff_hours_known, row.n_uses),
        _some(row.data_holder_names, row.n_data_holder_known, row.n_uses),
    )


def _known(value: object, n_known: int, n: int) -> str:
    return _some(str(value), n_known, n) if n_known else UNKNOWN


def _some(text: str, n_known: int, n: int) -> str:
    """A value, and for how many uses it is known if not for all."""
    if not n_known:
        return UNKNOWN
    return text if n_known == n else f"{text} ({n_known} of {n})"


def _reach(row: Row) -> str:
    known = [
        f"{getattr(row, column):,} {noun} ({getattr(row, f'{column}_known')} of {row.n_uses})"
        for column, noun in REACH.items()
        if getattr(row, f"{column}_known")
    ]
    return "; ".join(known) or UNKNOWN


def _words(data: pd.DataFrame, areas: pd.DataFrame) -> Words:
    is_sample = bool(areas.is_sample.any())
    n_costless = int((data.n_cost_known == 0).sum())
    n = counted(len(data), "product")
    finding = f"For {n_costless} of {n} nobody said what it costs"
    return Words(
        figure_id="technologies",
        headline=finding if n_costless and not is_sample else "Products in use, on the same fields",
        subtitle="By product and supplier, all areas together; in brackets, of how many uses a field is known",
        caption=caption(
            n,
            visited(areas),
            "Unknown means that nobody said, never none",
            "People registered, people active and households are different measures and are not added up",
            "A scheme reported by both force and commissioner’s office is two uses, with its members in both",
            "What an activity with the product achieved is not the product’s result",
        ),
        source=visits_source(is_sample),
        alt=f"Table of {n} with supplier, uses, areas, year, members reached, cost, staff time and data holder.",
        long_description=caption(*(_in_words(row) for row in rows_of(data))) or NOTHING,
        n=n,
        coverage=visited(areas),
        is_sample=is_sample,
    )


def _in_words(row: Row) -> str:
    cells = zip((column.heading.lower() for column in HEADINGS[2:]), _cells(row)[2:], strict=True)
    return f"{row.product_name} of {row.supplier_name}: {', '.join(f'{what} {cell}' for what, cell in cells)}"
