"""The family of errors: each names file, culprits and remedy, and shows no respondent's words."""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

_PROJECT = Path(__file__).resolve().parent.parent


class LandscapeError(Exception):
    """Something a person can put right.

    Args:
        message: What is wrong, in one sentence.
        file: The file at fault, if there is one.
        culprits: Every line, column or code at fault, not only the first.
        remedy: What to do next.
    """

    def __init__(
        self,
        message: str,
        *,
        file: Path | str | None = None,
        culprits: Sequence[str] = (),
        remedy: str = "",
    ) -> None:
        self.message = message
        self.file = str(file) if file is not None else None
        self.culprits = tuple(culprits)
        self.remedy = remedy
        super().__init__(self._text())

    def _text(self) -> str:
        head = f"{self.file}: {self.message}" if self.file else self.message
        lines = [head, *(f"  - {culprit}" for culprit in self.culprits)]
        if self.remedy:
            lines.append(f"What to do: {self.remedy}")
        return "\n".join(lines)


class ReceivedFileError(LandscapeError, ValueError):
    """A received file cannot be read as what it claims to be."""


class ContractError(LandscapeError, ValueError):
    """An export does not fit its questionnaire."""


class MixedSampleError(LandscapeError, ValueError):
    """There are made-up rows beside real ones."""


class SurveyDefinitionError(LandscapeError, ValueError):
    """A survey folder (survey.yml, questionnaire.md) does not contain what it must."""


class TableModelError(LandscapeError, ValueError):
    """A .sql and .yml pair do not agree, or one of them is missing."""


class ReferenceDataError(LandscapeError, ValueError):
    """A reference file breaks its own rules."""


class StagingDatabaseBusyError(LandscapeError, TimeoutError):
    """Another refresh holds the staging database."""


class StagingDatabaseError(LandscapeError, OSError):
    """The staging database cannot be opened."""


class PublishError(LandscapeError, OSError):
    """Publishing could not be completed; what was published before is unchanged."""


class PersonalDataError(LandscapeError, ValueError):
    """Personal data are where they must not be."""


class DisclosureError(LandscapeError, ValueError):
    """A table of people shows what must stay hidden, or lets a reader work it out."""


class OpenDataError(LandscapeError, OSError):
    """An open-data service gave no answer, or one that cannot be used; what was there before is unchanged."""


class SourceError(LandscapeError, RuntimeError):
    """A service could not be pulled; what was pulled before is unchanged."""


class SourceUnreachableError(SourceError):
    """A service cannot be reached, or is not working at the moment; it may work later."""


class SourceSkippedError(SourceError):
    """A service is skipped on purpose: secrets are missing, or its answers may no longer be kept."""


class RenderError(LandscapeError, RuntimeError):
    """A picture, page or document could not be made."""


class EditedDocumentError(LandscapeError, ValueError):
    """A Word document that a person edited cannot be brought up to date."""


class UnforeseenError(LandscapeError, RuntimeError):
    """An unforeseen error, reported by kind and place only."""


@contextmanager
def without_words(doing: str) -> Iterator[None]:
    """Reports unforeseen errors without their message, which may repeat an answer: Dagster keeps every message.

    Our own errors, and those of disk and memory, are passed on as they are: they do not show cells.

    Args:
        doing: What was being done, as in "loading".

    Raises:
        UnforeseenError: Something else went wrong.
    """
    import duckdb

    try:
        yield
    except (LandscapeError, OSError, MemoryError, duckdb.OperationalError):
        raise
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        ours = [f for f in frames if Path(f.filename).is_relative_to(_PROJECT) and ".venv" not in f.filename]
        place = f"{Path(ours[-1].filename).relative_to(_PROJECT).as_posix()}:{ours[-1].lineno}" if ours else "unknown"
        raise UnforeseenError(
            f"{type(error).__name__} while {doing}",
            culprits=[f"at {place}"],
            remedy="tell the person who looks after the project; the message itself is not kept, as it may repeat an answer",
        ) from None
