"""The published marts while disks refuse, readers read and rules break."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest
from sample_landscape import publish

from landscape.errors import PublishError
from landscape.martfiles import DATABASE, PACKAGE
from landscape.publishing import STAGING, file_sha256
from landscape.staging_db import StagingDatabase

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
    sampled: StagingDatabase,
) -> None:
    marts = sampled.paths.marts
    shutil.rmtree(marts)
    assert DATABASE in publish(sampled)
    assert_whole(marts)
    before = contents(marts)
    assert DATABASE not in publish(sampled)
    assert contents(marts) == before


def test_a_broken_rule_stops_publishing(sampled: StagingDatabase) -> None:
    before = contents(sampled.paths.marts)
    sampled.con.execute("UPDATE marts.context SET measure_value = -1 WHERE measure_code = 'pcsos'")
    with pytest.raises(PublishError) as caught:
        publish(sampled)
    (culprit,) = caught.value.culprits
    assert culprit.startswith("marts.context: measure_value is below 0: 12 rows, at E23000002 · pcsos")
    assert contents(sampled.paths.marts) == before


def test_a_reader_is_undisturbed_and_the_next_one_sees_what_is_new(sampled: StagingDatabase) -> None:
    marts = sampled.paths.marts
    with subprocess.Popen(
        [sys.executable, "-c", READER, str(marts / DATABASE)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as reader:
        assert reader.stdin and reader.stdout
        try:
            counted = int(reader.stdout.readline())
            sampled.con.execute("DELETE FROM marts.coverage WHERE survey = 'force_visits'")
            assert DATABASE in publish(sampled)
            reader.stdin.write("\n")
            reader.stdin.flush()
            assert int(reader.stdout.readline()) == counted
        finally:
            reader.kill()
    with duckdb.connect(marts / DATABASE, read_only=True) as con:
        assert con.execute("SELECT count(*) FROM marts.coverage").fetchone() == (counted - 12,)
    assert_whole(marts)


def test_a_folder_that_cannot_be_written(sampled: StagingDatabase) -> None:
    marts = sampled.paths.marts
    before = contents(marts)
    sampled.con.execute("DELETE FROM marts.coverage WHERE survey = 'force_visits'")
    with mounted(marts, "--bind", str(marts)):
        with pytest.raises(PublishError) as caught:
            publish(sampled)
        assert contents(marts) == before
    assert caught.value.file == "data/marts"
    assert "check that you may write there" in caught.value.remedy
    publish(sampled)
    assert_whole(marts)


@pytest.mark.slow
def test_a_disk_that_fills_up_while_publishing(sampled: StagingDatabase) -> None:
    marts = sampled.paths.marts
    with mounted(marts, "-t", "tmpfs", "-o", "size=48m", "tmpfs"):
        publish(sampled)
        before = contents(marts)
        needed = sum(len(content) for content in before.values())
        sampled.con.execute("DELETE FROM marts.coverage WHERE survey = 'force_visits'")
        for share in (0, 0.02, 0.1, 0.3, 0.6, 0.9):  # it fills up with the folder, a CSV, the database …
            fill(marts, int(share * needed))
            with pytest.raises(PublishError) as caught:
                publish(sampled)
            assert "free some disk space" in caught.value.remedy
            assert "Nothing published was changed" in caught.value.remedy
            (marts / "filler").unlink()
            assert contents(marts) == before
            assert_whole(marts)
        publish(sampled)
        assert_whole(marts)
        assert contents(marts) != before
