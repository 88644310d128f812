"""Reads all settings as a refresh would, and reports every fault."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from landscape.codebook import read_codebook
from landscape.coding.ledgers import read_agreement, read_approvals, read_codings, read_decisions
from landscape.errors import LandscapeError, ReferenceDataError
from landscape.identity.holds import read_holds
from landscape.identity.tombstones import read_tombstones
from landscape.identity.withdrawals import read_withdrawals
from landscape.models import TableModel
from landscape.opendata.ons_boundaries_file import declared_service
from landscape.paths import ProjectPaths
from landscape.pii_scan import allowed_addresses
from landscape.places.areas import ALIASES, contradicted, deciding_spellings, normal_spelling, read_aliases
from landscape.places.landscape import read_landscape
from landscape.private_files import read_access_log
from landscape.settings.csvfiles import Row
from landscape.settings.reading import Findings
from landscape.staging_db import breaches, load_reference, scratch_staging_db
from landscape.surveys.definition import DECLARED, QUESTIONNAIRE, read_asked, read_declared
from landscape.surveys.pull_record import read_record

Read = TypeVar("Read")


class _Faults(list[LandscapeError]):
    """What was found so far, file by file."""

    def read(self, reader: Callable[[], Read]) -> Read | None:
        """The result of a reader; None if it raises an error, which is kept."""
        try:
            return reader()
        except LandscapeError as error:
            if str(error) not in map(str, self):
                self.append(error)
            return None


def check_settings(paths: ProjectPaths, surveys_folder: Path, reference: Sequence[TableModel]) -> list[LandscapeError]:
    """Reads surveys, reference files and the ledgers; changes nothing.

    Args:
        paths: The project folder.
        surveys_folder: Where survey folders are.
        reference: The models of the reference files.

    Returns:
        What a refresh would stop at, one error for each file; empty if it would go on.
    """
    faults = _Faults()
    _check_reference(paths, reference, faults)
    for folder in sorted(
        {found.parent for name in (DECLARED, QUESTIONNAIRE) for found in surveys_folder.glob(f"*/{name}")}
    ):
        asked = faults.read(lambda folder=folder: read_asked(folder, paths.reference))  # type: ignore[misc]
        faults.read(lambda folder=folder, asked=asked: read_declared(folder, asked))  # type: ignore[misc]
    for reader in (
        read_decisions,
        read_codings,
        read_agreement,
        read_approvals,
        read_tombstones,
        read_withdrawals,
        read_holds,
        read_access_log,
    ):
        faults.read(lambda reader=reader: reader(paths))  # type: ignore[misc]
    for record in sorted(paths.pulled.glob("*.json")):
        faults.read(lambda record=record: read_record(paths, record.stem))  # type: ignore[misc]
    return faults


def _check_reference(paths: ProjectPaths, reference: Sequence[TableModel], faults: _Faults) -> None:
    faults.read(lambda: read_codebook(paths.reference))
    faults.read(lambda: allowed_addresses(paths))
    faults.read(lambda: declared_service(paths))
    faults.read(lambda: read_landscape(paths.reference))
    if aliases := faults.read(lambda: read_aliases(paths.reference)):
        faults.read(lambda: _refuse_contradictions(paths, aliases))
    with scratch_staging_db() as con:
        rows = {
            model.table: found
            for model in reference
            if (found := faults.read(lambda model=model: load_reference(con, model, paths.reference))) is not None  # type: ignore[misc]
        }
        for model in reference:
            if {model.table, *model.upstream} <= rows.keys():  # otherwise those files must be corrected first
                broken = list(breaches(con, model))
                faults.read(lambda model=model, broken=broken: _refuse(paths, model, rows[model.table], broken))  # type: ignore[misc]


def _refuse_contradictions(paths: ProjectPaths, aliases: Sequence[Row]) -> None:
    findings = Findings(paths.reference / ALIASES, ReferenceDataError)
    deciding = deciding_spellings(aliases)
    unclear = contradicted(deciding)
    for row in aliases:
        if (row["alias"], row["force_area_code"]) in deciding and normal_spelling(row["alias"]) in unclear:
            findings.add(row.line, f"{row['alias']} decides for several areas, case and punctuation aside; keep one")
    findings.refuse()


def _refuse(
    paths: ProjectPaths, model: TableModel, rows: Sequence[Row], broken: Sequence[tuple[str, list[tuple[object, ...]]]]
) -> None:
    """Reports the lines of rows that break the rules of their table's model."""
    findings = Findings(paths.reference / (model.file or f"{model.name}.csv"), ReferenceDataError)
    for says, keys in broken:
        for line, key in _lines_of(model, rows, keys):
            findings.add(line, f"{says}: {key}")
    findings.refuse()


def _lines_of(model: TableModel, rows: Sequence[Row], keys: Sequence[tuple[object, ...]]) -> Iterator[tuple[int, str]]:
    sought = {tuple("" if value is None else str(value) for value in key) for key in keys}
    for row in rows:
        key = tuple(row[column] for column in model.key)
        if key in sought:
            yield row.line, " · ".join(key)
