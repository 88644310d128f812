"""The command `agreement`: how far two coders agree."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from landscape.paths import project_paths
from pipelines.cli.terminal import head, now, say, show_table, shown, unfinished

if TYPE_CHECKING:
    from landscape.coding.comparing import Compared

_VERDICTS = {
    "used": "used",
    "tentative": "tentative",
    "back_to_definition": "back to the definition",
    "not_computed": "nothing varied",
}


@unfinished("What was kept of agreement before is as it was.")
def agreement(
    file_a: Annotated[Path, typer.Argument(help="The sheet of one coder.")],
    file_b: Annotated[Path, typer.Argument(help="The sheet of the other, made from the same export.")],
) -> None:
    """Measures how far two coders agree, and lists where they do not.

    By Krippendorff's alpha.
    """
    from landscape.coding.comparing import compare
    from pipelines.definitions import declared_surveys

    paths = project_paths()
    _show_agreement(compare(paths, declared_surveys(), (file_a, file_b), now()))


def _show_agreement(found: Compared) -> None:
    if found.is_sample:
        head("Made-up sample data.")
    say(f"Units that both coded: {found.n_units}; that only one coded: {found.n_single}")
    rows: list[tuple[str, ...]] = []
    for scheme, code, one in found.measured:
        interval = "" if one.low is None else f"{one.low:.2f} to {one.high:.2f}"
        alpha = "" if one.alpha is None else f"{one.alpha:.2f}"
        rows.append(
            (
                scheme if not code else "",
                code or "(whole)",
                alpha,
                interval,
                f"{one.n_given} of {one.n_units}" if code else str(one.n_units),
                _VERDICTS[one.verdict],
            )
        )
    show_table(("scheme", "code", "alpha", "95 % interval", "units with it", "verdict"), rows)
    say("Kept in data/private/agreement.csv; tables mark tentative codes from the next refresh on.")
    if found.path:
        say(f"To talk over ({found.n_disagreements}): {shown(found.path)}")
