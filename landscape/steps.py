"""The one way through: from received files and reference data to staged tables, marts and safe tables.

The order of a refresh is given here and nowhere else. Dagster's assets, the command line, tests and benchmarks all make
tables by these steps. Where a step reads and what it makes comes from the table models; what people decided is applied
between the coding of answers and their summary. Pictures, reports and published files lie above.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING

from landscape.errors import LandscapeError, without_words
from landscape.identity.keys import person_key_secret
from landscape.identity.tombstones import Tombstones, read_tombstones
from landscape.identity.withdrawals import Withdrawals, read_withdrawals
from landscape.models import TableModel
from landscape.staging_db import StagingDatabase, accept_table, build_table, check_table, load_reference
from landscape.surveys.definition import Survey
from landscape.surveys.invited import InvitedList, invited_lists
from landscape.surveys.received import ReceivedFile, received_files

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ASKED = ("options", "questions")
DECIDED = ("agreement", "codings", "decisions")
NAMED = ("landscape",)
POLICE_UK = "police_uk_"
"""What the names of the staged tables of data.police.uk begin with."""

VAULT = "staged.contacts_vault"
"""Not a table: the private file with names and addresses that is made from staged tables."""


@dataclass(frozen=True)
class Received:
    """What came in: read once in a refresh.

    Args:
        files: Every export.
        invited: The lists of those who were invited to answer.
        tombstones: Who was forgotten.
        withdrawals: Which consents were withdrawn.
    """

    files: tuple[ReceivedFile, ...] = ()
    invited: tuple[InvitedList, ...] = ()
    tombstones: Tombstones = field(default_factory=Tombstones)
    withdrawals: Withdrawals = field(default_factory=Withdrawals)


@dataclass
class Refresh:
    """One way through: the open staging database, what was received, and which tables were checked.

    Args:
        staging_db: Where the tables are made.
        declared: Gives the surveys; asked once, and only where a step needs them.
        given: What to load in place of what lies in the project folder.
        secret_of: The secret of a survey's pseudonyms, by the survey's name.
        has_decisions: Whether decisions, codings and agreement of people are read; empty tables otherwise.
    """

    staging_db: StagingDatabase
    declared: Callable[[], tuple[Survey, ...]]
    given: Received | None = None
    secret_of: Callable[[str], bytes] = person_key_secret
    has_decisions: bool = True
    _failures: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def con(self) -> DuckDBPyConnection:
        """The connection to the staging database."""
        return self.staging_db.con

    @cached_property
    def surveys(self) -> tuple[Survey, ...]:
        """All surveys with their questionnaires."""
        return self.declared()

    @cached_property
    def received(self) -> Received:
        """What came in.

        Raises:
            LandscapeError: A file cannot be read or does not fit its questionnaire.
        """
        if self.given is not None:
            return self.given
        paths = self.staging_db.paths
        files = received_files(paths, self.surveys)
        return Received(
            files,
            invited_lists(paths, self.surveys, of_sample=any(file.is_sample for file in files)),
            read_tombstones(paths),
            read_withdrawals(paths),
        )

    def made(self, models: Iterable[TableModel]) -> None:
        """Notes that tables were made, so that they are to be checked."""
        for model in models:
            self._failures.pop(model.table, None)

    def failures(self, model: TableModel) -> tuple[str, ...]:
        """What breaks the rules of a table, checked once for each time it is made."""
        if model.table not in self._failures:
            self._failures[model.table] = check_table(self.con, model)
        return self._failures[model.table]

    def refuse_broken(self, models: Iterable[TableModel]) -> None:
        """Goes on only where tables keep their rules.

        Raises:
            LandscapeError: They break them; every breach is named.
        """
        broken = [f"{model.table}: {failure}" for model in models for failure in self.failures(model)]
        if broken:
            raise LandscapeError(
                "tables break their rules",
                culprits=broken,
                remedy="mend these rows in the file they come from (data/reference, data/raw), then refresh "
                "again; the UI shows the same under Checks",
            )


@dataclass(frozen=True)
class Step:
    """Something a refresh makes.

    Args:
        name: What it is called: layer, two underscores, and a name.
        makes: The tables it makes, with their declared columns.
        reads: What must be there before: tables, or the name of another step's file.
        make: Makes them.
    """

    name: str
    makes: tuple[TableModel, ...]
    reads: tuple[str, ...]
    make: Callable[[Refresh], None]

    @property
    def layer(self) -> str:
        """The layer it belongs to."""
        return self.name.partition("__")[0]

    def run(self, refresh: Refresh) -> None:
        """Makes its tables and holds their columns against what is declared; rules are checked by whoever goes on."""
        with without_words(f"making {', '.join(model.table for model in self.makes) or self.name}"):
            self.make(refresh)
            for model in self.makes:
                accept_table(refresh.con, model)
        refresh.made(self.makes)


def run(refresh: Refresh, steps: Iterable[Step]) -> None:
    """Takes steps in their order, each held against the rules of its tables before the next is taken.

    Raises:
        LandscapeError: Something cannot be read, does not fit, or breaks its rules.
    """
    for step in steps:
        step.run(refresh)
        refresh.refuse_broken(step.makes)


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
    by_table[VAULT] = "staged__contacts_vault"
    by_name = {step.name: step for step in steps}
    first = "raw__received"
    after = {
        step.name: {by_table.get(table, first) for table in step.reads} - {step.name, first} for step in steps
    }  # what reads raw tables follows the loading, which comes before all
    order = [by_name[name] for name in TopologicalSorter(after).static_order()]
    return (Step(first, (), (), _load), *order)


def _reference(models: Sequence[TableModel]) -> Iterator[Step]:
    for model in models:
        if model.name not in (*ASKED, *DECIDED, *NAMED):
            yield Step(f"reference__{model.name}", (model,), model.upstream, partial(_load_reference, model))
    asked = tuple(model for model in models if model.name in ASKED)
    decided = tuple(model for model in models if model.name in DECIDED)
    named = tuple(model for model in models if model.name in NAMED)
    yield Step("reference__landscape", named, (), _write_names)
    yield Step("reference__questions", asked, (), _write_questions)
    yield Step("reference__decided", decided, (), _read_decisions)


def _staged(models: Sequence[TableModel]) -> Iterator[Step]:
    shared = tuple(model for model in models if not model.sql and not model.name.startswith(POLICE_UK))
    police_uk = tuple(model for model in models if model.name.startswith(POLICE_UK))
    yield Step("staged__surveys", shared, ("raw.received_files", *_read_by(shared)), _stage_surveys)
    yield from (_sql_step(model) for model in models if model.sql)
    yield Step("staged__contacts_vault", (), ("staged.responses", "staged.consents"), _fill_vault)
    yield Step("staged__police_uk", police_uk, (VAULT, *_read_by(police_uk)), partial(_stage_police_uk, police_uk))


def _marts(models: Sequence[TableModel]) -> Iterator[Step]:
    yield from (_sql_step(model) for model in models if model.sql)
    ranking = next(model for model in models if model.name == "priority_ranking")
    yield Step("marts__priority_ranking", (ranking,), ranking.upstream, _rank_priorities)


def _safe(models: Sequence[TableModel]) -> Step:
    from landscape.disclosure.releases import RELEASED_ON
    from landscape.disclosure.safe_tables import READS

    drafts = [
        replace(model, fields=tuple(column for column in model.fields if column.name != RELEASED_ON))
        for model in models
    ]
    return Step("safe__tables", tuple(drafts), READS, _write_safe_tables)


def _sql_step(model: TableModel) -> Step:
    return Step(f"{model.layer}__{model.name}", (model,), model.upstream, partial(_build, model))


def _read_by(models: Sequence[TableModel]) -> tuple[str, ...]:
    made = {model.table for model in models}
    return tuple(dict.fromkeys(table for model in models for table in model.upstream if table not in made))


def _load(refresh: Refresh) -> None:
    from landscape.surveys.loading import load

    received = refresh.received
    load(
        refresh.con, refresh.surveys, received.files, refresh.secret_of, received.tombstones, received.withdrawals,
        received.invited,
    )  # fmt: skip


def _load_reference(model: TableModel, refresh: Refresh) -> None:
    load_reference(refresh.con, model, refresh.staging_db.paths.reference)


def _write_names(refresh: Refresh) -> None:
    from landscape.places.landscape import write_landscape

    write_landscape(refresh.con, refresh.staging_db.paths.reference)


def _write_questions(refresh: Refresh) -> None:
    from landscape.surveys.questions import write_questions

    write_questions(refresh.con, refresh.surveys)


def _read_decisions(refresh: Refresh) -> None:
    from landscape.coding.ledgers import load_ledgers, write_ledgers

    if refresh.has_decisions:
        load_ledgers(refresh.con, refresh.staging_db.paths)
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

    fill_vault(refresh.con, refresh.staging_db.paths, refresh.received.files)


def _stage_police_uk(models: tuple[TableModel, ...], refresh: Refresh) -> None:
    from landscape.opendata.police_uk_staging import stage_police_uk

    stage_police_uk(refresh.staging_db, models)


def _rank_priorities(refresh: Refresh) -> None:
    from landscape.analysis.ranking import write_priority_ranking

    write_priority_ranking(refresh.con)


def _write_safe_tables(refresh: Refresh) -> None:
    from landscape.disclosure.safe_tables import write_safe_tables

    write_safe_tables(refresh.con)
