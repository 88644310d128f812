"""Replaces the content of one content control: a text, the rows of a table, a picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from landscape.reporting.wordxml import W

if TYPE_CHECKING:
    from lxml.etree import _Element

_NS = {
    "w": W[1:-1],
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
}
_EMBED = f"{{{_NS['r']}}}embed"
_WHOLE = 100_000
"""A picture's crop is given in thousandths of a per cent."""
_MARKS = ("commentRangeStart", "commentRangeEnd", "commentReference", "bookmarkStart", "bookmarkEnd")


def parsed(content: bytes, namespaces: dict[str, str]) -> _Element:
    """The content of a control, below an element that is not part of it."""
    from lxml import etree

    declared = " ".join(f'xmlns{":" if prefix else ""}{prefix}="{uri}"' for prefix, uri in sorted(namespaces.items()))
    return etree.fromstring(b"<content " + declared.encode() + b">" + content + b"</content>")


def serialised(content: _Element) -> bytes:
    """The reverse of `parsed`."""
    from lxml import etree

    data: bytes = etree.tostring(content, encoding="UTF-8", xml_declaration=False)
    return data[data.index(b">") + 1 : data.rindex(b"</content>")]


def text_of(element: _Element) -> str:
    """The text that a reader sees, without tracked deletions."""
    return "".join(part.text or "" for part in element.iter(f"{W}t"))


def has_text(element: _Element) -> bool:
    """Whether there is a place for text at all; a person may have removed it."""
    return next(element.iter(f"{W}t"), None) is not None


def has_table(element: _Element) -> bool:
    """Whether there is a table."""
    return next(element.iter(f"{W}tbl"), None) is not None


def set_content(element: _Element, source: _Element) -> None:
    """Replaces all content by a copy of the content of the report's control."""
    for part in list(element):
        element.remove(part)
    element.extend(deepcopy(part) for part in source)


def set_text(element: _Element, text: str) -> None:
    """Puts a text in place of the first piece of text, with its format, and removes the others.

    Word splits a text into runs as it likes; comments, bookmarks and tracked changes around them are kept.
    """
    from lxml import etree

    pieces = list(element.iter(f"{W}t"))
    if not pieces:
        paragraph = next(element.iter(f"{W}p"), element)
        pieces = [etree.SubElement(etree.SubElement(paragraph, f"{W}r"), f"{W}t")]
    pieces[0].text = text
    pieces[0].set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    for piece in pieces[1:]:
        run = piece.getparent()
        run.remove(piece)
        if all(part.tag == f"{W}rPr" for part in run):
            run.getparent().remove(run)
    for mistake in list(element.iter(f"{W}proofErr")):
        mistake.getparent().remove(mistake)


@dataclass(frozen=True)
class CellChange:
    """A cell that changed: where, and its texts; one of them is empty if a row was added or removed."""

    place: str
    old: str
    new: str


def set_table(content: _Element, source: _Element) -> list[CellChange]:
    """Brings a table up to date and keeps its format: rows by their first cell, columns by their headings.

    Columns that a person removed stay removed. A table whose columns can no longer be identified, for example after
    cells were merged, gets all rows again.

    Args:
        content: The content of the control; its first table is changed.
        source: The content in the report.
    """
    table, fresh = (next(element.iter(f"{W}tbl")) for element in (content, source))
    old, new = _matrix(table), _matrix(fresh)
    columns = _columns(old, new)
    if columns is None:
        for row in _rows(table):
            row.getparent().remove(row)
        for part in list(table.iterchildren(f"{W}tblGrid")):
            table.replace(part, deepcopy(next(fresh.iterchildren(f"{W}tblGrid"))))
        table.extend(deepcopy(row) for row in _rows(fresh))
        return [CellChange("the whole table", "", "")]
    wanted = [[row[i] for i in columns] for row in new]
    if old == wanted:
        return []
    _set_rows(table, old, wanted, [_cut(row, columns) for row in _rows(fresh)])
    return list(_cell_changes(old, wanted))


def _set_rows(table: _Element, old: list[list[str]], wanted: list[list[str]], fresh: list[Any]) -> None:
    rows = _rows(table)
    like = rows[-1] if len(rows) > 1 else fresh[-1]
    by_key = dict(zip(_keys(old), rows, strict=True))
    keys = _keys(wanted)
    by_key.setdefault(keys[0], rows[0])
    place = rows[0]
    for key, texts in zip(keys, wanted, strict=True):
        row = by_key[key] if key in by_key else _like(like)
        for cell, text in zip(_cells(row), texts, strict=True):
            if text_of(cell) != text:
                set_text(cell, text)
        if row is not place:
            place.addnext(row)
        place = row
    for row in rows:
        if row not in [by_key.get(key) for key in keys]:
            row.getparent().remove(row)


