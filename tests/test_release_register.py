"""Releases as they are checked, approved and given: the register, and signatures."""

from __future__ import annotations

import getpass
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from people_landscape import NOW

from landscape.errors import LandscapeError
from landscape.paths import ProjectPaths
from landscape.releasing.register import (
    NAMESPACE,
    SIGNERS_VARIABLE,
    approve,
    give,
    note_made,
    read_register,
    recipients,
    refuse_other,
    write_check_sheet,
)

MANIFEST = {"name": "one", "number": 1, "released_on": "2018-03-01", "profile": "standard", "is_sample": False}


@pytest.fixture
def made(project: ProjectPaths) -> ProjectPaths:
    """A project with the release “one”, as far as the register looks at it."""
    folder = project.releases / "one"
    folder.mkdir(parents=True)
    (folder / "release.json").write_text(json.dumps(MANIFEST), encoding="utf-8")
    (project.releases / "one.zip").write_bytes(b"the release")
    note_made(project, "one", NOW)
    return project


class Signer:
    """Somebody with a key of their own."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name, self.key = name, folder / name
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", self.key], check=True)

    @property
    def line(self) -> str:
        return f"{self.name} {Path(f'{self.key}.pub').read_text(encoding='ascii')}"

    def signs(self, file: Path, namespace: str = NAMESPACE) -> Path:
        copy = shutil.copy(file, self.key.parent / f"{self.name}-{namespace}-{file.name}")
        subprocess.run(["ssh-keygen", "-Y", "sign", "-q", "-n", namespace, "-f", self.key, copy], check=True)
        return Path(f"{copy}.sig")


def test_whom_a_release_was_given_to_is_known(made: ProjectPaths) -> None:
    give(made, "one", "Cumbria  OPCC, engagement", NOW)
    give(made, "one", "Cumbria OPCC, engagement", NOW)
    give(made, "one", "N8 board", NOW)
    assert recipients(made, "one") == ("Cumbria OPCC, engagement", "N8 board")
    assert [entry.what for entry in read_register(made)] == ["made", "given", "given", "given"]
    sheet = write_check_sheet(made, "one").read_text(encoding="utf-8")
    assert read_register(made)[0].detail in sheet
    withdrawn = MANIFEST | {"withdrawn": {"on": "2018-03-02", "reason": "a name"}}
    (made.releases / "one" / "release.json").write_text(json.dumps(withdrawn), encoding="utf-8")
    with pytest.raises(LandscapeError, match="was withdrawn"):
        give(made, "one", "somebody else", NOW)


def test_another_file_of_the_same_name_is_not_given(made: ProjectPaths, tmp_path: Path) -> None:
    copy = shutil.copy(made.releases / "one.zip", tmp_path / "one.zip")
    (made.releases / "one.zip").write_bytes(b"another, whole and with checksums of its own")
    with pytest.raises(LandscapeError, match="not the file that was made"):
        give(made, "one", "N8 board", NOW)
    refuse_other(made, "one", Path(copy))
    assert recipients(made, "one") == ()


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="OpenSSH is not installed")
def test_where_it_is_demanded_a_second_person_signs(
    made: ProjectPaths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    zipped = made.releases / "one.zip"
    second, maker, stranger = (Signer(tmp_path, name) for name in ("second@uni.example", getpass.getuser(), "stranger"))
    signers = tmp_path / "signers"
    signers.write_text(second.line + maker.line, encoding="ascii")
    monkeypatch.setenv(SIGNERS_VARIABLE, str(signers))
    with pytest.raises(LandscapeError, match="is not approved"):
        give(made, "one", "N8 board", NOW)
    for signature in (
        stranger.signs(zipped),
        second.signs(zipped, "another-purpose"),
        second.signs(made.root / "dagster.yaml"),
    ):
        with pytest.raises(LandscapeError, match="no signature over this release"):
            approve(made, "one", signature, NOW)
    with pytest.raises(LandscapeError, match="whoever made a release cannot approve it"):
        approve(made, "one", maker.signs(zipped), NOW)
    assert approve(made, "one", second.signs(zipped), NOW) == "second@uni.example"
    give(made, "one", "N8 board", NOW)
    assert [entry.what for entry in read_register(made)] == ["made", "approved", "given"]

    inside = shutil.copy(signers, made.root / "signers")
    monkeypatch.setenv(SIGNERS_VARIABLE, str(inside))
    with pytest.raises(LandscapeError, match="inside the project"):
        give(made, "one", "somebody else", NOW)
