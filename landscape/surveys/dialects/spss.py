"""Reading SPSS files (.sav): texts, value labels, dates."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from landscape.errors import ReceivedFileError
from landscape.surveys.cells import Cells, cells_in

_MAGIC = (b"$FL2", b"$FL3")
_EPOCH = dt.datetime(1582, 10, 14)  # noqa: DTZ001 - SPSS counts seconds from here, without a zone
_DATES = re.compile(r"(A|E|J|S)?DATE\d")


@dataclass(frozen=True)
class SpssFile:
    """A read .sav.

    Args:
        names: Variables, in order.
        labels: Each variable's label; empty where it has none.
        value_labels: What its values mean, as written in a cell where it is labelled.
        cells: Cells as text, values without their labels; line numbers count cases from 1.
        written_at: When it was written, as it says itself (taken as UTC).
    """

    names: tuple[str, ...]
    labels: tuple[str, ...]
    value_labels: tuple[Mapping[str, str], ...]
    cells: Cells
    written_at: dt.datetime | None


def is_spss(path: Path) -> bool:
    """Whether the file begins as a .sav does."""
    with path.open("rb") as stream:
        return stream.read(4) in _MAGIC


def library(path: Path) -> ModuleType:
    """The package pyreadstat, which comes with the extra `spss`.

    Args:
        path: The file it is needed for.

    Raises:
        ReceivedFileError: It is not installed.
    """
    try:
        import pyreadstat
    except ModuleNotFoundError:
        raise ReceivedFileError(
            "SPSS files are read with the package pyreadstat, which is not installed",
            file=path,
            remedy='in the project folder: pip install -e ".[spss]"',
        ) from None
    return pyreadstat


def names(path: Path) -> list[str]:
    """The variables of a .sav; none where it is damaged."""
    pyreadstat = library(path)
    try:
        return list(pyreadstat.read_sav(path, metadataonly=True)[1].column_names)
    except pyreadstat.ReadstatError:
        return []


def read_spss(path: Path, date_format: str, time_format: str) -> SpssFile:
    """Reads a .sav whole, dates and times in the given formats.

    Raises:
        ReceivedFileError: It is damaged, or pyreadstat is not installed.
    """
    pyreadstat = library(path)
    try:
        cells, meta = pyreadstat.read_sav(path, output_format="dict", disable_datetime_conversion=True)
    except pyreadstat.ReadstatError as error:
        raise ReceivedFileError(
            "the SPSS file cannot be read: it is damaged or was cut short",
            file=path,
            remedy="export or copy it again",
        ) from error
    kinds = [meta.original_variable_types[name] or "" for name in meta.column_names]
    columns = [
        [_text(value, kind, date_format, time_format) for value in cells[name]]
        for name, kind in zip(meta.column_names, kinds, strict=True)
    ]
    return SpssFile(
        names=tuple(meta.column_names),
        labels=tuple(label or "" for label in meta.column_labels),
        value_labels=tuple(
            {_text(value, "F", "", ""): label for value, label in meta.variable_value_labels.get(name, {}).items()}
            for name in meta.column_names
        ),
        cells=cells_in(columns),
        written_at=meta.creation_time.replace(tzinfo=dt.UTC) if meta.creation_time else None,
    )


def _text(value: object, kind: str, date_format: str, time_format: str) -> str:
    if not isinstance(value, int | float):
        return "" if value is None else str(value)
    if math.isnan(value):
        return ""
    if _DATES.match(kind) or kind.startswith("DATETIME"):
        moment = _EPOCH + dt.timedelta(seconds=value)
        return moment.strftime(time_format if kind.startswith("DATETIME") else date_format)
    if kind.startswith("TIME"):
        return str(dt.timedelta(seconds=value)).zfill(len("00:00:00"))
    return f"{int(value)}" if float(value).is_integer() else repr(float(value))
