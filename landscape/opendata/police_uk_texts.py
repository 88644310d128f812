"""Lists the wordings of priorities that a person still has to give a theme."""

from __future__ import annotations

import csv
from pathlib import Path

from landscape.last_refresh import read_last_refresh
from landscape.paths import ProjectPaths

WORKSHEET = "police-uk-priorities.csv"
CODINGS = "data/reference/police_uk_codings.csv"
_TO_CODE = """
SELECT
    priorities.text_key,
    any_value(priorities.issue_text ORDER BY priorities.priority_id) AS issue_text,
    count(*) AS n_priorities
FROM staged.police_uk_priorities AS priorities
ANTI JOIN reference.police_uk_codings AS codings ON codings.text_key = priorities.text_key
WHERE priorities.issue_text IS NOT NULL
GROUP BY priorities.text_key
ORDER BY n_priorities DESC, priorities.text_key
"""


def write_texts_to_code(paths: ProjectPaths) -> tuple[Path, int]:
    """Writes each wording without a theme once, the most frequent first, into data/private.

    Wordings that may name somebody are left out: they get no theme.

    Returns:
        The file, and how many wordings are in it.

    Raises:
        LandscapeError: Nothing has been refreshed yet, or a refresh is running.
    """
    with read_last_refresh(paths) as con:
        rows = con.execute(_TO_CODE).fetchall()
    paths.private.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = paths.private / WORKSHEET
    with path.open("w", encoding="utf-8-sig", newline="") as stream:  # Excel takes it for UTF-8 by its mark
        writer = csv.writer(stream)
        writer.writerow(["text_key", "theme_code", "coder", "coded_on", "issue_text", "n_priorities"])
        writer.writerows([key, "", "", "", text, n] for key, text, n in rows)
    return path, len(rows)
