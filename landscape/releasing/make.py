"""Makes a release: freezes what may be shown into one folder and one zip."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landscape.charts.status import stamped
from landscape.disclosure.ledger import Published, read_published, to_publish, with_new, write_published
from landscape.disclosure.permissions import Permitted, permitted_marts, release_secret
from landscape.disclosure.safe_tables import read_safe_tables, store_safe_tables
from landscape.errors import LandscapeError
from landscape.identity.keys import keyed_hash
from landscape.martfiles import KEYED_BY, PACKAGE, data_package, is_sample, write_csv, write_tables
from landscape.models import TableModel
from landscape.paths import ProjectPaths
from landscape.places.boundaries import FILE as BOUNDARIES
from landscape.places.boundaries import read_boundaries
from landscape.places.landscape import read_landscape
from landscape.publishing import STAGING, publish
from landscape.releasing.changes import change_log
from landscape.releasing.earlier import last_release
from landscape.releasing.guide import guide, stamp_of, status_of
from landscape.releasing.inputs import refuse_outdated
from landscape.releasing.origin import origin_of
from landscape.releasing.parcel import write_checksums, write_zip
from landscape.releasing.shelf import MANIFEST, TABLES, Release, refuse_name, release_named, releases
from landscape.staging_db import StagingDatabase, check_table, read_table
from landscape.surveys.definition import Survey
from landscape.surveys.known import scan_for

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

    from landscape.charts.chart import Chart

FIGURES = "figures"
Draw = Callable[[Mapping[str, "pd.DataFrame"], "GeoDataFrame"], Iterable["Chart"]]
"""Draws the figures of a release from its tables and the boundaries of the areas."""


@dataclass(frozen=True)
class Declared:
    """What the project declares that a release is made from.

    Args:
        surveys: The surveys.
        reference: Models of the reference tables.
        staged: Models of the staged tables.
        marts: Models of the marts.
        people: Models of the safe tables.
        draw: Draws the figures.
    """

    surveys: tuple[Survey, ...]
    reference: tuple[TableModel, ...]
    staged: tuple[TableModel, ...]
    marts: tuple[TableModel, ...]
    people: tuple[TableModel, ...]
    draw: Draw


@dataclass(frozen=True)
class Wanted:
    """The release to make.

    Args:
        name: Its name.
        on: Its day, the only date in it.
        replaces: The withdrawn release that it replaces; "" if there is none.
    """

    name: str
    on: dt.date
    replaces: str = ""


@dataclass(frozen=True)
class Made:
    """What was released.

    Args:
        files: Its files, below reports/releases.
        people: The waves of which it shows tables about people.
        changes: The change log.
        is_sample: Whether it shows made-up rows.
    """

    files: tuple[str, ...]
    people: tuple[Published, ...]
    changes: str
    is_sample: bool


def make_release(staging_db: StagingDatabase, declared: Declared, wanted: Wanted) -> Made:
    """Freezes what may be shown into `reports/releases/<name>/` and a zip beside it.

    Args:
        staging_db: The staging database, after a refresh.
        declared: What the project declares.
        wanted: Which release.

    Raises:
        LandscapeError: The name is taken, the staging database is outdated, a table breaks its rules, a count of people
            would be exposed, or there is personal data in a file. Nothing is left behind.
    """
    paths = staging_db.paths
    earlier = _earlier(staging_db, wanted)
    refuse_outdated(staging_db, declared.surveys, declared.staged, declared.marts)
    made_up = is_sample(staging_db.con)
    comparable = tuple(release for release in earlier if release.is_sample == made_up)
    secret = release_secret(is_sample=made_up)
    ledger = read_published(paths)
    people = to_publish(staging_db.con, declared.surveys, ledger, wanted.on, wanted.name, secret)
    origin = origin_of(staging_db.con)
    layers = (declared.reference, declared.staged, declared.marts)
    with permitted_marts(
        staging_db.con, *layers, bytes.fromhex(keyed_hash(secret, "release", wanted.name))
    ) as permitted:
        store_safe_tables(permitted.con, [entry.rows() for entry in people], declared.people)
        _check_people(permitted, declared.people)
        changes: list[str] = []

        def build(staging: Path) -> set[str]:
            folder = staging / wanted.name
            models = (*permitted.marts, *declared.people)
            _write_contents(folder, permitted, models, declared, wanted, paths)
            log = change_log(folder, permitted.marts, comparable, wanted.replaces)
            changes.append(log)
            _write(folder / "CHANGES.md", log)
            _write(folder / "provenance.json", _json(origin))
            _write(folder / MANIFEST, _json(_manifest(wanted, people, origin, len(earlier) + 1, made_up)))
            write_checksums(folder)
            write_zip(folder, staging / f"{wanted.name}.zip")
            return _files_in(staging) | {name for name in _files_in(paths.releases) if not name.startswith(STAGING)}

        write_published(paths, with_new(ledger, people))  # before a reader has them: no wave may come out in two forms
        try:
            written = publish(paths.releases, f"{wanted.name}/{MANIFEST}", build, scan_for(paths))
        except BaseException:
            write_published(paths, ledger)
            raise
        finally:
            _leave_no_empty_folder(paths.releases / wanted.name)
    return Made(tuple(written), people, changes[0], made_up)


def _earlier(staging_db: StagingDatabase, wanted: Wanted) -> tuple[Release, ...]:
    """The releases before this one; refuses a day or a replacement that does not fit."""
    paths = staging_db.paths
    refuse_name(paths, wanted.name)
    earlier = releases(paths)
    if earlier and wanted.on < earlier[-1].released_on:
        raise LandscapeError(
            f"release {earlier[-1].name} is of a later day ({earlier[-1].released_on})",
            remedy="releases are in order of their days: give this one the same day or a later one, with --on",
        )
    if wanted.replaces and release_named(paths, wanted.replaces).withdrawn_on is None:
        raise LandscapeError(
            f"release {wanted.replaces} was not withdrawn",
            remedy=f"a release replaces one that was withdrawn: landscape release withdraw {wanted.replaces} --reason …",
        )
    return earlier


def _check_people(permitted: Permitted, people: Sequence[TableModel]) -> None:
    broken = [f"{model.table}: {failure}" for model in people for failure in check_table(permitted.con, model)]
    if broken:
        raise LandscapeError("tables of people break their rules, so nothing was released", culprits=broken)


def _write_contents(
    folder: Path,
    permitted: Permitted,
    models: Sequence[TableModel],
    declared: Declared,
    wanted: Wanted,
    paths: ProjectPaths,
) -> None:
    """Tables, codebook, rules, README, figures and report; all from the permitted database only."""
    from landscape.reporting.compose import compose, with_changes
    from landscape.reporting.publish import write_report
    from landscape.reporting.template import template_of

    made_up = is_sample(permitted.con)
    (folder / TABLES).mkdir(parents=True)
    permitted.con.execute("SET threads = 1")  # the same rows give the same bytes
    stamp, names = stamp_of(wanted.name, wanted.on), read_landscape(paths.reference).names
    resources = write_tables(permitted.con, models, folder / TABLES)
    package = data_package(resources, f"{names.title}: {stamp}", KEYED_BY)
    _write(folder / TABLES / PACKAGE, _json(package))
    for model in declared.reference:
        if model.name in ("codebook", "rules"):
            write_csv(permitted.con, model, folder)
    _write(folder / "README.md", guide(names, wanted.name, wanted.on, models, is_sample=made_up))
    tables = _tables(permitted, declared, models)
    with stamped(stamp):
        charts = list(declared.draw(tables, read_boundaries(paths.reference / BOUNDARIES)))
    entries = _write_figures(charts, folder / FIGURES, wanted.name)
    status = status_of(wanted.name, wanted.on, wanted.replaces)
    report = with_changes(compose(tables, entries, status), last_release(paths))
    write_report(report, folder / FIGURES, folder, template_of(paths))


def _tables(permitted: Permitted, declared: Declared, models: Sequence[TableModel]) -> dict[str, pd.DataFrame]:
    """Every table of the release, by the names that figures and report use."""
    from landscape.reporting.publish import dictionary

    read = (*permitted.marts, *declared.reference)
    tables = {model.table: read_table(permitted.con, model.table) for model in read}
    tables["staged.submissions"] = read_table(permitted.con, "staged.submissions")
    return {**tables, **read_safe_tables(permitted.con), "dictionary": dictionary(models)}


def _write_figures(charts: Sequence[Chart], folder: Path, release: str) -> list[dict[str, Any]]:
    from landscape.charts.index import INDEX, index_page
    from landscape.charts.render import MANIFEST as FIGURES_LIST
    from landscape.charts.render import render

    folder.mkdir()
    entries = render(charts, folder, previous=folder, release=release)
    missing = [f"{entry['id']}: {entry['pictures_missing']}" for entry in entries if "pictures_missing" in entry]
    if missing:
        raise LandscapeError(
            "figures could not be drawn, so nothing was released",
            culprits=missing,
            remedy="`landscape browser` says which browser draws pictures, and tries to install one",
        )
    _write(folder / FIGURES_LIST, _json({"figures": entries}))
    _write(folder / INDEX, index_page(entries, release))
    return entries


def _manifest(
    wanted: Wanted, people: Sequence[Published], origin: Mapping[str, Any], number: int, made_up: bool
) -> dict[str, Any]:
    return {
        "name": wanted.name,
        "number": number,
        "released_on": wanted.on.isoformat(),
        "replaces": wanted.replaces or None,
        "is_sample": made_up,
        "waves": origin["waves"],
        "tables_of_people": [
            {"survey": each.survey, "wave": each.wave, "published_in": each.release} for each in people
        ],
    }


def _files_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def _leave_no_empty_folder(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"
