"""The mark in a figure's file: which figure, which release, which data."""

from __future__ import annotations

import html
import io
import json
import re
import struct
import zipfile
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from landscape.errors import LandscapeError

DRAFT_RELEASE = "draft"
KEYWORD = "landscape-figure"
PROPERTIES_PART = "docProps/custom.xml"
_SVG = re.compile(rf'<metadata id="{KEYWORD}">(.*?)</metadata>')
_HTML = re.compile(rf"<!-- {KEYWORD} (.*?) -->")
_PNG_HEAD = 8 + 4 + 4 + 13 + 4  # the signature and the first chunk, IHDR


@dataclass(frozen=True)
class Mark:
    """A figure's id, release and data.

    Args:
        figure_id: The figure.
        release: The release it belongs to, or "draft".
        data_sha256: Checksum of its data table, the CSV file.
    """

    figure_id: str
    release: str
    data_sha256: str

    @property
    def text(self) -> str:
        """The mark as written in a file."""
        return json.dumps(asdict(self), ensure_ascii=True)


def marked_svg(svg: str, mark: Mark) -> str:
    """The picture with the mark as its metadata."""
    metadata = f'<metadata id="{KEYWORD}">{html.escape(mark.text, quote=False)}</metadata>'
    return re.sub(r"<svg [^>]*>", lambda tag: tag.group() + metadata, svg, count=1)


def marked_html(page: str, mark: Mark) -> str:
    """The page with the mark as a comment in its head."""
    return page.replace("<head>\n", f"<head>\n<!-- {KEYWORD} {mark.text} -->\n", 1)


def marked_png(png: bytes, mark: Mark, *, dots_per_metre: int = 0) -> bytes:
    """The picture with the mark as an iTXt chunk after its header; its pixels are not touched.

    Args:
        png: The picture.
        mark: The mark.
        dots_per_metre: Its resolution, if documents should show it at its own size.
    """
    chunks = _chunk(b"iTXt", KEYWORD.encode("latin-1") + b"\0\0\0\0\0" + mark.text.encode())
    if dots_per_metre:
        chunks = _chunk(b"pHYs", struct.pack(">IIB", dots_per_metre, dots_per_metre, 1)) + chunks
    return png[:_PNG_HEAD] + chunks + png[_PNG_HEAD:]


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def read_marks(path: Path) -> list[Mark]:
    """The marks in a file: one in a figure's picture or page, one for each figure in a Word document.

    Raises:
        LandscapeError: It has none.
    """
    kind = path.suffix.casefold()
    found: list[str] = []
    if kind == ".png":
        found = _png_texts(path.open("rb"))
    elif kind == ".docx":
        found = _docx_texts(path)
    elif kind in (".svg", ".html", ".htm"):
        text = path.read_text(encoding="utf-8", errors="replace")
        found = [html.unescape(each) for each in (_SVG if kind == ".svg" else _HTML).findall(text)[:1]]
    if not found:
        raise LandscapeError(
            "it does not say which figure it is",
            file=path.name,
            remedy="PNG, SVG and HTML files of figures and reports in Word say so, unless another program has saved them "
            "again; the report prints the id of each figure below it",
        )
    return [Mark(**json.loads(text)) for text in found]


def _docx_texts(path: Path) -> list[str]:
    """Marks of the pictures in a document, including pasted ones; if there are none, the marks in its properties."""
    found: list[str] = []
    try:
        with zipfile.ZipFile(path) as document:
            for name in sorted(document.namelist()):
                if name.startswith("word/media/") and name.endswith(".png"):
                    found += _png_texts(io.BytesIO(document.read(name)))
    except zipfile.BadZipFile:
        return []
    return list(dict.fromkeys(found)) or figure_properties(path)


def figure_properties(path: Path) -> list[str]:
    """The marks of figures in a Word document."""
    from lxml import etree

    with zipfile.ZipFile(path) as document:
        if PROPERTIES_PART not in document.namelist():
            return []
        tree = etree.fromstring(
            document.read(PROPERTIES_PART), etree.XMLParser(resolve_entities=False, no_network=True)
        )
    return ["".join(one.itertext()) for one in tree if str(one.get("name")).startswith(f"{KEYWORD} ")]


def _png_texts(picture: IO[bytes]) -> list[str]:
    from PIL import Image, UnidentifiedImageError

    try:
        with picture, Image.open(picture) as image:
            text = getattr(image, "text", {}).get(KEYWORD)
    except UnidentifiedImageError:
        return []
    return [str(text)] if text else []
