"""Looking after keys and private files: where they are, whether others may read them, backing keys up, renewing them."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from landscape.errors import LandscapeError
from landscape.identity.keys import key_files, key_folder, renew_person_keys
from landscape.identity.marks import read_marks
from landscape.paths import ProjectPaths
from landscape.private_files import is_private, synced_by
from landscape.staging_db import refresh_lock

_MEND = "landscape keys status --mend"


@dataclass(frozen=True)
class KeyStatus:
    """The state of keys and marks.

    Args:
        keys: Names of the keys.
        key_folder: Where they are.
        n_tombstones: Marks of people who were forgotten.
        n_withdrawals: Marks of withdrawn consents.
        n_holds: Marks of holds and objections.
        warnings: What a person should see to.
    """

    keys: tuple[str, ...]
    key_folder: Path
    n_tombstones: int
    n_withdrawals: int
    n_holds: int
    warnings: tuple[str, ...]


def key_status(paths: ProjectPaths) -> KeyStatus:
    """Looks at keys, marks and private files.

    Raises:
        LandscapeError: There are marks whose key is missing.
    """
    return KeyStatus(
        keys=tuple(path.name for path in key_files()),
        key_folder=key_folder(),
        n_tombstones=len(read_marks(paths.tombstones)),
        n_withdrawals=len(read_marks(paths.withdrawals)),
        n_holds=len(read_marks(paths.holds)),
        warnings=warnings_of(paths),
    )


def warnings_of(paths: ProjectPaths) -> tuple[str, ...]:
    """What is unsafe about where keys and private files are; empty if nothing is."""
    found: list[str] = []
    for what, path in (("The project folder", paths.root), ("The folder of the keys", key_folder().resolve())):
        service = synced_by(path)
        if service:
            found.append(
                f"{what} seems to be copied elsewhere by {service}: personal data would leave this computer. Move it to a "
                "folder that is not synchronised."
            )
    if key_folder().resolve().is_relative_to(paths.root):
        found.append("The keys are inside the project folder, so anyone with a copy of it has the keys. Move them out.")
    found += [
        f"Others on this computer may read {path.name}. To end that: {_MEND}"
        for path in _private(paths)
        if not is_private(path)
    ]
    return tuple(found)


def mend_modes(paths: ProjectPaths) -> tuple[str, ...]:
    """Takes the right to read private files and folders from everybody but their owner.

    Returns:
        The names of those that others could read.
    """
    wide = [path for path in _private(paths) if not is_private(path)]
    for path in wide:
        path.chmod(0o700 if path.is_dir() else 0o600)
    return tuple(path.name for path in wide)


def _private(paths: ProjectPaths) -> Iterator[Path]:
    """What only its owner should read, as far as it is there; inside a private folder everything is.

    The folder of received files counts once it holds any.
    """
    held = [folder for folder in sorted(paths.raw.glob("*")) if folder.is_dir()]
    places = (*([paths.raw] if held else []), paths.private, paths.decisions, key_folder(), *key_files())
    databases = sorted(paths.staging_db.parent.glob(f"{paths.staging_db.name}*"))
    yield from (path for path in (*places, *databases) if path.exists())


def back_up_keys(paths: ProjectPaths, target: Path) -> tuple[str, ...]:
    """Copies all keys into one zip, to be kept apart from the project; to restore them, unpack it into the key folder.

    Args:
        paths: The project folder.
        target: The zip to write.

    Returns:
        The names of the keys.

    Raises:
        LandscapeError: There is no key yet, the file exists, or it would be kept with what the keys protect.
    """
    keys = key_files()
    remedy = "choose a place that only the data controller's escrow can reach, such as an encrypted stick"
    if not keys:
        raise LandscapeError("there are no keys yet", remedy="the first refresh with real responses makes them")
    if target.exists():
        raise LandscapeError("there is already a file of this name", file=target, remedy="choose another name")
    if target.resolve().is_relative_to(paths.root):
        raise LandscapeError(
            "it would be in the project folder, with what the keys protect", file=target.name, remedy=remedy
        )
    service = synced_by(target.resolve())
    if service:
        raise LandscapeError(f"{service} would copy it elsewhere", file=target.name, remedy=remedy)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in keys:
            archive.writestr(zipfile.ZipInfo(path.name, date_time=(1980, 1, 1, 0, 0, 0)), path.read_bytes())
    try:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise LandscapeError(f"it cannot be written ({error.strerror})", file=target, remedy=remedy) from error
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(packed.getvalue())
    return tuple(path.name for path in keys)


def rotate_keys(paths: ProjectPaths) -> tuple[str, ...]:
    """Renews the person keys of all surveys; the tombstone key is kept, or people who were forgotten would come back.

    Returns:
        The names of the new keys.
    """
    with refresh_lock(paths.lock):
        return renew_person_keys()
