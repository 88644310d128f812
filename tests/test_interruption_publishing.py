"""A publication ended at any moment is wholly the old one or wholly the new."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import interruption_child
import pytest
from interruption_child import MANIFEST, NEW, OLD, SCAN, Content, built_from, hashes

from landscape.errors import PublishError
from landscape.publishing import STAGING, publish, recover


def published(target: Path) -> Content:
    """All files of the folder but the manifest and what publishing keeps for itself."""
    return {
        path.relative_to(target).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(target.rglob("*"))
        if path.is_file() and not path.name.startswith(".") and path.name != MANIFEST and STAGING not in path.parts
    }


def fits_its_manifest(target: Path) -> bool:
    return json.loads((target / MANIFEST).read_text(encoding="utf-8")) == hashes(published(target))


def with_old(folder: Path) -> Path:
    publish(folder, MANIFEST, built_from(OLD), SCAN)
    assert published(folder) == OLD
    return folder


def child(target: Path, what: str, fate: str, fatal: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, interruption_child.__file__, str(target), what, fate, str(fatal)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def all_moments(tmp_path: Path, what: str, fate: str, prepare: Callable[[Path], Path]) -> list[tuple[Path, str]]:
    """The folder as each moment's end leaves it, with what was said, from the first change to the last."""
    left: list[tuple[Path, str]] = []
    while True:
        target = prepare(tmp_path / f"moment-{len(left) + 1}")
        ended = child(target, what, fate, len(left) + 1)
        if ended.returncode == 0:
            return left
        left.append((target, ended.stderr))


def test_a_publication_killed_at_any_moment_is_recovered_whole(tmp_path):
    outcomes = []
    for target, _ in all_moments(tmp_path, "publish", "killed", with_old):
        each = published(target)
        assert all(text in (OLD.get(name), NEW.get(name)) for name, text in each.items())  # no file is half written
        if json.loads((target / MANIFEST).read_text(encoding="utf-8")).keys() == NEW.keys():
            assert NEW.items() <= each.items()  # who reads the new manifest finds all that it lists
        recover(target)
        assert fits_its_manifest(target)
        assert not (target / STAGING).exists()
        outcomes.append(published(target))
        publish(target, MANIFEST, built_from(NEW), SCAN)
        assert published(target) == NEW
    assert outcomes.count(OLD) + outcomes.count(NEW) == len(outcomes)
    assert OLD in outcomes and NEW in outcomes
    assert outcomes.index(NEW) == outcomes.count(OLD)  # once the new one is there it does not fall back
    assert len(outcomes) > 20


@pytest.mark.slow
def test_a_recovery_killed_at_any_moment_is_taken_up_again(tmp_path):
    def cut_short_in_the_swap(folder: Path) -> Path:
        with_old(folder)
        moment = 1
        while published(folder)["a.csv"] == "old a":  # until the first file has been exchanged
            child(folder, "publish", "killed", moment)
            if (folder / STAGING / "COMMIT").exists() and (folder / STAGING / "d.csv").exists():
                return folder
            recover(folder)
            moment += 1
        raise AssertionError("the swap was never met half-way")

    prepared = cut_short_in_the_swap(tmp_path / "prepared")

    def copy(folder: Path) -> Path:
        return Path(shutil.copytree(prepared, folder))

    moments = all_moments(tmp_path, "recover", "killed", copy)
    assert len(moments) > 5
    for target, _ in moments:
        recover(target)
        assert published(target) == NEW
        assert fits_its_manifest(target)
        assert not (target / STAGING).exists()


@pytest.mark.slow
def test_ctrl_c_at_any_moment_leaves_a_whole_publication(tmp_path):
    outcomes = []
    for target, _ in all_moments(tmp_path, "publish", "interrupted", with_old):
        assert fits_its_manifest(target)
        assert not (target / STAGING).exists()
        outcomes.append(published(target))
    assert OLD in outcomes and NEW in outcomes
    assert outcomes.count(OLD) + outcomes.count(NEW) == len(outcomes)


@pytest.mark.slow
def test_a_disk_that_refuses_at_any_moment_is_reported_truly(tmp_path):
    outcomes = []
    for target, said in all_moments(tmp_path, "publish", "refused", with_old):
        if "The next refresh completes" in said:
            assert recover(target)
        elif said:  # else it harmed nothing: a folder that could not be cleared is cleared next time
            assert "Nothing published was changed" in said or "so nothing was" in said
            assert published(target) == OLD
        recover(target)
        assert fits_its_manifest(target)
        outcomes.append(published(target))
    assert OLD in outcomes and NEW in outcomes
    assert outcomes.count(OLD) + outcomes.count(NEW) == len(outcomes)


def test_an_error_while_building_leaves_what_was_published(tmp_path):
    target = with_old(tmp_path / "marts")

    def fail(staging: Path) -> set[str]:
        (staging / "a.csv").write_text("half", encoding="utf-8")
        raise ValueError("no such figure")

    with pytest.raises(ValueError, match="no such figure"):
        publish(target, MANIFEST, fail, SCAN)
    assert published(target) == OLD
    assert not (target / STAGING).exists()


def test_a_file_that_was_promised_and_not_made_is_named(tmp_path):
    target = with_old(tmp_path / "marts")
    with pytest.raises(PublishError) as caught:
        publish(target, MANIFEST, lambda staging: {MANIFEST, "a.csv", "e.csv", "f.csv"}, SCAN)
    assert caught.value.culprits == ("e.csv", "f.csv")
    assert published(target) == OLD


def test_files_that_cannot_be_replaced_are_all_named_before_anything_is(tmp_path):
    target = with_old(tmp_path / "marts")
    for name in ("d.csv", "a.csv"):  # a folder of that name stands in for a file that a program holds open
        (target / name).unlink(missing_ok=True)
        (target / name).mkdir()
    with pytest.raises(PublishError) as caught:
        publish(target, MANIFEST, built_from(NEW), SCAN)
    assert caught.value.culprits == ("a.csv", "d.csv")
    assert "close them in other programs" in caught.value.remedy
    assert published(target) == {name: text for name, text in OLD.items() if name != "a.csv"}
    assert not (target / STAGING).exists()


def test_a_persons_own_file_is_never_touched(tmp_path):
    target = with_old(tmp_path / "marts")
    (target / "my notes.txt").write_text("mine", encoding="utf-8")
    publish(target, MANIFEST, built_from(NEW), SCAN)
    assert published(target) == {**NEW, "my notes.txt": "mine"}
