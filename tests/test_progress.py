"""What is shown while something long is made."""

from __future__ import annotations

import io

from rich.console import Console

from landscape.charts.png import pngs_of
from landscape.progress import making, shown_by
from pipelines.progress import progress


def test_the_line_names_the_step_and_what_it_is_at() -> None:
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=120)
    with progress(console) as begins:
        begins("figures__drawn", 3, 9)
        making("picture 2 of 5")
    assert "figures / drawn: picture 2 of 5" in out.getvalue()
    assert "3/9" in out.getvalue()
    making("nobody listens")
    assert "nobody listens" not in out.getvalue()


def test_pictures_are_made_a_few_at_a_time_so_that_the_line_moves() -> None:
    square = '<rect width="4" height="4"/>'
    svgs = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{n}" height="9">{square}</svg>' for n in range(10, 16)]
    said: list[str] = []
    with shown_by(said.append):
        together = pngs_of(svgs)
    assert said == ["PNG 1 of 6", "PNG 5 of 6"]
    assert together == [png for svg in svgs for png in pngs_of([svg])]
