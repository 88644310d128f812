"""The report in Word, PDF and HTML. Not here: the words, which are composed from the marts."""

import base64
from typing import Any

import dagster as dg

from assets import OWNERS, group_of
from assets.figures import figure_names
from assets.tables import models, table_key
from landscape.errors import without_words
from landscape.staging_db import count_rows
from landscape.step import Refresh

REPORT = dg.AssetKey(["report", "landscape"])


@dg.asset(
    key=["report", "issues"],
    deps=[table_key("staged.issues")],
    group_name=group_of("report"),
    owners=list(OWNERS),
    kinds={"excel"},
    description="reports/issues.xlsx: what did not fit, row by row, for a person to work through.",
)
def issues(refresh: dg.ResourceParam[Refresh]) -> dg.MaterializeResult[Any]:
    """Writes the workbook of issues."""
    from landscape.surveys.issuebook import write_issues

    model = next(model for model in models("staged") if model.name == "issues")
    with without_words("writing the issues"):
        write_issues(refresh.con, model, refresh.staging_db.paths.issues)
    return dg.MaterializeResult(metadata={"dagster/row_count": count_rows(refresh.con, model.table)})


def _shown(picture: bytes) -> str:
    """A page inside the UI's own page, which serves no files."""
    return f"![A page of the report](data:image/png;base64,{base64.b64encode(picture).decode()})"


def report_layer() -> list[dg.AssetsDefinition]:
    """All assets of the layer."""
    marts = models("marts")

    @dg.asset(
        key=REPORT,
        deps=[
            *(table_key(model.table) for model in (*marts, *models("safe"))),
            *(dg.AssetKey(["figures", name]) for name in figure_names()),
            *(table_key(f"staged.{name}") for name in ("submissions", "responses", "issues", "decisions", "codings")),
            *(table_key(f"reference.{name}") for name in ("agreement", "codebook", "landscape", "rules", "showcase")),
        ],
        group_name=group_of("report"),
        owners=list(OWNERS),
        kinds={"word", "pdf", "html"},
        description="reports/landscape.docx, .pdf and .html: the same words, tables and figures, "
        "composed from the marts.",
    )
    def report(refresh: dg.ResourceParam[Refresh]) -> dg.MaterializeResult[Any]:
        from landscape.releasing.earlier import last_release
        from landscape.reporting.publish import publish_report

        with without_words("publishing the report"):
            published = publish_report(refresh.staging_db, marts, last_release(refresh.staging_db.paths))
        return dg.MaterializeResult(
            metadata={
                "first_pages": dg.MetadataValue.md("\n".join(map(_shown, published.pages))),
                "files": dg.MetadataValue.md("\n".join(f"- reports/{name}" for name in published.files)),
            }
        )

    return [issues, report]
