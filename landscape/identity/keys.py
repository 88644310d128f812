"""Keys that turn an e-mail address into a pseudonym."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from pathlib import Path

from landscape.errors import LandscapeError
from landscape.identity.person import normal_email
from landscape.paths import ProjectPaths, project_paths
from landscape.private_files import make_private
from landscape.writing import one_writer, one_writer_in, write_whole

KEY_FOLDER_VARIABLE = "LANDSCAPE_KEYS"
TOMBSTONE_KEY = "tombstone-key"
_PERSON_KEY = "person-key-"
_DISCLOSURE_KEY = "disclosure-key"
_KEY_BYTES = 32
_NUMBER_BYTES = 6
_WRITTEN = re.compile(rb"[0-9a-f]{%d}" % (2 * _KEY_BYTES))
_BETWEEN = "\x1f"
_RESTORE = "bring it back from your copy of the keys (docs/handover.md, “Keys”)"


def key_folder() -> Path:
    """Where the keys of this project are kept: outside its folder, so that a copy of it contains no key.

    A folder given by the environment is used as it is; else each project has one of its own, by the number in `data/private`.
    """
    from platformdirs import user_config_path

    chosen = os.environ.get(KEY_FOLDER_VARIABLE)
    if chosen:
        return Path(chosen)
    every = user_config_path("engagement-landscape", appauthor=False)
    own = every / _project_number(project_paths())
    former = _keys_in(every)
    if former and not own.exists():  # made when all projects of a person had the same keys
        with one_writer_in(own):
            for path in former:
                write_whole(own / path.name, path.read_bytes(), is_private=True)
    return own


def _project_number(paths: ProjectPaths) -> str:
    """A number that stays with a project wherever it is moved; drawn when it is first asked for."""
    noted = paths.private / "project-number"
    if not noted.exists():
        with one_writer(paths):
            if not noted.exists():
                make_private(noted.parent)
                write_whole(noted, secrets.token_hex(_NUMBER_BYTES), is_private=True)
    return noted.read_text(encoding="ascii").strip()


def key_files() -> tuple[Path, ...]:
    """Every key made so far, sorted by name."""
    return _keys_in(key_folder())


def _keys_in(folder: Path) -> tuple[Path, ...]:
    return tuple(sorted(p for p in folder.glob("*") if p.is_file() and not p.name.startswith(".")))


def person_key_secret(survey: str) -> bytes:
    """The secret for one survey, made on first use; a separate one per survey, so that surveys cannot be linked."""
    return _secret(f"{_PERSON_KEY}{survey}", may_make=True)


def tombstone_secret(*, may_make: bool) -> bytes:
    """The secret behind the marks of those who were forgotten or withdrew a consent. It is never renewed.

    Args:
        may_make: Make one if there is none. Not where there are marks already: without their own key they are useless.

    Raises:
        LandscapeError: It is missing or damaged.
    """
    return _secret(TOMBSTONE_KEY, may_make=may_make)


def disclosure_secret() -> bytes:
    """The secret of the order in which counts of people are hidden; anyone who knew it could work some of them out."""
    return _secret(_DISCLOSURE_KEY, may_make=True)


def renew_person_keys() -> tuple[str, ...]:
    """Renews the secrets of all surveys, so that old pseudonyms match no new one; returns the keys' names."""
    with one_writer_in(key_folder()):
        renewed = tuple(path.name for path in key_files() if path.name.startswith(_PERSON_KEY))
        for name in renewed:
            _write(key_folder() / name)
    return renewed


def person_key(email: str, secret: bytes) -> str | None:
    """A stable pseudonym for an e-mail address.

    Args:
        email: As typed; case and surrounding space do not matter.
        secret: From `person_key_secret`.

    Returns:
        HMAC-SHA256 in hexadecimal; None if no address was given.
    """
    normalised = normal_email(email)
    return keyed_hash(secret, normalised) if normalised else None


def keyed_hash(secret: bytes, *parts: str) -> str:
    """HMAC-SHA256 of the parts, in hexadecimal."""
    return hmac.new(secret, _BETWEEN.join(parts).encode(), hashlib.sha256).hexdigest()


def _secret(name: str, *, may_make: bool) -> bytes:
    path = key_folder() / name
    if not path.exists():
        if not may_make:
            raise LandscapeError("a key is missing that private files of this project need", file=name, remedy=_RESTORE)
        with one_writer_in(path.parent):
            if not path.exists():  # nobody else made it meanwhile
                _write(path)
    written = path.read_bytes().strip()
    if not _WRITTEN.fullmatch(written):
        raise LandscapeError("a key is damaged", file=name, remedy=_RESTORE)
    return bytes.fromhex(written.decode())


def _write(path: Path) -> None:
    write_whole(path, secrets.token_hex(_KEY_BYTES), is_private=True)  # half a key would be a different key
