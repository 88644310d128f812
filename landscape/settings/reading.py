"""Reads a text file that people edit, in UTF-8, and gathers what is wrong with it."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

from landscape.errors import LandscapeError
from landscape.paths import project_paths

REMEDY = "correct these in the file; `landscape check --settings` reads all settings again, without a refresh"
_LARGEST = 50_000_000
_CHECKOUT = Path(__file__).resolve().parent.parent.parent
_OTHER_FILES = {
    b"\xff\xfe": "it is in UTF-16, which Notepad calls “Unicode”",
    b"\xfe\xff": "it is in UTF-16, which Notepad calls “Unicode big endian”",
    b"PK\x03\x04": "it is a workbook or another zip archive under this name",
    b"\xd0\xcf\x11\xe0": "it is an old or locked workbook under this name",
}
_IN_UTF8 = "in Excel, save it as “CSV UTF-8 (Comma delimited)”; in Notepad, choose the encoding UTF-8"
_NO_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
INTEGER = re.compile(r"0|-?[1-9][0-9]{0,17}")
NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Findings:
    """What is wrong with one file, gathered so that it can all be reported at once.

    Args:
        path: The file.
        error: What to raise.
        remedy: What to do, if a finding does not say so itself.
    """

    def __init__(self, path: Path, error: type[LandscapeError] = LandscapeError, remedy: str = REMEDY) -> None:
        self.file = shown(path)
        self._error = error
        self._remedy = remedy
        self._found: list[tuple[int, str]] = []

    def __bool__(self) -> bool:
        return bool(self._found)

    def add(self, line: int | None, says: str) -> None:
        """Notes what is wrong, and on which line; None if it concerns the whole file."""
        if (line or 0, says) not in self._found:
            self._found.append((line or 0, says))

    def refuse(self) -> None:
        """Raises what was found, in the order of lines; does nothing if nothing was."""
        if self._found:
            raise self._error(
                "it is not as it must be",
                file=self.file,
                culprits=[f"line {line}: {says}" if line else says for line, says in sorted(self._found)],
                remedy=self._remedy,
            )


def shown(path: Path) -> str:
    """A file as messages name it: relative to the project folder, if it is in there."""
    for root in (project_paths().root, _CHECKOUT):
        if path.is_relative_to(root):
            return path.relative_to(root).as_posix()
    return str(path)


def read_text(path: Path, findings: Findings) -> str:
    """The text of a file in UTF-8, with or without the byte order mark that Excel and Notepad write.

    Raises:
        LandscapeError: It is missing, in another encoding, or was cut short; as `findings` says.
    """
    try:
        held = path.read_bytes()
    except OSError as error:
        findings.add(None, f"it cannot be opened ({error.strerror})")
        findings.refuse()
        raise
    if len(held) > _LARGEST:
        findings.add(None, f"it has {len(held):,} bytes, more than settings ever have")
        findings.refuse()
    for mark, what in _OTHER_FILES.items():
        if held.startswith(mark):
            findings.add(None, f"{what}, not in UTF-8; {_IN_UTF8}")
            findings.refuse()
    try:
        text = held.decode("utf-8").lstrip("\ufeff")
    except UnicodeDecodeError as error:
        is_cut = error.end >= len(held) and error.reason == "unexpected end of data"
        looks = (
            "it ends within a letter: it was cut short" if is_cut else "it looks like Windows-1252 (Notepad’s “ANSI”)"
        )
        findings.add(held.count(b"\n", 0, error.start) + 1, f"it is not in UTF-8: {looks}; {_IN_UTF8}")
        findings.refuse()
    for sign in _NO_TEXT.finditer(text):
        findings.add(
            text.count("\n", 0, sign.start()) + 1,
            f"there is a sign that no text has (U+{ord(sign.group()):04X}): the file was damaged",
        )
    if text and text[-1] not in "\r\n":
        findings.add(
            len(text.splitlines()),
            "the last line has no end, so the file may have been cut short; compare it with an earlier version, "
            "then press Enter at its end",
        )
    findings.refuse()
    return text


def day(value: object) -> dt.date:
    """A day as it is written in settings.

    >>> day("2017-06-30")
    datetime.date(2017, 6, 30)

    Raises:
        ValueError: It is not a day, or is written in another way.
    """
    if isinstance(value, dt.date):
        return value
    try:
        if isinstance(value, str) and _DAY.fullmatch(value):
            return dt.date.fromisoformat(value)
    except ValueError:
        pass
    raise ValueError("is not a day; write it as in 2017-06-30")
