"""The command `retention`: how long each survey's files may still be kept."""

from __future__ import annotations

from typing import Annotated

import typer

from landscape.paths import project_paths
from pipelines.cli.terminal import now, say, show_table, unfinished


def retention(
    remove: Annotated[bool, typer.Option("--remove", help="Delete received files that are past their date.")] = False,
) -> None:
    """Says how long received files may be kept; deletes if asked.

    Those past their date, with all that was made of them.
    """
    from landscape.people.retention import remove_expired, retention_of
    from pipelines.definitions import declared_surveys

    paths, surveys, at = project_paths(), declared_surveys(), now()
    rows = []
    for one in retention_of(paths, surveys, at.date()):
        state = "past its date" if one.is_past and one.files else ""
        until = f"{one.retain_until:%d/%m/%Y}" if one.retain_until else "no date is given"
        rows.append((one.survey, until, str(len(one.files)), state))
    show_table(("survey", "keep until", "received files", ""), rows)
    if not remove:
        say("To keep them longer, if the controller agrees: write a later retain_until into the survey’s survey.yml")
        say("To delete what is past its date, with all that was made of it: landscape retention --remove")
        return
    with unfinished("What it had deleted stays deleted; the same command deletes the rest."):
        removed = remove_expired(paths, surveys, at)
    for place in removed:
        say(f"Deleted: {place}")
    say("Then: landscape refresh" if removed else "Nothing is past its date.")
