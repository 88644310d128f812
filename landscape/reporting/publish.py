"""Publishes the report's three files together. Not here: its words or its looks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from landscape.disclosure.tables import read_people
from landscape.models import TableModel
from landscape.people.gate import known_people, refuse_personal_history
from landscape.publishing import publish
from landscape.reporting.compose import compose
from landscape.reporting.html import write_html
from landscape.reporting.pdf import write_pdf
from landscape.reporting.word import write_docx
from landscape.warehouse import Workbench, read_table

if TYPE_CHECKING:
    import pandas as pd

WORD, PDF, HTML = "landscape.docx", "landscape.pdf", "landscape.html"
_COUNTS = {
    "staged.response_statuses": (
        "SELECT survey, status, count(*) AS n_responses FROM staged.responses GROUP BY ALL ORDER BY ALL"
    ),
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


def publish_report(workbench: Workbench, marts: tuple[TableModel, ...]) -> list[str]:
    """Composes the report from what stands in the workbench and publishes it in Word, PDF and HTML.

    Returns:
        Names of the files, below the reports folder.
    """
    figures = json.loads((workbench.paths.figures / "figures.json").read_text(encoding="utf-8"))["figures"]
    report = compose(_tables(workbench, marts), figures)

    def build(staging: Path) -> set[str]:
        write_docx(report, workbench.paths.figures, staging / WORD)
        write_pdf(report, workbench.paths.figures, staging / PDF)
        write_html(report, workbench.paths.figures, staging / HTML)
        return {WORD, PDF, HTML}

    known = known_people(workbench.paths)
    refuse_personal_history(workbench.paths, known)
    return publish(workbench.paths.reports, HTML, build, known)


def _tables(workbench: Workbench, marts: tuple[TableModel, ...]) -> dict[str, pd.DataFrame]:
    import pandas as pd

    read = (
        "staged.submissions",
        "reference.agreement",
        "reference.codebook",
        "reference.showcase",
        *(model.table for model in marts),
    )
    tables = {table: read_table(workbench.con, table) for table in read}
    tables |= read_people(workbench.con)
    tables |= {name: workbench.con.execute(query).df() for name, query in _COUNTS.items()}
    tables["dictionary"] = pd.DataFrame(
        [
            {
                "table_name": model.table,
                "field_name": field.name,
                "type": field.type,
                "description": field.description,
            }
            for model in marts
            for field in model.fields
        ]
    )
    return tables
