"""Publishes the report's three files together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from landscape.charts.render import listed_figures
from landscape.disclosure.safe_tables import read_safe_tables
from landscape.models import TableModel
from landscape.pii_scan import Known, refuse_personal_history, scan_with
from landscape.progress import making
from landscape.publishing import publish
from landscape.reporting.compose import compose, with_changes
from landscape.reporting.content import Report
from landscape.reporting.html import write_html
from landscape.reporting.pdf import write_pdf
from landscape.reporting.template import TEMPLATE, template_of
from landscape.reporting.word import write_docx
from landscape.staging_db import StagingDatabase, read_table
from landscape.surveys.statuses import RESPONSE_STATUSES

if TYPE_CHECKING:
    import pandas as pd

    from landscape.reporting.chapters.changes import Earlier

WORD, PDF, HTML = "landscape.docx", "landscape.pdf", "landscape.html"
FILES = (WORD, HTML, PDF)  # by name
_COUNTS = {
    "staged.response_statuses": RESPONSE_STATUSES,
    "staged.issue_counts": (
        "SELECT survey, field, reason, severity, count(*) AS n_issues FROM staged.issues GROUP BY ALL ORDER BY ALL"
    ),
    "staged.decision_counts": """
        SELECT decision_kind, count(*) FILTER (is_applied) AS n_applied, count(*) FILTER (NOT is_applied) AS n_refused
        FROM staged.decisions GROUP BY decision_kind
        UNION ALL
        SELECT 'coding', count(*) FILTER (is_applied), count(*) FILTER (NOT is_applied)
        FROM (SELECT record_id, question, answer_position, bool_and(is_applied) AS is_applied FROM staged.codings GROUP BY ALL)
        HAVING count(*) > 0
        ORDER BY decision_kind
    """,
}


def publish_report(
    staging_db: StagingDatabase, marts: tuple[TableModel, ...], earlier: Earlier | None, known: Known, stamp: str = ""
) -> None:
    """Composes the report from what is in the staging database and publishes it in Word, PDF and HTML.

    Args:
        staging_db: The staging database, with all that a report reads.
        marts: The marts.
        earlier: The numbers in the last release; None if there is none.
        known: Whom the PII scan searches for.
        stamp: What it is made from.
    """
    paths = staging_db.paths
    report = with_changes(compose(_tables(staging_db, marts), listed_figures(paths.figures)), earlier)
    refuse_personal_history(paths, known)
    publish(
        paths.reports,
        HTML,
        lambda staging: write_report(report, paths.figures, staging, template_of(paths)),
        scan_with(known),
        stamp,
    )


def write_report(report: Report, figures: Path, folder: Path, template: Path = TEMPLATE) -> set[str]:
    """Writes a report in Word, PDF and HTML.

    Args:
        report: Its content.
        figures: The folder of figures.json.
        folder: Where to write.
        template: The Word template.

    Returns:
        The names of the files.
    """
    making(WORD)
    write_docx(report, figures, folder / WORD, template)
    making(PDF)
    write_pdf(report, figures, folder / PDF)
    making(HTML)
    write_html(report, figures, folder / HTML)
    return set(FILES)


def dictionary(models: Sequence[TableModel]) -> pd.DataFrame:
    """The meaning of each field of some tables, for the report's annex."""
    import pandas as pd

    columns = ["table_name", "field_name", "type", "description"]
    rows = [(model.table, field.name, field.type, field.description) for model in models for field in model.fields]
    return pd.DataFrame(rows, columns=columns)


def _tables(staging_db: StagingDatabase, marts: tuple[TableModel, ...]) -> dict[str, pd.DataFrame]:
    read = (
        "staged.submissions",
        "reference.agreement",
        "reference.codebook",
        "reference.landscape",
        "reference.rules",
        "reference.showcase",
        *(model.table for model in marts),
    )
    tables = {table: read_table(staging_db.con, table) for table in read}
    tables |= read_safe_tables(staging_db.con)
    tables |= {name: staging_db.con.execute(query).df() for name, query in _COUNTS.items()}
    tables["dictionary"] = dictionary(marts)
    return tables
