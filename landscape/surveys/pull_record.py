"""What is known of each survey that is pulled: when, and which responses its service no longer has."""

from __future__ import annotations

import datetime as dt
import json
from codecs import BOM_UTF8
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, ValidationError

from landscape.errors import LandscapeError
from landscape.paths import ProjectPaths
from landscape.private_files import instant, make_private
from landscape.settings.reading import day, shown
from landscape.settings.yamlfiles import Settings
from landscape.writing import one_writer, write_whole

PULLED = "pulled"
"""The name, without its ending, of the one file in a survey's folder that pulls replace."""


@dataclass(frozen=True)
class Record:
    """What earlier pulls of one survey left.

    Args:
        pulled_at: When the file that stands was pulled (UTC); None before the first.
        gone: Responses (survey/wave/number) that were pulled once and are no longer at the service, with the day it was noticed.
    """

    pulled_at: dt.datetime | None = None
    gone: Mapping[str, str] = field(default_factory=dict)


class _Written(Settings):
    """A record as it is written."""

    pulled_at: AwareDatetime | None
    gone: dict[str, Annotated[str, AfterValidator(lambda text: day(text).isoformat())]]


def is_pulled(path: Path) -> bool:
    """Whether a received file is the one that pulls replace."""
    return path.stem == PULLED


def read_record(paths: ProjectPaths, survey: str) -> Record:
    """The record of a survey; an empty one where it was never pulled.

    Raises:
        LandscapeError: It is damaged.
    """
    path = _path(paths, survey)
    if not path.exists():
        return Record()
    try:
        held = _Written.model_validate_json(path.read_bytes().removeprefix(BOM_UTF8))
    except ValidationError:
        raise LandscapeError(
            "it is damaged or was edited",
            file=shown(path),
            remedy="delete it: what was deleted at the service since the last pull is then no longer known",
        ) from None
    return Record(held.pulled_at, held.gone)


def write_record(paths: ProjectPaths, survey: str, record: Record) -> None:
    """Replaces a survey's record whole, for its owner only."""
    path = _path(paths, survey)
    make_private(path.parent)
    held = {"pulled_at": record.pulled_at and instant(record.pulled_at), "gone": dict(sorted(record.gone.items()))}
    with one_writer(paths):
        write_whole(path, json.dumps(held, indent=1), is_private=True)


def _path(paths: ProjectPaths, survey: str) -> Path:
    return paths.pulled / f"{survey}.json"
