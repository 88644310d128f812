"""The steps of a refresh: from received files and reference data to staged tables, marts, safe tables and published marts.

The order of a refresh is given here and nowhere else. Dagster's assets, the command line, tests and benchmarks all make
tables with these steps. Where a step reads and what it makes comes from the table models; what people decided is applied
between the coding of answers and their summary. Figures and report lie above.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from graphlib import TopologicalSorter
from pathlib import Path

from landscape.analysis.ranking import write_priority_ranking
from landscape.coding.applying import apply_people, decided_spellings
from landscape.coding.ledger_tables import load_ledgers, write_ledgers
from landscape.disclosure.safe_tables import READS, write_safe_tables
from landscape.martfiles import publish_marts
from landscape.models import TableModel
from landscape.paths import surveys_folder
from landscape.pii_scan import refuse_personal_settings
from landscape.places.boundaries import FILE as BOUNDARIES
from landscape.places.boundaries import read_boundaries
from landscape.places.landscape import FILE as LANDSCAPE
from landscape.places.landscape import write_landscape
from landscape.publishing import file_sha256, is_published
from landscape.staging_db import build_table, load_reference
from landscape.stamps import files_under, hash_of, modules, program, table_hash
from landscape.step import KNOWN, KNOWN_STEP, LOADING, Refresh, Step, always, nothing_else
from landscape.surveys.issuebook import write_issues
from landscape.surveys.known import FORMER_VAULT
from landscape.surveys.questions import write_questions

ASKED = ("options", "questions")
DECIDED = ("agreement", "approvals", "codings", "decisions")
NAMED = ("landscape",)
ANSWERS, GIVEN, MEANINGS = "staged.answers", "staged.given_cells", "staged.cell_meanings"
"""The view of all answers, and the two tables it is a view of."""
POLICE_UK = "police_uk_"
"""What the names of the staged tables of data.police.uk begin with."""

_EDITED = (".csv", ".md", ".yml", ".yaml")
_ENGINE = ("models.py", "staging_db.py", "table_rules.py")
_ABOVE = ("charts", "checking.py", "explaining", "martfiles.py", "releasing", "reporting", "summary.py")
"""Packages and modules that no table depends on."""


def steps_of(models: Mapping[str, Sequence[TableModel]]) -> tuple[Step, ...]:
    """All steps of a refresh up to the published marts, in the order in which they are taken.

    Args:
        models: The table models by layer: reference, staged, marts and safe.
    """
    steps = [
        *_reference(models["reference"]),
        *_staged(models["staged"]),
        *_marts(models["marts"]),
        _safe(models["safe"]),
        _published(models),
        _issues(models["staged"]),
    ]
    made_by = {step.name.replace("__", "."): step.name for step in steps}
    made_by |= {model.table: step.name for step in steps for model in step.makes}
    by_name = {step.name: step for step in steps}
    after = {step.name: {made_by[each] for each in step.reads if each in made_by} - {step.name} for step in steps}
    order = [by_name[name] for name in TopologicalSorter(after).static_order()]
    return (*_raw(), *order)  # what is read first comes first


def _in_python(
    name: str,
    makes: Sequence[TableModel],
    reads: Sequence[str],
    make: Callable[[Refresh], None],
    rests_on: Callable[[Refresh], object] = nothing_else,
    is_there: Callable[[Refresh, str], bool] = always,
    results: Callable[[Refresh], dict[str, str]] | None = None,
) -> Step:
    """A step that Python takes; its code is all of the program that tables rest on."""
    code = hash_of(program(*_ABOVE), makes)
    return Step(name, tuple(makes), tuple(reads), make, code, rests_on, is_there, results)


def _raw() -> Iterator[Step]:
    yield _in_python(LOADING, (), (), _load, rests_on=_what_came_in, results=_raw_tables)
    yield _in_python(KNOWN_STEP, (), (), _search_settings, rests_on=_who_came_in, results=_known)
    yield _in_python(
        "raw__police_uk",
        (),
        (),
        _read_pulls,
        rests_on=lambda refresh: refresh.files.under(refresh.paths.root, refresh.paths.police_uk),
        results=_no_table("raw.police_uk"),
    )


def _reference(models: Sequence[TableModel]) -> Iterator[Step]:
    for model in models:
        if model.name not in (*ASKED, *DECIDED, *NAMED):
            rests_on, load = partial(_reference_file, file_of(model)), partial(_load_reference, model)
            yield Step(f"reference__{model.name}", (model,), model.upstream, load, _code(model), rests_on)
    asked, decided, named = ([m for m in models if m.name in names] for names in (ASKED, DECIDED, NAMED))
    names = partial(_reference_file, LANDSCAPE)
    yield _in_python("reference__landscape", named, (), lambda r: write_landscape(r.con, r.paths.reference), names)
    yield _in_python("reference__questions", asked, (), lambda r: write_questions(r.con, r.surveys), _definitions)
    yield _in_python("reference__decided", decided, (), _read_decisions, rests_on=_ledgers)
    outlines, table = partial(_reference_file, BOUNDARIES), "reference.boundaries"
    reads = ("reference.force_areas", "reference.landscape")
    yield _in_python("reference__boundaries", (), reads, _try_boundaries, rests_on=outlines, results=_no_table(table))


def _staged(models: Sequence[TableModel]) -> Iterator[Step]:
    shared = [model for model in models if not model.sql and not model.name.startswith(POLICE_UK)]
    police_uk = [model for model in models if model.name.startswith(POLICE_UK)]
    reads = ("raw.received_files", *_read_by(shared))
    yield _in_python(
        "staged__surveys", shared, reads, _stage_surveys, rests_on=_definitions, results=partial(_staged_tables, shared)
    )
    yield from (_from_sql(model) for model in models if model.sql)
    stage, reads = partial(_stage_police_uk, tuple(police_uk)), ("raw.police_uk", KNOWN, *_read_by(police_uk))
    yield _in_python("staged__police_uk", police_uk, reads, stage)


def _marts(models: Sequence[TableModel]) -> Iterator[Step]:
    yield from (_from_sql(model) for model in models if model.sql)
    ranking = next(model for model in models if model.name == "priority_ranking")
    yield _in_python("marts__priority_ranking", [ranking], ranking.upstream, lambda r: write_priority_ranking(r.con))


def _safe(models: Sequence[TableModel]) -> Step:
    return _in_python(
        "safe__tables",
        models,
        READS,
        lambda r: write_safe_tables(r.con, r.surveys, tuple(models)),
        rests_on=_definitions,
    )


def _published(models: Mapping[str, Sequence[TableModel]]) -> Step:
    """The marts as files, once all tables are sound."""
    reads = (KNOWN, *(model.table for layer in ("marts", "safe") for model in models[layer]))
    verified = (*models["staged"], *models["marts"])
    code = hash_of(modules("martfiles.py", "publishing.py", "pii_scan", *_ENGINE), models["marts"])
    results = _no_table("marts.published")

    def publish(refresh: Refresh) -> None:
        publish_marts(
            refresh.staging_db, tuple(models["marts"]), verified, refresh.failures, refresh.known, refresh.inputs
        )

    return Step("marts__published", (), reads, publish, code, is_there=_marts_are_there, results=results)


def _issues(models: Sequence[TableModel]) -> Step:
    model = next(model for model in models if model.name == "issues")
    code = hash_of(modules("surveys/issuebook.py", "surveys/statuses.py", "office_files.py"), model)
    reads = (model.table, "staged.responses")

    def write(refresh: Refresh) -> None:
        write_issues(refresh.con, model, refresh.paths.issues)

    def results(refresh: Refresh) -> dict[str, str]:
        return {"report.issues": file_sha256(refresh.paths.issues)}

    return Step("report__issues", (), reads, write, code, is_there=_issues_are_there, results=results)


def _from_sql(model: TableModel) -> Step:
    return Step(f"{model.layer}__{model.name}", (model,), model.upstream, partial(_build, model), _code(model))


def _code(model: TableModel) -> str:
    return hash_of(modules(*_ENGINE), model)


def file_of(model: TableModel) -> str:
    """The reference file of a table."""
    return model.file or f"{model.name}.csv"


def _read_by(models: Sequence[TableModel]) -> tuple[str, ...]:
    made = {model.table for model in models}
    return tuple(dict.fromkeys(table for model in models for table in model.upstream if table not in made))


# -- What steps rest on besides tables


def _what_came_in(refresh: Refresh) -> object:
    """Received files, who was forgotten or withdrew, what was asked, and which keys make the pseudonyms."""
    paths = refresh.paths
    folders = [folder for folder in sorted(paths.raw.glob("*")) if folder != paths.police_uk]
    ledgers = (paths.tombstones, paths.withdrawals, paths.holds, paths.pulled)
    secrets = [hash_of(refresh.secret_of(survey.name).hex()) for survey in refresh.surveys]
    return refresh.files.under(paths.root, *folders, paths.sample, *ledgers), secrets, _definitions(refresh)


def _definitions(refresh: Refresh) -> object:
    return hash_of(refresh.surveys)


def _ledgers(refresh: Refresh) -> object:
    paths = refresh.paths
    ledgers = (paths.decisions, paths.codings, paths.agreement, paths.approvals, paths.sample_approvals)
    return refresh.files.under(paths.root, *ledgers)


def _reference_file(name: str, refresh: Refresh) -> object:
    return refresh.files.of(refresh.paths.reference / name)


def _who_came_in(refresh: Refresh) -> object:
    """Received files, the list that the team keeps of speakers, and all that people edit and everybody may read."""
    return (
        _what_came_in(refresh),
        refresh.files.of(refresh.paths.speakers),
        [refresh.files.of(p) for _, p in _edited(refresh)],
    )


def _edited(refresh: Refresh) -> Iterator[tuple[str, Path]]:
    """Reference files, lists and questionnaires, with the names by which people know them."""
    for top, folder in (("data/reference", refresh.paths.reference), ("surveys", surveys_folder())):
        for path in files_under(folder):
            if path.suffix in _EDITED:
                yield f"{top}/{path.relative_to(folder).as_posix()}", path


# -- What came out where it is no table, and whether it is still there


def _no_table(name: str) -> Callable[[Refresh], dict[str, str]]:
    """Files whose inputs say what they are."""
    return lambda refresh: {name: refresh.inputs}


def _raw_tables(refresh: Refresh) -> dict[str, str]:
    query = "SELECT 'raw.' || table_name FROM duckdb_tables() WHERE schema_name = 'raw' ORDER BY ALL"
    return {table: table_hash(refresh.con, table) for (table,) in refresh.con.execute(query).fetchall()}


def _staged_tables(models: Sequence[TableModel], refresh: Refresh) -> dict[str, str]:
    """Hashes of the staged tables; the answers are a view of two of them."""
    tables = [model.table for model in models if model.table != ANSWERS]
    found = {table: table_hash(refresh.con, table, in_order=table != GIVEN) for table in tables}
    return found | {ANSWERS: hash_of([found[GIVEN], found[MEANINGS]])}


def _known(refresh: Refresh) -> dict[str, str]:
    return {KNOWN: hash_of(refresh.known)}


def _marts_are_there(refresh: Refresh, inputs: str) -> bool:
    return is_published(refresh.paths.marts, inputs)


def _issues_are_there(refresh: Refresh, _inputs: str) -> bool:
    return refresh.files.of(refresh.paths.issues) == refresh.stamps.result("report.issues")


# -- Making them


def _load(refresh: Refresh) -> None:
    from landscape.surveys.loading import load

    received = refresh.received
    load(
        refresh.con, refresh.surveys, received.files, refresh.secret_of, received.tombstones, received.withdrawals,
        received.invited, received.holds,
    )  # fmt: skip


def _load_reference(model: TableModel, refresh: Refresh) -> None:
    load_reference(refresh.con, model, refresh.paths.reference)


def _read_decisions(refresh: Refresh) -> None:
    if refresh.has_decisions:
        load_ledgers(refresh.con, refresh.paths)
    else:
        write_ledgers(refresh.con)


def _stage_surveys(refresh: Refresh) -> None:
    from landscape.surveys.staging import read_spellings, stage_answers, stage_summaries

    con, surveys = refresh.con, refresh.surveys
    spellings = read_spellings(con, decided_spellings(con))
    stage_answers(con, surveys, spellings)
    apply_people(con)
    stage_summaries(con, surveys, spellings)


def _build(model: TableModel, refresh: Refresh) -> None:
    build_table(refresh.con, model)


def _search_settings(refresh: Refresh) -> None:
    """Nothing is made: whom the scan knows is in memory, and their hash says whether that has changed."""
    (refresh.paths.staging_db.parent / FORMER_VAULT).unlink(missing_ok=True)
    refuse_personal_settings(_edited(refresh), refresh.known)


def _stage_police_uk(models: tuple[TableModel, ...], refresh: Refresh) -> None:
    from landscape.opendata.police_uk_staging import stage_police_uk

    stage_police_uk(refresh.staging_db, models, refresh.known)


def _read_pulls(refresh: Refresh) -> None:
    """Every kept answer, so that a damaged file is found before anything is made of it."""
    from landscape.opendata.police_uk_files import read_pulls

    for pull in read_pulls(refresh.paths.police_uk):
        for force in pull.forces:
            for _ in pull.answers(force):
                pass


def _try_boundaries(refresh: Refresh) -> None:
    """Reads the boundaries, so that a damaged file is found before anything is drawn."""
    read_boundaries(refresh.paths.reference / BOUNDARIES)
