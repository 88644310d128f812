"""Chapter: Home Office figures as context for the record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from landscape.reporting.chapters import police_uk
from landscape.reporting.content import Block, DataTable, FigureRef, Paragraph, Section
from landscape.reporting.wording import day, number

if TYPE_CHECKING:
    import pandas as pd


def chapter(tables: Mapping[str, pd.DataFrame]) -> Section:
    """Context: one subsection per measure."""
    context = tables["marts.context"]
    return Section(
        "Context",
        (
            Paragraph(
                "These are published official figures. They do not come from the survey or the visits, and "
                "they say nothing about the quality of engagement."
            ),
        ),
        (
            *(
                Section(str(rows["measure_name"].iloc[0]), _measure(str(code), rows))
                for code, rows in context.groupby("measure_code", sort=True)
            ),
            *police_uk.sections(tables),
        ),
    )


def _measure(code: str, rows: pd.DataFrame) -> tuple[Block, ...]:
    name, unit, measured_on = (rows[column].iloc[0] for column in ("measure_name", "unit", "measured_on"))
    notes = dict.fromkeys(
        f"{row['force_area_name']}: {row['note']}." for row in rows.to_dict("records") if _text(row["note"])
    )
    sources = dict.fromkeys(f"Source: {source}." for source in rows["source"])
    return (
        FigureRef(f"context_{code}"),
        DataTable(
            title=f"{name} by police force area, {day(measured_on)}",
            columns=("Area", f"{name} ({unit})", "Population, mid-2017", "Per 100,000 people"),
            rows=tuple(_row(row, unit) for row in rows.sort_values("force_area_name").to_dict("records")),
            table_id=f"context.{code}",
            note=" ".join(_tidy(sentence) for sentence in ["[x]: not available.", *notes, *sources]),
        ),
    )


def _row(row: Mapping[object, object], unit: str) -> tuple[str, ...]:
    is_known = row["state"] in ("value", "zero")
    return (
        str(row["force_area_name"]),
        number(row["measure_value"], 2 if unit == "full-time equivalent" else 0) if is_known else "[x]",
        number(row["population"]),
        number(row["measure_per_100k"], 2) if is_known else "[x]",
    )


def _text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _tidy(sentence: str) -> str:
    return sentence.replace("..", ".")
