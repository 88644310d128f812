"""Checksums and zip of a release, and verifying them."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from landscape.errors import LandscapeError
from landscape.pii_scan import Known, refuse_personal_in
from landscape.publishing import file_sha256

CHECKSUMS = "checksums.txt"
_FIXED_DATE = (1980, 1, 1, 0, 0, 0)  # the same inputs give the same bytes; the earliest date that a zip can hold
_READ_BY_ALL = 0o644 << 16


def write_checksums(folder: Path) -> None:
    """Lists every file of a release with its SHA-256, as `sha256sum --check` reads it."""
    lines = [f"{file_sha256(folder / name)}  {name}\n" for name in _names(folder)]
    (folder / CHECKSUMS).write_text("".join(lines), encoding="utf-8", newline="\n")


def write_zip(folder: Path, path: Path) -> None:
    """Packs a release: one folder with its name, files in order, with fixed dates."""
    with zipfile.ZipFile(path, "w") as archive:
        for name in _names(folder):
            entry = zipfile.ZipInfo(f"{folder.name}/{name}", _FIXED_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # the same on Windows
            entry.external_attr = _READ_BY_ALL
            archive.writestr(entry, (folder / name).read_bytes())


def verify_folder(folder: Path, known: Known) -> int:
    """Compares a release's folder with its checksums and runs the PII scan on all of it again.

    Returns:
        How many files it has.

    Raises:
        LandscapeError: A file is missing, was changed, or does not belong to it.
        PersonalDataError: There is personal data in it.
    """
    problems = list(_problems(folder))
    if problems:
        raise LandscapeError(
            "this is not the release that was made",
            file=folder.name,
            culprits=problems,
            remedy="use another copy; do not pass on one that differs",
        )
    refuse_personal_in(folder, known)
    return len(_names(folder))


def verify_zip(path: Path, known: Known) -> int:
    """Unpacks a release's zip into a temporary folder and verifies it; as `verify_folder`."""
    with tempfile.TemporaryDirectory(prefix="landscape-release-") as scratch:
        try:
            with zipfile.ZipFile(path) as archive:
                archive.extractall(scratch)
        except zipfile.BadZipFile as error:
            raise LandscapeError("it cannot be unpacked", file=path.name, remedy="use another copy") from error
        folders = sorted(Path(scratch).iterdir())
        if len(folders) != 1 or not folders[0].is_dir():
            raise LandscapeError("it does not contain one release", file=path.name, remedy="use another copy")
        return verify_folder(folders[0], known)


def _problems(folder: Path) -> Iterator[str]:
    listing = folder / CHECKSUMS
    if not listing.exists():
        yield f"{CHECKSUMS} is missing"
        return
    lines = listing.read_text(encoding="utf-8").splitlines()
    listed = {name: sha256 for sha256, _, name in (line.partition("  ") for line in lines)}
    there = {name for name in _names(folder) if name != CHECKSUMS}
    for name in sorted({*listed, *there}):
        if name not in there:
            yield f"{name} is missing"
        elif name not in listed:
            yield f"{name} does not belong to it"
        elif file_sha256(folder / name) != listed[name]:
            yield f"{name} was changed"


def _names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
