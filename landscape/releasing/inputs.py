"""Checks that the staging database is what a refresh of today's inputs would make."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from landscape.errors import LandscapeError
from landscape.martfiles import PACKAGE
from landscape.models import DUCKDB_TYPES, TableModel
from landscape.paths import ProjectPaths
from landscape.publishing import file_sha256
from landscape.staging_db import StagingDatabase, check_table
from landscape.surveys.definition import Survey
from landscape.surveys.received import exports_in

_REFRESH = "run `landscape refresh`, look at what it says, then make the release again"


def refuse_outdated(
    staging_db: StagingDatabase, surveys: tuple[Survey, ...], staged: Sequence[TableModel], marts: Sequence[TableModel]
) -> None:
    """Compares the staging database with the received files, and its tables with their rules and their own SQL.

    Args:
        staging_db: The staging database.
        surveys: All surveys.
        staged: Models of the staged tables.
        marts: Models of the marts.

    Raises:
        LandscapeError: It is older than what was received or decided, or a table is wrong.
    """
    if not (staging_db.paths.marts / PACKAGE).exists():
        raise LandscapeError("nothing was refreshed yet, so there is nothing to release", remedy=_REFRESH)
    culprits = [*_newer_files(staging_db, surveys), *_newer_decisions(staging_db.paths)]
    if culprits:
        raise LandscapeError(
            "the staging database is older than what it is made from, so nothing was released",
            culprits=culprits,
            remedy=_REFRESH,
        )
    models = (*staged, *marts)
    broken = [f"{model.table}: {failure}" for model in models for failure in check_table(staging_db.con, model)]
    broken += [
        f"{model.table} is not what its SQL makes" for model in models if model.sql and _differs(staging_db, model)
    ]
    if broken:
        raise LandscapeError(
            "tables are not as they should be, so nothing was released", culprits=broken, remedy=_REFRESH
        )


def _newer_files(staging_db: StagingDatabase, surveys: tuple[Survey, ...]) -> Iterator[str]:
    paths = staging_db.paths
    then = dict(staging_db.con.execute("SELECT file_name, sha256 FROM staged.submissions").fetchall())
    of_sample = any((paths.root / name).is_relative_to(paths.sample) for name in then)
    folders = (paths.raw, paths.sample) if of_sample else (paths.raw,)
    now = {
        path.relative_to(paths.root).as_posix(): file_sha256(path)
        for folder in folders
        for _, path in exports_in(folder, surveys)
    }
    for name in sorted({*now, *then}):
        if name not in then:
            yield f"{name} was received since"
        elif name not in now:
            yield f"{name} is no longer there"
        elif now[name] != then[name]:
            yield f"{name} is another version"


def _newer_decisions(paths: ProjectPaths) -> Iterator[str]:
    refreshed_at = (paths.marts / PACKAGE).stat().st_mtime
    decided = (
        paths.withdrawals,
        paths.holds,
        paths.tombstones,
        paths.root / "data" / "decisions.csv",
        paths.reference / "landscape.yml",
        *sorted(paths.reference.glob("*.csv")),
    )
    for path in decided:
        if path.exists() and path.stat().st_mtime > refreshed_at:
            yield f"{path.relative_to(paths.root).as_posix()} was changed since"


def _differs(staging_db: StagingDatabase, model: TableModel) -> bool:
    casts = ", ".join(f'CAST("{f.name}" AS {DUCKDB_TYPES[f.type]})' for f in model.fields)
    columns = ", ".join(f'"{f.name}"' for f in model.fields)
    made, held = f"SELECT {casts} FROM ({model.sql})", f"SELECT {columns} FROM {model.table}"
    query = f"SELECT count(*) FROM (({made} EXCEPT ALL {held}) UNION ALL ({held} EXCEPT ALL {made}))"
    found = staging_db.con.execute(query).fetchone()
    return bool(found and found[0])
