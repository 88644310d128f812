"""A refresh of one large export in little memory, as far as the staged tables."""

from __future__ import annotations

import sys
from pathlib import Path

from dialect_cases import survey_of
from marts_landscape import UP_TO_STAGED, make_tables

from landscape.paths import ProjectPaths
from landscape.staging_db import StagingDatabase, open_staging_db
from landscape.surveys.options import Option
from landscape.surveys.questionnaire import Question

FORCES = ("Cumbria", "Durham", "Northumbria")
OPTIONS = tuple(Option(f"F.{name.upper()}", name) for name in FORCES)
SURVEY = survey_of(
    "jisc_online_surveys",
    Question("force", "select_one", "Which force?", "onward", "", False, OPTIONS, None),
    Question("story", "text", "What happened?", "onward", "", False, (), None),
    Question("email", "text", "Your e-mail address?", "personal", "email", False, (), None),
    Question("name", "text", "Your name?", "personal", "name", False, (), None),
)


def main(root: Path, memory: str, room: str) -> None:
    """Makes the raw and the staged tables of the project folder."""
    paths = ProjectPaths(root)
    with open_staging_db(paths.staging_db, paths.lock) as con:
        con.execute("SET force_compression = 'uncompressed'")  # so that what is kept can be found in the file's bytes
        con.execute(f"SET threads = 1; SET memory_limit = '{memory}'; SET max_temp_directory_size = '{room}'")
        make_tables(StagingDatabase(con, paths), (SURVEY,), UP_TO_STAGED)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
