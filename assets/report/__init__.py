"""The report in Word, PDF and HTML, and the list of issues. Its words are in `landscape/reporting`."""

from functools import cache

import dagster as dg

from assets.figures import figure_names
from assets.tables import file_asset, models, step
from landscape.publishing import is_published
from landscape.stamps import hash_of, program
from landscape.step import KNOWN, Refresh, Step

_STAGED = ("submissions", "responses", "issues", "decisions", "codings")
_REFERENCE = ("agreement", "codebook", "landscape", "rules", "showcase")


@cache
def report_step() -> Step:
    """The report, from all marts and figures."""
    reads = (
        *(model.table for model in (*models("marts"), *models("safe"))),
        *(f"figures.{name}" for name in figure_names()),
        *(f"staged.{name}" for name in _STAGED),
        *(f"reference.{name}" for name in _REFERENCE),
    )
    code = hash_of(program("explaining", "surveys", "services", "opendata", "people", "coding"), models("marts"))
    return Step("report__landscape", (), reads, _publish, code, _rests_on, _is_there, _results)


def _publish(refresh: Refresh) -> None:
    from landscape.releasing.earlier import last_release
    from landscape.reporting.publish import publish_report

    publish_report(refresh.staging_db, models("marts"), last_release(refresh.paths), refresh.known, refresh.inputs)


def _rests_on(refresh: Refresh) -> object:
    """The template, the last release, and the people the PII scan knows."""
    from landscape.reporting.template import template_of

    paths = refresh.paths
    releases = sorted(paths.releases.glob("*/release.json"))
    words = [path.parent / "landscape.docx" for path in releases]
    hashes = [refresh.files.of(path) for path in (template_of(paths), *releases, *words)]
    return hashes, refresh.stamps.result(KNOWN)


def _is_there(refresh: Refresh, inputs: str) -> bool:
    return is_published(refresh.paths.reports, inputs)


def _results(refresh: Refresh) -> dict[str, str]:
    return {"report.landscape": refresh.inputs}


def report_layer() -> list[dg.AssetsDefinition]:
    """All assets of the layer."""
    issues = file_asset(
        step("report__issues"),
        {"excel"},
        "reports/issues.xlsx: what did not fit, row by row, for a person to work through.",
    )
    report = file_asset(
        report_step(),
        {"word", "pdf", "html"},
        "reports/landscape.docx, .pdf and .html: the same words, tables and figures, composed from the marts.",
    )
    return [issues, report]
