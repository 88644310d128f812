"""The published marts while disks refuse, readers read and rules break. Not here: whole refreshes."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import duckdb
import pytest

from assets.tables import models
from landscape.errors import PublishError
from landscape.martfiles import DATABASE, PACKAGE, publish_marts
from landscape.publishing import STAGING, file_sha256
from landscape.staging_db import StagingDatabase, check_table

READER = """
import sys, duckdb
con = duckdb.connect(sys.argv[1], read_only=True)
while True:
    print(con.execute("SELECT count(*) FROM marts.coverage").fetchone()[0], flush=True)
    sys.stdin.readline()
"""


def assert_whole(marts: Path) -> None:
    """What the package lists is there, byte for byte; the database opens and holds the same rows."""
    assert not (marts / STAGING).exists()
    package = json.loads((marts / PACKAGE).read_text(encoding="utf-8"))
    with duckdb.connect(marts / DATABASE, read_only=True) as con:
        for resource in package["resources"]:
            for file in (resource, resource["parquet"]):
                assert file["hash"] == f"sha256:{file_sha256(marts / file['path'])}"
            with (marts / resource["path"]).open(encoding="utf-8", newline="") as stream:
                rows = sum(1 for _ in csv.DictReader(stream))
            table = resource["name"].replace("-", "_")
            assert con.execute(f"SELECT count(*) FROM marts.{table}").fetchone() == (rows,)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def publish(staging_db: StagingDatabase) -> list[str]:
    return publish_marts(
        staging_db, models("marts"), (*models("staged"), *models("marts")), partial(check_table, staging_db.con)
    )


@contextmanager
def mounted(folder: Path, *options: str) -> Iterator[None]:
    """A mount over a folder; skips where the system does not allow one."""
    commands = [["mount", *options, str(folder)]]
    if "--bind" in options:
        commands.append(["mount", "-o", "remount,bind,ro", str(folder)])
    try:
        for command in commands:
            subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("mounts are not allowed here")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def fill(folder: Path, spare: int) -> None:
    """Fills the disk of a folder but for some bytes."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as stream:
        try:
            while True:
                stream.write(bytes(4096))
        except OSError:
            pass
        stream.truncate(max(0, stream.tell() - spare))


def test_published_marts_are_whole_and_stay_as_they_are_when_nothing_changed(
    made: Callable[[], StagingDatabase],
) -> None:
    staging_db = made()
    marts = staging_db.paths.marts
    assert DATABASE in publish(staging_db)
    assert_whole(marts)
    before = contents(marts)
    assert DATABASE not in publish(staging_db)
    assert contents(marts) == before


def test_a_broken_rule_stops_publishing(made: Callable[[], StagingDatabase]) -> None:
    staging_db = made()
    publish(staging_db)
    before = contents(staging_db.paths.marts)
    staging_db.con.execute("UPDATE marts.context SET measure_value = -1 WHERE measure_code = 'pcsos'")
    with pytest.raises(PublishError) as caught:
        publish(staging_db)
    (culprit,) = caught.value.culprits
    assert culprit.startswith("marts.context: measure_value is below 0: 12 rows, at E23000002 · pcsos")
    assert contents(staging_db.paths.marts) == before


def test_a_reader_is_undisturbed_and_the_next_one_sees_what_is_new(made: Callable[[], StagingDatabase]) -> None:
    staging_db = made()
    publish(staging_db)
    marts = staging_db.paths.marts
    with subprocess.Popen(
        [sys.executable, "-c", READER, str(marts / DATABASE)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as reader:
        assert reader.stdin and reader.stdout
        try:
            counted = int(reader.stdout.readline())
            staging_db.con.execute("DELETE FROM marts.coverage WHERE survey = 'force_visits'")
            assert DATABASE in publish(staging_db)
            reader.stdin.write("\n")
            reader.stdin.flush()
            assert int(reader.stdout.readline()) == counted
        finally:
            reader.kill()
    with duckdb.connect(marts / DATABASE, read_only=True) as con:
        assert con.execute("SELECT count(*) FROM marts.coverage").fetchone() == (counted - 12,)
    assert_whole(marts)


def test_a_folder_that_cannot_be_written(made: Callable[[], StagingDatabase]) -> None:
    staging_db = made()
    publish(staging_db)
    marts = staging_db.paths.marts
    before = contents(marts)
    staging_db.con.execute("DELETE FROM marts.coverage WHERE survey = 'force_visits'")
    with mounted(marts, "--bind", str(marts)):
        with pytest.raises(PublishError) as caught:
            publish(staging_db)
        assert contents(marts) == before
    assert caught.value.file == "data/marts"
    assert "check that you may write there" in caught.value.remedy
    publish(staging_db)
    assert_whole(marts)


def test_a_disk_that_fills_up_while_publishing(made: Callable[[], StagingDatabase]) -> None:
    staging_db = made()
    marts = staging_db.paths.marts
    marts.mkdir()
    with mounted(marts, "-t", "tmpfs", "-o", "size=48m", "tmpfs"):
        publish(staging_db)
        before = contents(marts)
        needed = sum(len(content) for content in before.values())
        staging_db.con.execute("DELETE FROM marts.coverage WHERE survey = 'force_visits'")
        for share in (0, 0.02, 0.1, 0.3, 0.6, 0.9):  # it fills up with the folder, a CSV, the database …
            fill(marts, int(share * needed))
            with pytest.raises(PublishError) as caught:
                publish(staging_db)
            assert "free some disk space" in caught.value.remedy
            assert "Nothing published was changed" in caught.value.remedy
            (marts / "filler").unlink()
            assert contents(marts) == before
            assert_whole(marts)
        publish(staging_db)
        assert_whole(marts)
        assert contents(marts) != before
