"""An explanation on one page that may be sent to whoever asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from landscape.charts.sheet import SAMPLE_NOTICE
from landscape.charts.status import DRAFT
from landscape.disclosure.declared import SYMBOLS
from landscape.errors import PersonalDataError
from landscape.explaining.cells import Cell
from landscape.explaining.explanation import Explanation
from landscape.figure_marks import DRAFT_RELEASE
from landscape.identity.marks import read_marks
from landscape.models import TableModel
from landscape.paths import ProjectPaths
from landscape.pii_scan import personal_kinds
from landscape.releasing.shelf import Release
from landscape.surveys.known import known_people

_INTERNAL = "Internal draft"
_HIDDEN = "not shown to protect people"


def safe_page(
    found: Explanation, models: Mapping[str, TableModel], paths: ProjectPaths, release: Release | None = None
) -> str:
    """The page as Markdown, which can also be read as plain text.

    Args:
        found: The explanation.
        models: Mart models by table.
        paths: The project folder.
        release: The release asked about; without one, the draft figures.

    Raises:
        PersonalDataError: It would contain personal data.
    """
    page = "\n".join(_lines(found, models, paths, release)) + "\n"
    if kinds := sorted(personal_kinds(page, known_people(paths))):
        raise PersonalDataError(
            "the page would contain personal data, so it is not written",
            culprits=kinds,
            remedy="find the text it comes from: a figure's words, a question's wording or a definition of the codebook",
        )
    return page


def _lines(
    found: Explanation, models: Mapping[str, TableModel], paths: ProjectPaths, release: Release | None
) -> Iterable[str]:
    figure, cell = found.figure, Cell(found.line, found.cell)
    name = release.name if release else DRAFT_RELEASE
    yield "# Where a number comes from"
    yield ""
    if release is None:
        yield f"**{DRAFT}.** This explains a figure that has not been released.\n"
    elif release.withdrawn_on is not None:
        yield f"**Release {name} was withdrawn on {release.withdrawn_on}**: {release.reason}\n"
    if figure["is_sample"]:
        yield f"**{SAMPLE_NOTICE}**\n"
    yield f"- Figure: {figure['title']} (`{figure['id']}`, {'release ' + name if release else name})"
    yield f"- Measure: {figure['subtitle']}"
    yield f"- Row: {cell.label}"
    described = {field.name: field.description for model in models.values() for field in model.fields}
    for column, text in cell.numbers.items():
        if column.startswith("n_") or column.endswith(("_share", "_value", "_per_100k", "population")):
            yield f"- {described.get(column, column)} **{text or _blank(cell)}** (`{column}`)"
    yield f"- Number of cases: {figure['n']}. Coverage: {figure['coverage']}."
    yield "\n## How it is counted\n"
    for table in dict.fromkeys(mart.table for mart in found.marts):
        model = models[table]
        yield f"- {model.title} (`{table}`): {model.description} One row is {model.grain}."
        yield from (f"- {caveat}" for caveat in model.caveats if not caveat.startswith(_INTERNAL))
    yield f"- {figure['caption']}"
    yield f"\n## What it rests on\n\n- {figure['source']}"
    for each in found.sources:
        counted = "" if release else f": {each.n_responses:,} responses counted"
        yield f"- Survey `{each.survey}`, wave of {each.wave}{counted}"
    yield from (f"- Asked: “{text}” (`{question}`)" for question, text in found.wording.items())
    yield from _definitions(found)
    yield "\n## Versions\n"
    yield f"- Data table of the figure: SHA-256 `{found.data_sha256}`"
    yield f"- Codebook: SHA-256 `{found.codebook_sha256}`"
    yield f"- Code: {found.code_version}"
    yield f"- {_erased(paths, release)}"


def _blank(cell: Cell) -> str:
    """The words in place of a number that is not shown."""
    state = cell.values.get("state", "")
    if state == "suppressed":
        return f"[c], {_HIDDEN}"
    return SYMBOLS.get(state, "[x]")


def _definitions(found: Explanation) -> Iterable[str]:
    if found.codes:
        yield "\n## Codes\n"
    for code in found.codes:
        yield f"- `{code.code}` {code.label}{': ' + code.definition if code.definition else ''}"


def _erased(paths: ProjectPaths, release: Release | None) -> str:
    """Whether people asked to be forgotten since the release, whose numbers still count them."""
    if release is None:
        return "Whoever asked to be forgotten before the last refresh is not counted."
    days = sorted({mark.at[:10] for mark in read_marks(paths.tombstones)})
    later = [day for day in days if day >= release.released_on.isoformat()]
    if not later:
        return "No record has been erased since this release."
    return f"Records have been erased since this release ({', '.join(later)}); its numbers still count them."
