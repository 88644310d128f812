"""Chapter: practice that is new, and practice that was stopped or did not work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from landscape.places.landscape import Names, names_in
from landscape.reporting.content import Block, DataTable, Paragraph, Section, found
from landscape.reporting.wording import counted

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = ("Type of activity", "Objectives", "Novelty", "Where, reported by", "Evidence: design; stage; result")
_SOUGHT = (
    "New means what the speaker or the coder knew as new to the force, to {} or to policing; nobody searched for earlier "
    "examples. What was stopped, or was found not to work, is listed apart as a cautionary tale: others can learn from it too."
)


def chapter(tables: Mapping[str, pd.DataFrame]) -> Section:
    """Innovative practice and cautionary tales."""
    practice, names = tables["marts.innovative_practice"], names_in(tables)
    title = "Innovative practice and cautionary tales"
    if practice.empty:
        return Section(title, (Paragraph("No practice is recorded as new, as stopped or as not working."),))
    is_sample = bool(practice["is_sample"].any())
    new, tales = (practice[practice["practice_kind"] == kind] for kind in ("innovative", "cautionary"))
    counts = found(
        "practice",
        "the record holds {n_new} and {n_tales}{see table:innovative_practice}.",
        is_sample,
        n_new=counted(len(new), "practice that is new", "practices that are new"),
        n_tales=counted(len(tales), "cautionary tale", "cautionary tales"),
    )
    blocks: list[Block] = [Paragraph(counts), Paragraph(_SOUGHT.format(names.short))]
    if len(new):
        blocks.append(_table(new, "Innovative practice", "innovative_practice", names, is_sample))
    if len(tales):
        blocks.append(_table(tales, "Cautionary tales", "cautionary_tales", names, is_sample))
    return Section(title, tuple(blocks))


def _table(practice: pd.DataFrame, title: str, table_id: str, names: Names, is_sample: bool) -> DataTable:
    ordered = practice.sort_values(["activity_type_name", "objective_names", "practice_id"], na_position="last")
    return DataTable(
        title=title,
        columns=_COLUMNS,
        rows=tuple(_row(row, names.short_at_start) for row in ordered.to_dict("records")),
        note="Described by codes only. An area or region is named only where that is allowed; otherwise it says "
        f"{names.short}.",
        is_sample=is_sample,
        table_id=table_id,
    )


def _row(row: Mapping[Any, Any], everywhere: str) -> tuple[str, ...]:
    return (
        row["activity_type_name"],
        _text(row["objective_names"]) or "not stated",
        f"{row['novelty_name']}{_stopped(row)}",
        f"{_text(row['force_area_names']) or _text(row['region_names']) or everywhere}; {row['source_name'].lower()}"
        f"{_year(row['recorded_year'])}",
        "; ".join(str(row[f"evidence_{part}_name"]).rpartition(": ")[2] for part in ("design", "stage", "result")),
    )


def _stopped(row: Mapping[Any, Any]) -> str:
    if not row["is_stopped"]:
        return ""
    why = _text(row["stopped_why_name"])
    return f"; stopped{_year(row['stopped_year'])}{f', {why.lower()}' if why else ''}"


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _year(value: object) -> str:
    import pandas as pd

    return "" if pd.isna(value) else f", {int(value):d}"  # type: ignore[call-overload]
