"""The command `codebook`: changes to data/reference/codebook.csv, and their effects."""

from __future__ import annotations

from typing import Annotated

import typer

from landscape.errors import LandscapeError
from landscape.paths import project_paths
from pipelines.cli.terminal import head, say, show_table


def codebook(
    scheme: Annotated[str | None, typer.Argument(help="One coding scheme, such as objective; all without it.")] = None,
    changes: Annotated[
        bool, typer.Option("--changes", help="What the codebook file would change, against the last refresh.")
    ] = False,
) -> None:
    """Shows the codebook, or what a change to it would move.

    A scheme with its codes, or all schemes.
    """
    from landscape.codebook import read_codebook

    if changes:
        _show_changes()
        return
    codes = read_codebook(project_paths().reference)
    schemes = list(dict.fromkeys(code.scheme for code in codes))
    if scheme is None:
        rows = [
            (name, str(len([c for c in codes if c.scheme == name and not c.is_retired])),
             str(len([c for c in codes if c.scheme == name and c.is_retired]) or ""))
            for name in schemes
        ]  # fmt: skip
        show_table(("scheme", "codes in force", "retired"), rows)
        say("One scheme with its codes: landscape codebook SCHEME")
        return
    if scheme not in schemes:
        raise LandscapeError(f"there is no scheme {scheme}", remedy=f"the schemes are {', '.join(schemes)}")
    show_table(
        ("code", "label", "what it means", "from", "in force"),
        [
            (
                c.code,
                c.label,
                c.definition or c.briefing_words,
                c.origin,
                _in_force(c.valid_from, c.valid_to, c.replaced_by),
            )
            for c in codes
            if c.scheme == scheme
        ],
    )


def _in_force(valid_from: str, valid_to: str, replaced_by: str) -> str:
    if replaced_by:
        return f"retired: now {replaced_by}"
    if valid_to:
        return f"retired after {valid_to}"
    return f"since {valid_from}" if valid_from else "yes"


def _show_changes() -> None:
    from landscape.coding.changes import codebook_changes, reach_of
    from landscape.last_refresh import read_last_refresh
    from pipelines.definitions import figure_reads, models_of

    paths = project_paths()
    staged, marts = models_of("staged"), models_of("marts")
    with read_last_refresh(paths) as con:
        found = codebook_changes(con, paths.reference, marts)
        reaches = reach_of({change.scheme for change in found}, con, (*staged, *marts), figure_reads())
    if not found:
        say("The codebook is the one that the tables were last made with.")
        return
    for change in found:
        head(f"{change.what}: {change.code} ({change.scheme})")
        say(f"  {change.says}")
        held = ", ".join(f"{mart} ({n})" for mart, n in change.n_rows.items())
        say(f"  Answers with it now: {change.n_answers}. Rows that count it now: {held or 'none'}.")
    for reach in reaches:
        head(f"\nWhat rests on the scheme {reach.scheme}, by its SQL:")
        say(f"  marts: {', '.join(reach.marts) or 'none'}")
        say(f"  figures: {', '.join(reach.figures) or 'none'}")
    say("\nNothing has changed yet: landscape refresh makes it so.")
