"""The command `landscape match`. Not here: anything it does; it shows it."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from landscape.paths import project_paths

console = Console(highlight=False)
_INDENT = (0, 0, 0, 4)


def match(area: Annotated[str, typer.Argument(help="A force area: name, code or another spelling.")]) -> None:
    """Lists the areas that an area could learn from, best match first, with the reasons."""
    from landscape.analysis.matching import matches_of

    found = matches_of(project_paths(), area)
    console.print(f"What {found.force_area_name} could learn, and where", style="bold", markup=False)
    if found.is_sample:
        console.print("Made-up sample data: this says nothing about these areas.", style="bold")
    if not found.is_visited:
        console.print(f"Nobody has visited {found.force_area_name} yet, so nothing can be said to be missing there.")
    elif not found.matches:
        console.print("Of no other area that has something in common with it was more told than of it.")
    for one in found.matches:
        console.print(f"\n{one.rank}. {one.source_area_name} ({one.score} points)", style="bold", markup=False)
        console.print(Padding(Text(one.reasons), _INDENT))
    if found.matches:
        console.print(
            "\nPoints are those of the rule learning_match in data/reference/rules.csv. “Told of one and not of the "
            "other” means that no visit found it in the other area, which may have it all the same."
        )