def _cut(row: _Element, columns: list[int]) -> _Element:
    """A copy of a row with some of its cells."""
    new = deepcopy(row)
    for position, cell in enumerate(_cells(new)):
        if position not in columns:
            cell.getparent().remove(cell)
    return new


def _like(row: _Element) -> _Element:
    """A new row formatted like another, without its marks and ids, which must be unique."""
    new = deepcopy(row)
    for part in list(new.iter(*(f"{W}{mark}" for mark in _MARKS))):
        part.getparent().remove(part)
    for part in new.iter():
        for name in [name for name in part.attrib if name.endswith(("}paraId", "}textId"))]:
            del part.attrib[name]
    return new


def _cell_changes(old: list[list[str]], new: list[list[str]]) -> Iterator[CellChange]:
    before, after = dict(zip(_keys(old), old, strict=True)), dict(zip(_keys(new), new, strict=True))
    for key, texts in after.items():
        if key not in before and key != _keys(new)[0]:
            yield CellChange("new row", "", " · ".join(texts))
        for heading, was, now in zip(new[0], before.get(key, texts), texts, strict=True):
            if was != now:
                yield CellChange(f"{key[0]}, {heading}", was, now)
    for key, texts in before.items():
        if key not in after and key != _keys(old)[0]:
            yield CellChange("row gone", " · ".join(texts), "")


def _keys(matrix: list[list[str]]) -> list[tuple[str, int]]:
    """A row's first cell, and how many rows before it have the same one."""
    seen: Counter[str] = Counter()
    keys = []
    for row in matrix:
        keys.append((row[0], seen[row[0]]))
        seen[row[0]] += 1
    return keys


def _columns(old: list[list[str]], new: list[list[str]]) -> list[int] | None:
    """Which columns of the report's table a document's table has; None if that is unclear."""
    if not old or any(len(row) != len(old[0]) for row in old):
        return None
    headings = new[0]
    if len(set(headings)) == len(headings) and set(old[0]) <= set(headings):
        return [headings.index(heading) for heading in old[0]]
    return list(range(len(headings))) if len(old[0]) == len(headings) else None


def _matrix(table: _Element) -> list[list[str]]:
    return [[text_of(cell) for cell in _cells(row)] for row in _rows(table)]


def _rows(table: _Element) -> list[Any]:
    return list(table.xpath("./w:tr | ./w:sdt/w:sdtContent/w:tr", namespaces=_NS))


def _cells(row: _Element) -> list[Any]:
    return list(row.xpath("./w:tc | ./w:sdt/w:sdtContent/w:tc", namespaces=_NS))


def pictures_in(content: _Element) -> list[str]:
    """The relations of the pictures in a control."""
    return [blip.get(_EMBED) for blip in content.iter(f"{{{_NS['a']}}}blip") if blip.get(_EMBED)]


def set_picture(content: _Element, source: _Element, relation: str) -> None:
    """Replaces a picture; its width is kept and, at the new picture's proportions, its cropping.

    Args:
        content: The content of the control, with a picture.
        source: The content in the report.
        relation: The new picture's relation in the document.
    """
    for blip in content.iter(f"{{{_NS['a']}}}blip"):
        blip.set(_EMBED, relation)
    fresh = next(source.iter(f"{{{_NS['wp']}}}extent"))
    proportion = int(fresh.get("cy")) / int(fresh.get("cx"))
    crop = next(content.iter(f"{{{_NS['a']}}}srcRect"), None)
    if crop is not None:
        left, right, top, bottom = (int(crop.get(side, 0)) / _WHOLE for side in "lrtb")
        proportion *= (1 - top - bottom) / (1 - left - right)
    extents = [*content.iter(f"{{{_NS['wp']}}}extent"), *content.xpath(".//pic:spPr/a:xfrm/a:ext", namespaces=_NS)]
    for extent in extents:
        extent.set("cy", str(round(int(extent.get("cx")) * proportion)))


def set_description(content: _Element, source: _Element) -> bool:
    """Brings a picture's alternative text up to date; True if it changed."""
    path = ".//wp:docPr | .//pic:cNvPr"
    text = source.xpath(path, namespaces=_NS)[0].get("descr", "")
    found = [part for part in content.xpath(path, namespaces=_NS) if part.get("descr")]
    changed = [part for part in found if part.get("descr") != text]
    for part in changed:
        part.set("descr", text)
    return bool(changed)
