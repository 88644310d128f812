"""The command `match`: the areas that one area could learn from."""

from __future__ import annotations

from typing import Annotated

import typer

from landscape.paths import project_paths
from pipelines.cli.terminal import console, head, say


def match(area: Annotated[str, typer.Argument(help="A force area: name, code or another spelling.")]) -> None:
    """Lists the areas that an area could learn from, and why.

    The best match first.
    """
    from rich.padding import Padding
    from rich.text import Text

    from landscape.analysis.matching import matches_of

    found = matches_of(project_paths(), area)
    head(f"What {found.force_area_name} could learn, and where")
    if found.is_sample:
        head("Made-up sample data: this says nothing about these areas.")
    if not found.is_visited:
        say(f"Nobody has visited {found.force_area_name} yet, so nothing can be said to be missing there.")
    elif not found.matches:
        say("No area that has something in common with it has anything on record that it has not.")
    for one in found.matches:
        head(f"\n{one.rank}. {one.source_area_name} ({one.score} points)")
        console.print(Padding(Text(one.reasons), (0, 0, 0, 4)), soft_wrap=False)
    if found.matches:
        say(
            "\nPoints are those of the rule learning_match in data/reference/rules.csv. What is on record "
            "for one area and not for the other was not found by any visit there; the other area may have it all the same."
        )
