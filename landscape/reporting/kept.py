"""Whether the report published last still stands, so that it need not be written anew. Not here: writing it."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from landscape.pii_scan import Known
from landscape.publishing import file_sha256
from landscape.reporting.content import Report

_LIBRARIES = ("docxtpl", "jinja2", "lxml", "pillow", "python-docx", "typst")
_PACKAGE = Path(__file__).parent.parent


@dataclass(frozen=True)
class KeptReport:
    """What is known of the last published report. Its file may be deleted; the report is then written anew.

    Args:
        path: The file that this is kept in.
        rests_on: Fingerprint of all that the report of today is made from, as `fingerprint` gives it.
    """

    path: Path
    rests_on: str

    def pages(self, folder: Path) -> list[bytes] | None:
        """Pictures of the first pages where the published files rest on the same and nobody changed them, else None."""
        if not self.path.exists():
            return None
        kept = json.loads(self.path.read_text(encoding="utf-8"))
        stands = kept["rests_on"] == self.rests_on and all(
            (folder / name).is_file() and file_sha256(folder / name) == sha256 for name, sha256 in kept["files"].items()
        )
        return [base64.b64decode(page) for page in kept["pages"]] if stands else None

    def keep(self, folder: Path, names: Sequence[str], pages: Sequence[bytes]) -> None:
        """Notes what was published just now."""
        kept = {
            "rests_on": self.rests_on,
            "files": {name: file_sha256(folder / name) for name in names},
            "pages": [base64.b64encode(page).decode() for page in pages],
        }
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_suffix(".draft")
        draft.write_text(json.dumps(kept), encoding="utf-8")
        draft.replace(self.path)


def fingerprint(report: Report, figures: Path, template: Path, known: Known) -> str:
    """Of all that decides on a report's files: words, figures, template, program, and what the gate lets pass.

    Args:
        report: Its content.
        figures: The folder of figures.json, which holds the checksum of every file of a figure.
        template: The Word template.
        known: People whose names and numbers must not stand in it.
    """
    people = [sorted(known.names), sorted(known.telephones), sorted(known.allowed)]
    parts = [repr(report), json.dumps(people), *(f"{library} {version(library)}" for library in _LIBRARIES)]
    found = hashlib.sha256("\0".join(parts).encode("utf-8", errors="surrogatepass"))
    for path in (figures / "figures.json", template, *_program()):
        found.update(bytes.fromhex(file_sha256(path)))
    return found.hexdigest()


def _program() -> Iterator[Path]:
    yield from (_PACKAGE / "pii_scan.py", _PACKAGE / "figure_marks.py", _PACKAGE / "charts" / "style.py")
    for folder in (_PACKAGE / "reporting", _PACKAGE / "charts" / "fonts"):
        yield from sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix != ".pyc")
