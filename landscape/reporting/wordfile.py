"""A Word file as a package of parts: opens it, replaces parts and pictures, saves it."""

from __future__ import annotations

import hashlib
import posixpath
import tempfile
import zipfile
from pathlib import Path

from landscape.errors import EditedDocumentError

MAIN = "word/document.xml"
TYPES = "[Content_Types].xml"
COMMENTS = "word/comments.xml"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_OPENED_WITH_A_PASSWORD = b"\xd0\xcf\x11\xe0"
_FIRST_DATE = (1980, 1, 1, 0, 0, 0)


class WordFile:
    """The parts of a .docx file by name; unchanged parts are saved exactly as they were.

    Args:
        path: The file.

    Raises:
        EditedDocumentError: It is not a Word document, or cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with path.open("rb") as stream:
                begins = stream.read(4)
            with zipfile.ZipFile(path) as archive:
                self._entries = archive.infolist()
                self.parts = {entry.filename: archive.read(entry) for entry in self._entries}
        except FileNotFoundError as error:
            raise EditedDocumentError("there is no such file", file=path, remedy="check its name and folder") from error
        except zipfile.BadZipFile as error:
            protected = begins == _OPENED_WITH_A_PASSWORD
            raise EditedDocumentError(
                "it is protected with a password, or an old .doc" if protected else "it is not a Word document (.docx)",
                file=path,
                remedy="open it in Word and save it as a Word document (.docx), without a password",
            ) from error
        except OSError as error:
            raise EditedDocumentError(
                f"it cannot be read ({error.strerror})", file=path, remedy="close it in Word, then try again"
            ) from error
        if MAIN not in self.parts:
            raise EditedDocumentError(
                "it is not a Word document (.docx)", file=path, remedy="give the document that you edited in Word"
            )

    def texts(self) -> list[str]:
        """Names of the parts with text: body, headers, footers, notes."""
        kinds = ("document", "header", "footer", "footnotes", "endnotes")
        return sorted(
            n for n in self.parts if n.startswith(tuple(f"word/{kind}" for kind in kinds)) and n.endswith(".xml")
        )

    def picture(self, part: str, relation: str) -> bytes:
        """The bytes of the picture with a relation's id in a part; empty if it is not in the file."""
        for element in self._relations(part):
            if element.get("Id") == relation and element.get("TargetMode") != "External":
                return self.parts.get(_resolved(part, element.get("Target", "")), b"")
        return b""

    def add_picture(self, part: str, png: bytes) -> str:
        """Adds a picture, once however often it is used, and returns the id of its relation."""
        name = f"media/landscape-{hashlib.sha256(png).hexdigest()[:16]}.png"
        self.parts.setdefault(f"word/{name}", png)
        self._declare("Default", "Extension", "png", "image/png")
        return self._relate(part, f"{_R}/image", name)

    def add_comments_part(self) -> None:
        """Adds an empty part for comments, if there is none."""
        if COMMENTS not in self.parts:
            w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
            head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            self.parts[COMMENTS] = f'{head}<w:comments xmlns:w="{w}"/>'.encode()
            kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
            self._declare("Override", "PartName", f"/{COMMENTS}", kind)
            self._relate(MAIN, f"{_R}/comments", "comments.xml")

    def forget_pictures(self, part: str, relations: set[str]) -> None:
        """Removes pictures that a part no longer shows, so that no old picture stays hidden in the file."""
        from lxml import etree

        root = self._relations(part)
        for element in list(root):
            if element.get("Id") in relations and f'"{element.get("Id")}"'.encode() not in self.parts[part]:
                root.remove(element)
                self.parts[_relations_of(part)] = etree.tostring(
                    root, xml_declaration=True, encoding="UTF-8", standalone=True
                )
                picture = _resolved(part, element.get("Target", ""))
                if picture not in self._targets():
                    self.parts.pop(picture, None)

    def _targets(self) -> set[str]:
        found: set[str] = set()
        for name in self.parts:
            if name.endswith(".rels") and name.startswith("word/"):
                owner = f"word/{posixpath.basename(name).removesuffix('.rels')}"
                found |= {_resolved(owner, element.get("Target", "")) for element in self._relations(owner)}
        return found

    def _relations(self, part: str):  # type: ignore[no-untyped-def]  # noqa: ANN202 - an element of lxml
        from lxml import etree

        data = self.parts.get(_relations_of(part))
        return etree.fromstring(data) if data else etree.Element(f"{_RELS}Relationships", nsmap={None: _RELS[1:-1]})

    def _relate(self, part: str, kind: str, target: str) -> str:
        from lxml import etree

        root = self._relations(part)
        for element in root:
            if element.get("Target") == target:
                return str(element.get("Id"))
        taken = {element.get("Id") for element in root}
        relation = next(f"rIdL{n}" for n in range(1, len(taken) + 2) if f"rIdL{n}" not in taken)
        etree.SubElement(root, f"{_RELS}Relationship", Id=relation, Type=kind, Target=target)
        self.parts[_relations_of(part)] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
        return relation

    def _declare(self, element: str, key: str, value: str, kind: str) -> None:
        from lxml import etree

        root = etree.fromstring(self.parts[TYPES])
        if not any(found.get(key, "").lower() == value.lower() for found in root):
            declared = etree.Element(f"{_TYPES}{element}", {key: value, "ContentType": kind})
            root.insert(0, declared) if element == "Default" else root.append(declared)
            self.parts[TYPES] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)

    def save(self, out: Path) -> None:
        """Writes a new file, then replaces the old one in one move.

        Raises:
            EditedDocumentError: It cannot be written, for example because Word has it open.
        """
        known = {entry.filename: entry for entry in self._entries}
        draft = None
        try:
            with tempfile.NamedTemporaryFile(dir=out.parent, suffix=".docx.tmp", delete=False) as stream:
                draft = Path(stream.name)
                with zipfile.ZipFile(stream, "w") as archive:
                    for name, data in self.parts.items():
                        entry = known.get(name) or zipfile.ZipInfo(name, _FIRST_DATE)
                        kind = entry.compress_type if name in known else zipfile.ZIP_DEFLATED
                        archive.writestr(entry, data, compress_type=kind)
            draft.replace(out)
        except OSError as error:
            raise EditedDocumentError(
                f"it cannot be written ({error.strerror})",
                file=out,
                remedy="close it in Word, check that you may write to its folder, or give another place with --out",
            ) from error
        finally:
            if draft is not None:
                draft.unlink(missing_ok=True)


def refuse_open(path: Path) -> None:
    """Refuses to replace a document that is open in Word or LibreOffice: one of the two versions would be lost.

    Raises:
        EditedDocumentError: There is a lock file beside it.
    """
    marks = (f"~${path.name}", f"~${path.name[1:]}", f"~${path.name[2:]}", f".~lock.{path.name}#")
    if any((path.parent / mark).exists() for mark in marks):
        raise EditedDocumentError(
            "it is open in Word or LibreOffice",
            file=path,
            remedy="save and close it, then try again; or write to another file with --out",
        )


def _relations_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return f"{folder}/_rels/{name}.rels"


def _resolved(part: str, target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{posixpath.dirname(part)}/{target}")
