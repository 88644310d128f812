"""Makes Plotly's SVG smaller and labels its areas; gives the parts of it that documents and pages use."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from landscape.charts.style import FAMILY

if TYPE_CHECKING:
    from landscape.charts.chart import Chart

_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_OUTLINE = 300  # characters from which on path data is an outline, or many boxes: tenths of a pixel are enough for it
_REPEATED = 60  # characters from which on it is worth defining path data once
_STRAIGHT = re.compile(r"[MLZ\d.,\s-]+\Z")
_POINT = re.compile(r"(-?[\d.]+),(-?[\d.]+)")
_LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?|-?\d(?:\.\d+)?e-\d+")
_COLOUR = re.compile(r"rgb\((\d+), (\d+), (\d+)\)")
_REFERENCE = re.compile(r"url\(['\"]?#([^'\")]+)['\"]?\)")
_NO_MOVE = re.compile(r"\s*(?:rotate\(0,[^)]*\)|translate\(0,\s*0\))\s*")
_SAME_WITHOUT = {
    ("fill-opacity", "1"),
    ("stroke-opacity", "1"),
    ("opacity", "1"),
    ("vector-effect", "none"),
    ("white-space", "pre"),
    ("stroke-miterlimit", "2"),  # given once, at the root
    ("transform", ""),
    ("patternTransform", ""),
}
_OF_PLOTLY = ("class", "data-index", "font-family", "data-unformatted", "data-math")
_AREA = re.compile(r'<g id="([^"]+)"><title>(.*?)</title>')
_OF_THE_FILE = re.compile(r"<style>.*?</style>|<metadata .*?</metadata>", re.DOTALL)


def numbered_traces(figure: dict[str, Any]) -> dict[str, Any]:
    """A figure as plain data whose traces can be recognised in its SVG, whatever order they are drawn in."""
    return {**figure, "data": [{**trace, "uid": f"-{i}"} for i, trace in enumerate(figure["data"])]}


def lightened(svg: str, chart: Chart) -> str:
    """The same picture without elements that draw nothing, its outlines defined once, and with its areas labelled.

    Args:
        svg: As Plotly writes it for `numbered_traces`.
        chart: The chart; traces of its plot with a text get it as their title, which browsers show on pointing.
    """
    from lxml import etree

    root = etree.fromstring(svg.encode("utf-8"))
    _plain_attributes(root)
    _name_areas(root, chart)
    for trace in list(root.iter(f"{_SVG}g")):
        if "trace" in trace.get("class", "").split():
            _join_fill_and_outline(trace)
    for path in root.iter(f"{_SVG}path"):
        path.set("d", _shorter(path.get("d", "")))
    for element in root.iter():
        for name in _OF_PLOTLY:
            element.attrib.pop(name, None)
    _drop_what_draws_nothing(root)
    _define_once(root, chart.figure_id)
    root.attrib.update(
        {"font-family": FAMILY, "text-rendering": "geometricPrecision", "stroke-miterlimit": "2"}
    )  # letters go where the font says, not where the machine's hinting would move them
    etree.cleanup_namespaces(root, keep_ns_prefixes=["xlink"])
    light: str = etree.tostring(root, encoding="unicode")
    return light


def with_fonts(svg: str, faces: Sequence[Mapping[str, str]]) -> str:
    """The SVG as a separate file, which looks the same on a machine without the house font.

    Args:
        svg: The SVG.
        faces: Weight and data URL of each face.
    """
    rules = "".join(
        f'@font-face{{font-family:"Open Sans";font-weight:{face["weight"]};src:url({face["url"]}) format("woff2")}}'
        for face in faces
    )
    return svg.replace(">", f"><style>{rules}</style>", 1)


def within_page(svg: str) -> str:
    """A published SVG without its font and mark, for a page that has both."""
    return _OF_THE_FILE.sub("", svg)


def within_reach(svg: str) -> tuple[str, list[tuple[str, str]]]:
    """A published SVG for a page, so that the areas of its map can be reached from the keyboard.

    Returns:
        The SVG, and the id and text of each area in order; none where there is no map, or many small ones.
    """
    part = within_page(svg)
    areas = [(name, html.unescape(text)) for name, text in _AREA.findall(part)]
    if areas:
        part = _AREA.sub(r'<g id="\1" tabindex="0" role="img"><title>\2</title>', part)
        part = part.replace(' role="img"', ' role="group"', 1)  # an image cannot have parts
    return part, areas


def _plain_attributes(root: Any) -> None:  # noqa: ANN401 an element of lxml, here and below
    """Styles become attributes, colours short, numbers no longer than can be seen."""
    for element in root.iter():
        for declaration in element.attrib.pop("style", "").split(";"):
            name, _, value = declaration.partition(":")
            if value:
                element.set(name.strip(), value.strip())
        is_drawn = element.get("stroke-opacity") != "0" and element.get("stroke", "none") != "none"
        for name, value in list(element.attrib.items()):
            if (name, value) in _SAME_WITHOUT or (name.startswith("stroke") and not is_drawn):
                del element.attrib[name]
            elif name != "d":
                element.set(name, _LONG_NUMBER.sub(_two_places, _COLOUR.sub(_short_colour, value.removesuffix("px"))))
        if _NO_MOVE.fullmatch(element.get("transform", "")):
            del element.attrib["transform"]


def _two_places(number: re.Match[str]) -> str:
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")


def _short_colour(colour: re.Match[str]) -> str:
    return "#" + "".join(f"{int(part):02x}" for part in colour.groups())


def _name_areas(root: Any, chart: Chart) -> None:  # noqa: ANN401
    """Areas get their texts, and ids where there is one map and not dozens of small ones."""
    from lxml import etree

    labelled = {f"trace-{i}": trace for i, trace in enumerate(chart.plot.data) if trace.text}
    has_one_map = len({trace.xaxis for trace in labelled.values()}) == 1
    for group in root.iter(f"{_SVG}g"):
        classes = set(group.get("class", "").split())
        for name in classes & set(labelled):
            title = etree.Element(f"{_SVG}title")
            title.text = html.unescape(labelled[name].text)
            group.insert(0, title)
            if has_one_map:
                group.set("id", f"{chart.figure_id}-{name}")
        if "infolayer" in classes:
            group.set("aria-hidden", "true")  # its words are in the alternative text and the areas' texts
            group.set("pointer-events", "none")  # pointing at an area's label means the area
    root.attrib.update({"role": "img", "aria-label": chart.alt})


def _join_fill_and_outline(trace: Any) -> None:  # noqa: ANN401
    """Plotly draws a shape twice, its fill and then its outline; one path can have both."""
    fills = trace.xpath(".//*[contains(@class, 'js-fill')]")
    lines = trace.xpath(".//*[contains(@class, 'js-line')]")
    outline = "".join(f"{line.get('d').removesuffix('Z')}Z" for line in lines)
    if len(fills) == 1 and lines and fills[0].get("d") == outline and len({_look(line) for line in lines}) == 1:
        fills[0].attrib.update({name: value for name, value in _look(lines[0]) if name != "fill"})
        for line in lines:
            line.getparent().remove(line)


def _look(path: Any) -> tuple[tuple[str, str], ...]:  # noqa: ANN401
    return tuple(sorted((name, value) for name, value in path.attrib.items() if name not in ("d", "class")))


def _shorter(data: str) -> str:
    """Path data of straight lines from point to point, each relative to the one before; any other as it is."""
    if not _STRAIGHT.match(data):
        return data
    scale = 10 if len(data) >= _OUTLINE else 100
    return "".join(_ring(part, scale) for part in data.split("M")[1:])


def _ring(part: str, scale: int) -> str:
    points = [(round(float(x) * scale), round(float(y) * scale)) for x, y in _POINT.findall(part)]
    is_closed = part.rstrip().endswith("Z") or (len(points) > 2 and points[0] == points[-1])
    steps = [(x - before_x, y - before_y) for (before_x, before_y), (x, y) in pairwise(points)]
    if is_closed and points[0] == points[-1]:
        steps = steps[:-1]
    start = f"M{points[0][0] / scale:g},{points[0][1] / scale:g}"
    moves = " ".join(f"{x / scale:g},{y / scale:g}" for x, y in steps if x or y)
    return start + (f"l{moves}".replace(" -", "-") if moves else "") + ("z" if is_closed else "")


def _drop_what_draws_nothing(root: Any) -> None:  # noqa: ANN401
    """Empty groups, paths without data, boxes without colour; groups that only hold other elements are opened."""
    for element in reversed(list(root.iter(f"{_SVG}*"))):
        kind, attributes = element.tag.removeprefix(_SVG), element.attrib
        is_empty = kind in ("g", "defs") and not len(element)
        is_unseen = kind in ("path", "rect") and (
            attributes.get("fill-opacity") == "0" or attributes.get("fill") == "none"
        ) and "stroke" not in attributes  # fmt: skip
        if is_empty or is_unseen or (kind == "path" and not attributes.get("d")):
            element.getparent().remove(element)
        elif kind == "g":
            _open(element)
    used = set(_references(root))
    for clip in list(root.iter(f"{_SVG}clipPath")):
        if clip.get("id") not in used:
            clip.getparent().remove(clip)


def _open(group: Any) -> None:  # noqa: ANN401
    """Replace a group by its children where it does nothing, or its attributes can go to its only child."""
    (child, *others), does = group, set(group.attrib)
    movable = does <= {"transform", "opacity"} and not does & set(child.attrib) and "clip-path" not in child.attrib
    if child.tag == f"{_SVG}title" or (does and (others or not movable)):
        return
    if does:
        child.attrib.update(dict(group.attrib))
    parent, at = group.getparent(), group.getparent().index(group)
    parent[at : at + 1] = list(group)


def _references(root: Any) -> Iterator[str]:  # noqa: ANN401
    for element in root.iter():
        for value in element.attrib.values():
            if found := _REFERENCE.search(value):
                yield found[1]


def _define_once(root: Any, figure_id: str) -> None:  # noqa: ANN401
    """Merges patterns, clips and outlines that are alike, and gives them names no other figure on a page has."""
    from lxml import etree

    shared = etree.Element(f"{_SVG}defs")
    names: dict[str, str] = {}  # by what they draw
    renamed: dict[str, str] = {}
    for element in list(root.iter(f"{_SVG}pattern", f"{_SVG}clipPath")):
        old = element.attrib.pop("id")
        look = etree.tostring(element, encoding="unicode")
        if look not in names:
            names[look] = f"{figure_id}-{len(names) + 1}"
            element.set("id", names[look])
            shared.append(element)
        else:
            element.getparent().remove(element)
        renamed[old] = names[look]
    for old_defs in list(root.iter(f"{_SVG}defs")):
        old_defs.getparent().remove(old_defs)
    _rename(root, renamed)
    paths = [path for path in root.iter(f"{_SVG}path") if len(path.get("d")) >= _REPEATED]
    data = [path.get("d") for path in paths]
    for path in paths:
        if data.count(path.get("d")) > 1:
            outline = path.attrib.pop("d")
            if outline not in names:
                names[outline] = f"{figure_id}-{len(names) + 1}"
                etree.SubElement(shared, f"{_SVG}path", {"id": names[outline], "d": outline})
            path.tag = f"{_SVG}use"
            path.set(_HREF, f"#{names[outline]}")
    if len(shared):
        root.insert(0, shared)


def _rename(root: Any, renamed: Mapping[str, str]) -> None:  # noqa: ANN401
    for element in root.iter():
        for name, value in element.attrib.items():
            if found := _REFERENCE.search(value):
                element.set(name, f"url(#{renamed[found[1]]})")
