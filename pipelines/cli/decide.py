"""The command `decide`: records a correction, a merge or a spelling; the next refresh applies it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from landscape.errors import LandscapeError
from landscape.paths import project_paths
from pipelines.cli.terminal import head, now, say, show_table, unfinished

if TYPE_CHECKING:
    from landscape.coding.ledgers import Decision


def decide(
    record: Annotated[str | None, typer.Argument(help="A response or a part of one; or the word alias.")] = None,
    field: Annotated[str | None, typer.Argument(help="The question; or merged_into; or the spelling.")] = None,
    old: Annotated[str, typer.Option(help="What is there now; may be left out where there is one answer.")] = "",
    new: Annotated[str, typer.Option(help="What is to be there: a code or label, an activity, an area.")] = "",
    by: Annotated[str, typer.Option(help="Who decides: initials.")] = "",
    why: Annotated[str, typer.Option(help="Why, in a short sentence that names nobody.")] = "",
    listed: Annotated[bool, typer.Option("--list", help="Show all decisions.")] = False,
    suggest: Annotated[bool, typer.Option("--suggest", help="Show activities that may be one.")] = False,
) -> None:
    """Corrects an answer, merges two activities, accepts a spelling.

    The received files stay as they are.
    """
    from landscape.coding.deciding import decide as take_down
    from landscape.coding.deciding import decided_today
    from landscape.last_refresh import read_last_refresh
    from landscape.staging_db import refresh_lock
    from pipelines.definitions import declared_surveys

    if listed:
        _show_decisions()
        return
    if suggest:
        _show_pairs()
        return
    if not record or not field:
        raise LandscapeError(
            "say what is decided",
            remedy="landscape decide RECORD QUESTION --old CODE --new CODE; landscape decide ACTIVITY merged_into --new "
            "ACTIVITY; landscape decide alias SPELLING --new AREA; each with --by and --why",
        )
    asked = decided_today(record, field, old=old, new=new, who=by, why=why, at=now())
    paths = project_paths()
    with unfinished("Nothing was decided."), refresh_lock(paths.lock), read_last_refresh(paths) as con:
        written = take_down(con, paths, declared_surveys(), asked)
    say(f"Decided: {_said(written)}")
    say("Kept in data/decisions.csv; it counts from the next refresh on: landscape refresh")


def _said(decision: Decision) -> str:
    if decision.kind == "merge":
        return f"{decision.record} is the same activity as {decision.new}, which stays"
    if decision.kind == "alias":
        return f"“{decision.field}” means {decision.new}"
    return f"{decision.record}, {decision.field}: {decision.old or 'no answer'} → {decision.new or 'no answer'}"


def _show_decisions() -> None:
    from landscape.coding.ledgers import read_decisions
    from landscape.last_refresh import read_last_refresh

    decisions = read_decisions(project_paths())
    if not decisions:
        say("Nothing has been decided yet.")
        return
    with read_last_refresh(project_paths()) as con:
        states = con.execute("SELECT line, is_applied, reason FROM staged.decisions").fetchall()
    applied = {line: "yes" if is_applied else f"no: it {reason}" for line, is_applied, reason in states}
    show_table(
        ("line", "decision", "who", "when", "why", "applied in the last refresh"),
        [
            (str(line), _said(one), one.who, one.when, one.why, applied.get(line, "not yet"))
            for line, one in decisions.items()
        ],
    )


def _show_pairs() -> None:
    from landscape.coding.duplicates import likely_pairs
    from landscape.last_refresh import read_last_refresh

    with read_last_refresh(project_paths()) as con:
        pairs = likely_pairs(con)
    if not pairs:
        say("No activity of a force and of a commissioner’s office look like one.")
        return
    for pair in pairs:
        head(f"{pair.activity_type}, {pair.areas}")
        say(f"  reported by the force:  {pair.force_activity}")
        say(f"  reported by the office: {pair.office_activity}")
        say(f"  objectives in common:   {pair.objectives} (either has {pair.n_objectives} in all)")
    say("These only may be one: nothing is merged by itself. If a pair is one activity:")
    say("landscape decide ACTIVITY merged_into --new ACTIVITY_THAT_STAYS --by INITIALS --why WHY")
