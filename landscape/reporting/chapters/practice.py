"""Chapter: practice that is new, practice that was taken over, and practice that was stopped or did not work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from landscape.places.landscape import Names, names_in
from landscape.reporting.content import Block, DataTable, Paragraph, Section, found
from landscape.reporting.wording import counted

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = ("Type of activity", "Objectives", "Novelty", "Where, reported by", "Result, as reported; what it rests on")
_SOUGHT = (
    "New means new to {} or to policing, as far as the speaker or the coder knew; nobody searched for earlier examples. What a "
    "force took over from elsewhere is listed apart, and so is what was stopped or was found not to work: a cautionary tale, "
    "from which others can learn too. It names its place only where the organisation confirmed the wording."
)
_KINDS = {
    "new": ("New practice", "innovative_practice"),
    "adopted": ("Practice taken over from elsewhere", "adopted_practice"),
    "cautionary": ("Cautionary tales", "cautionary_tales"),
}


def chapter(tables: Mapping[str, pd.DataFrame]) -> Section:
    """Innovative practice and cautionary tales."""
    practice, names = tables["marts.innovative_practice"], names_in(tables)
    title = "Innovative practice and cautionary tales"
    if practice.empty:
        return Section(
            title, (Paragraph("No practice is recorded as new, as taken over, as stopped or as not working."),)
        )
    is_sample = bool(practice["is_sample"].any())
    listed = {kind: practice[practice["practice_kind"] == kind] for kind in _KINDS}
    counts = found(
        "practice",
        "the record holds {n_new}, {n_adopted} and {n_tales}{see table:"
        + _KINDS[str(practice["practice_kind"].iloc[0])][1]
        + "}.",
        is_sample,
        n_new=counted(len(listed["new"]), "practice that is new", "practices that are new"),
        n_adopted=counted(len(listed["adopted"]), "taken over from elsewhere", "taken over from elsewhere"),
        n_tales=counted(len(listed["cautionary"]), "cautionary tale", "cautionary tales"),
    )
    blocks: list[Block] = [Paragraph(counts), Paragraph(_SOUGHT.format(names.short))]
    blocks += [_table(rows, *_KINDS[kind], names, is_sample) for kind, rows in listed.items() if len(rows)]
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
        f"{str(row['evidence_result_name']).rpartition(': ')[2]}; {row['evidence_word']}",
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
