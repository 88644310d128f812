"""The one way through: from received files and reference data to staged tables, marts and safe tables.

The order of a refresh is given here and nowhere else. Dagster's assets, the command line, tests and benchmarks all make
tables by these steps. Where a step reads and what it makes comes from the table models; what people decided is applied
between the coding of answers and their summary. Pictures, reports and published files lie above.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING

from landscape.identity.keys import disclosure_secret
from landscape.models import TableModel
from landscape.staging_db import build_table, load_reference
from landscape.stamps import hash_of, program, room
from landscape.step import LOADING, VAULT, Refresh, RestsOn, Step, nothing_else

if TYPE_CHECKING:
    pass

ASKED = ("options", "questions")
DECIDED = ("agreement", "codings", "decisions")
POLICE_UK = "police_uk_"
"""What the names of the staged tables of data.police.uk begin with."""

_VAULT_STEP = "staged__contacts_vault"
_ENGINE = ("models.py", "staging_db.py")
_ABOVE = ("charts", "checking.py", "explaining", "lineage.py", "martfiles.py", "releasing", "reporting", "summary.py")
"""Rooms of the program that no table rests on."""


def steps_of(models: Mapping[str, Sequence[TableModel]]) -> tuple[Step, ...]:
    """All steps of a refresh up to the safe tables, in the order in which they are taken.

    Args:
        models: The table models by layer: reference, staged, marts and safe.
    """
    steps = [
        *_reference(models["reference"]),
        *_staged(models["staged"]),
        *_marts(models["marts"]),
        _safe(models["safe"]),
    ]
    by_table = {model.table: step.name for step in steps for model in step.makes}
    by_table[VAULT] = _VAULT_STEP
    by_name = {step.name: step for step in steps}
    after = {
        step.name: {by_table.get(table, LOADING) for table in step.reads} - {step.name, LOADING} for step in steps
    }  # what reads raw tables follows the loading, which comes before all
    order = [by_name[name] for name in TopologicalSorter(after).static_order()]
    return (Step(LOADING, (), (), _load, _what_came_in, program(*_ABOVE)), *order)


def _python_step(
    name: str,
    makes: Sequence[TableModel],
    reads: Sequence[str],
    make: Callable[[Refresh], None],
    rests_on: RestsOn = nothing_else,
) -> Step:
    """A step whose tables Python makes; its code is all of the program that tables rest on."""
    return Step(name, tuple(makes), tuple(reads), make, rests_on, hash_of(program(*_ABOVE), makes))


def _reference(models: Sequence[TableModel]) -> Iterator[Step]:
    for model in models:
        if model.name not in (*ASKED, *DECIDED):
            code, file = hash_of(room(*_ENGINE), model), partial(_reference_file, model)
            load = partial(_load_reference, model)
            yield Step(f"reference__{model.name}", (model,), model.upstream, load, file, code)
    asked = [model for model in models if model.name in ASKED]
    decided = [model for model in models if model.name in DECIDED]
    yield _python_step("reference__questions", asked, (), _write_questions, _definitions)
    yield _python_step("reference__decided", decided, (), _read_decisions, _ledgers)


def _staged(models: Sequence[TableModel]) -> Iterator[Step]:
    shared = [model for model in models if not model.sql and not model.name.startswith(POLICE_UK)]
    police_uk = [model for model in models if model.name.startswith(POLICE_UK)]
    reads = ("raw.received_files", *_read_by(shared))
    yield _python_step("staged__surveys", shared, reads, _stage_surveys, _definitions)
    yield from (_sql_step(model) for model in models if model.sql)
    vault = _python_step(_VAULT_STEP, (), ("staged.responses", "staged.consents"), _fill_vault, _what_came_in)
    yield replace(vault, file=lambda paths: paths.contacts)
    stage = partial(_stage_police_uk, tuple(police_uk))
    yield _python_step("staged__police_uk", police_uk, (VAULT, *_read_by(police_uk)), stage, _pulls_of_police_uk)


def _marts(models: Sequence[TableModel]) -> Iterator[Step]:
    yield from (_sql_step(model) for model in models if model.sql)
    ranking = next(model for model in models if model.name == "priority_ranking")
    yield _python_step("marts__priority_ranking", [ranking], ranking.upstream, _rank_priorities)


def _safe(models: Sequence[TableModel]) -> Step:
    from landscape.disclosure.releases import RELEASED_ON
    from landscape.disclosure.safe_tables import READS

    drafts = [
        replace(model, fields=tuple(column for column in model.fields if column.name != RELEASED_ON))
        for model in models
    ]
    return _python_step("safe__tables", drafts, READS, _write_safe_tables, _secret_of_order)


def _sql_step(model: TableModel) -> Step:
    code = hash_of(room(*_ENGINE), model)
    return Step(f"{model.layer}__{model.name}", (model,), model.upstream, partial(_build, model), code=code)


def _read_by(models: Sequence[TableModel]) -> tuple[str, ...]:
    made = {model.table for model in models}
    return tuple(dict.fromkeys(table for model in models for table in model.upstream if table not in made))


# -- What steps rest on besides tables


def _what_came_in(refresh: Refresh) -> object:
    """Received files, who was forgotten or withdrew, what was asked, and by which keys people are told apart."""
    paths = refresh.paths
    folders = [folder for folder in sorted(paths.raw.glob("*")) if folder != paths.police_uk]
    ledgers = (paths.tombstones, paths.withdrawals, paths.pulled)
    secrets = [hash_of(refresh.secret_of(survey.name).hex()) for survey in refresh.surveys]
    return refresh.files.under(paths.root, *folders, paths.sample, *ledgers), secrets, _definitions(refresh)


def _definitions(refresh: Refresh) -> object:
    return hash_of(refresh.surveys)


def _ledgers(refresh: Refresh) -> object:
    paths = refresh.paths
    return refresh.files.under(paths.root, paths.decisions, paths.codings, paths.agreement)


def _pulls_of_police_uk(refresh: Refresh) -> object:
    return refresh.files.under(refresh.paths.root, refresh.paths.police_uk)


def _reference_file(model: TableModel, refresh: Refresh) -> object:
    return refresh.files.of(refresh.paths.reference / (model.file or f"{model.name}.csv"))


def _secret_of_order(_refresh: Refresh) -> object:
    return hash_of(disclosure_secret().hex())


# -- Making them


def _load(refresh: Refresh) -> None:
    from landscape.surveys.loading import load

    received = refresh.received
    load(
        refresh.con, refresh.surveys, received.files, refresh.secret_of, received.tombstones, received.withdrawals,
        received.invited,
    )  # fmt: skip


def _load_reference(model: TableModel, refresh: Refresh) -> None:
    load_reference(refresh.con, model, refresh.paths.reference)


def _write_questions(refresh: Refresh) -> None:
    from landscape.surveys.questions import write_questions

    write_questions(refresh.con, refresh.surveys)


def _read_decisions(refresh: Refresh) -> None:
    from landscape.coding.ledgers import load_ledgers, write_ledgers

    if refresh.has_decisions:
        load_ledgers(refresh.con, refresh.paths)
    else:
        write_ledgers(refresh.con)


def _stage_surveys(refresh: Refresh) -> None:
    from landscape.coding.applying import apply_people, decided_spellings
    from landscape.surveys.staging import read_spellings, stage_answers, stage_summaries

    con, surveys = refresh.con, refresh.surveys
    spellings = read_spellings(con, decided_spellings(con))
    stage_answers(con, surveys, spellings)
    apply_people(con)
    stage_summaries(con, surveys, spellings)


def _build(model: TableModel, refresh: Refresh) -> None:
    build_table(refresh.con, model)


def _fill_vault(refresh: Refresh) -> None:
    from landscape.people.vault import fill_vault

    fill_vault(refresh.con, refresh.paths, refresh.received.files)


def _stage_police_uk(models: tuple[TableModel, ...], refresh: Refresh) -> None:
    from landscape.opendata.police_uk_staging import stage_police_uk

    stage_police_uk(refresh.staging_db, models)


def _rank_priorities(refresh: Refresh) -> None:
    from landscape.analysis.ranking import write_priority_ranking

    write_priority_ranking(refresh.con)


def _write_safe_tables(refresh: Refresh) -> None:
    from landscape.disclosure.safe_tables import write_safe_tables

    write_safe_tables(refresh.con)
