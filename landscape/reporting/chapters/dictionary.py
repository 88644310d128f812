"""Annex: what each field of the published tables and each code means."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

from landscape.codebook import RETIRED_MARK
from landscape.reporting.content import DataTable, Paragraph, Section

if TYPE_CHECKING:
    import pandas as pd

SCHEMES = {"objective": "Objectives as coded", "topic": "Topics as offered"}


def chapter(tables: Mapping[str, pd.DataFrame]) -> Section:
    """The data dictionary, one table per published table."""
    fields = tables["dictionary"]
    codebook = tables["reference.codebook"]
    codes = tuple(
        DataTable(
            title=title,
            table_id=f"codes.{scheme}",
            columns=("Code", "Label", "Definition"),
            rows=tuple(
                (row["code"], _label(row), _text(row["definition"]))
                for row in codebook[codebook["scheme"] == scheme].to_dict("records")
            ),
        )
        for scheme, title in SCHEMES.items()
    )
    dictionaries = tuple(
        DataTable(
            title=f"Fields of {name}",
            table_id=f"fields.{name}",
            columns=("Field", "Type", "Meaning"),
            rows=tuple((row["field_name"], row["type"], _text(row["description"])) for row in rows.to_dict("records")),
        )
        for name, rows in fields.groupby("table_name", sort=True)
    )
    return Section(
        "Data dictionary",
        (),
        (
            Section(
                "Codes",
                (Paragraph("Labels and definitions used in coding activities and offering topics."), *codes),
            ),
            Section("Fields", (Paragraph("Fields are in the order of the published files."), *dictionaries)),
        ),
    )


def _label(row: Mapping[Hashable, Any]) -> str:
    import pandas as pd

    is_retired = bool(pd.notna(row["valid_to"]) or pd.notna(row["replaced_by"]))
    return f"{row['label']}{RETIRED_MARK}" if is_retired else str(row["label"])


def _text(value: object) -> str:
    return value if isinstance(value, str) else "[z]"
