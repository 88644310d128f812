"""Turns SVG into PNG with a palette, using Typst."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path

from landscape.charts.text import FONTS
from landscape.progress import making

PNG_SCALE = 3
_PIXELS_PER_INCH = 96  # of an SVG
_COLOURS = 256
_AT_ONCE = 4
_PAGES = Path(__file__).with_name("png.typ")


def pngs_of(svgs: Sequence[str]) -> list[bytes]:
    """A PNG of each SVG, PNG_SCALE times as large."""
    pngs: list[bytes] = []
    for at in range(0, len(svgs), _AT_ONCE):
        making(f"PNG {at + 1} of {len(svgs)}")
        pngs += map(_with_palette, _in_full_colour(svgs[at : at + _AT_ONCE]))
    return pngs


def _in_full_colour(svgs: Sequence[str]) -> list[bytes]:
    import typst

    drawn = typst.compile(
        _PAGES,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        sys_inputs={"svgs": json.dumps(svgs)},
        format="png",
        ppi=_PIXELS_PER_INCH * PNG_SCALE,
    )
    return drawn if isinstance(drawn, list) else [drawn]


def _with_palette(png: bytes) -> bytes:
    """The picture in 256 colours: median cut without dither, which leaves every fill as it is."""
    from PIL import Image

    with Image.open(io.BytesIO(png)) as picture:
        few = picture.convert("RGB").quantize(_COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    out = io.BytesIO()
    few.save(out, "png")
    return out.getvalue()
