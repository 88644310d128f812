"""Looking after the vault and its keys: where they are, whether they are safe, backing them up, renewing them."""

from __future__ import annotations

import io
import os
import zipfile
from dataclasses import dataclass
from pathlib import Path

from landscape.errors import LandscapeError
from landscape.identity.keys import key_files, key_folder, renew_person_keys
from landscape.identity.marks import read_marks
from landscape.paths import ProjectPaths
from landscape.people.vault import count_contacts
from landscape.private_files import is_private, synced_by
from landscape.staging_db import refresh_lock


@dataclass(frozen=True)
class VaultStatus:
    """The state of vault and keys.

    Args:
        contacts: Responses in the vault by survey; None where there is no vault yet.
        keys: Names of the keys.
        key_folder: Where they are.
        n_tombstones: Marks of people who were forgotten.
        n_withdrawals: Marks of withdrawn consents.
        warnings: What a person should see to.
    """

    contacts: dict[str, int] | None
    keys: tuple[str, ...]
    key_folder: Path
    n_tombstones: int
    n_withdrawals: int
    warnings: tuple[str, ...]


def vault_status(paths: ProjectPaths) -> VaultStatus:
    """Looks at vault, keys and marks.

    Raises:
        LandscapeError: There are marks whose key is missing.
    """
    return VaultStatus(
        contacts=count_contacts(paths) if paths.contacts.exists() else None,
        keys=tuple(path.name for path in key_files()),
        key_folder=key_folder(),
        n_tombstones=len(read_marks(paths.tombstones)),
        n_withdrawals=len(read_marks(paths.withdrawals)),
        warnings=warnings_of(paths),
    )


def warnings_of(paths: ProjectPaths) -> tuple[str, ...]:
    """What is unsafe about where vault and keys are; empty if nothing is."""
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
    private = (
        paths.contacts,
        paths.staging_db,
        paths.tombstones,
        paths.withdrawals,
        paths.access_log,
        paths.codings,
        paths.approvals,
        *key_files(),
    )
    found += [
        f"Others on this computer may read {path.name}. Remove that permission: chmod 600"
        for path in private
        if path.exists() and not is_private(path)
    ]
    return tuple(found)


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
