"""Keys that turn an e-mail address into a pseudonym. Not here: the addresses themselves, which are never stored."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from landscape.errors import LandscapeError

KEY_FOLDER_VARIABLE = "LANDSCAPE_KEYS"
_KEY_BYTES = 32


def key_folder() -> Path:
    """Where keys live: outside the project folder, so that a copy of the project holds no key."""
    from platformdirs import user_config_path

    chosen = os.environ.get(KEY_FOLDER_VARIABLE)
    return Path(chosen) if chosen else user_config_path("engagement-landscape", appauthor=False)


def person_key_secret(survey: str) -> bytes:
    """The secret for one survey, made on first use; a separate one per survey, so that surveys cannot be linked."""
    path = key_folder() / f"person-key-{survey}"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".draft")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(secrets.token_hex(_KEY_BYTES))
        draft.replace(path)  # whole or not there: half a key would be another key
    written = path.read_text(encoding="ascii").strip()
    if len(written) != 2 * _KEY_BYTES:
        raise LandscapeError(
            "the key of a survey is damaged",
            file=path.name,
            remedy="bring it back from your copy of the key folder (README, “Personal data”)",
        )
    return bytes.fromhex(written)


def person_key(email: str, secret: bytes) -> str | None:
    """A stable pseudonym for an e-mail address.

    Args:
        email: As typed; case and surrounding space do not matter.
        secret: From `person_key_secret`.

    Returns:
        HMAC-SHA256 in hexadecimal; None where no address was given.
    """
    normalised = email.strip().casefold()
    if not normalised:
        return None
    return hmac.new(secret, normalised.encode(), hashlib.sha256).hexdigest()
