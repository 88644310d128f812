"""A refresh in progress, and one step of it. Which steps there are, and in which order, says steps.py."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from landscape.errors import LandscapeError, without_words
from landscape.identity.holds import Holds, read_holds
from landscape.identity.keys import person_key_secret
from landscape.identity.tombstones import Tombstones, read_tombstones
from landscape.identity.withdrawals import Withdrawals, read_withdrawals
from landscape.models import TableModel
from landscape.paths import ProjectPaths
from landscape.pii_scan import Known
from landscape.staging_db import StagingDatabase, accept_table, check_table
from landscape.stamps import FileHashes, Stamp, Stamps, hash_of, table_hash, versions
from landscape.surveys.definition import Survey
from landscape.surveys.invited import InvitedList, invited_lists
from landscape.surveys.known import has_received, people_in
from landscape.surveys.received import ReceivedFile, received_files

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from landscape.services.pulling import Pulled

KNOWN_STEP = "staged__known_people"
KNOWN = "staged.known_people"
"""Not a table: the people whom the PII scan searches for, who are read into memory and kept nowhere."""

LOADING = "raw__received"
"""The step that all raw tables come from."""


@dataclass(frozen=True)
class Received:
    """What came in: read once in a refresh.

    Args:
        files: Every export.
        invited: The lists of those who were invited to answer.
        tombstones: Who was forgotten.
        withdrawals: Which consents were withdrawn.
        holds: Whose answers are kept and not used.
    """

    files: tuple[ReceivedFile, ...] = ()
    invited: tuple[InvitedList, ...] = ()
    tombstones: Tombstones = field(default_factory=Tombstones)
    withdrawals: Withdrawals = field(default_factory=Withdrawals)
    holds: Holds = field(default_factory=Holds)


@dataclass
class Refresh:
    """A refresh in progress: the open staging database, what was received, and what is known of each table.

    Args:
        staging_db: Where the tables are made.
        declared: Gives the surveys; asked once, and only where a step needs them.
        given: What to load instead of what is in the project folder.
        secret_of: The secret of a survey's pseudonyms, by the survey's name.
        has_decisions: Whether decisions, codings and agreement of people are read; empty tables otherwise.
        again: Make everything, even if it is unchanged.
        inputs: What the step that is being taken is made from; published folders keep it.
        files: Hashes of files.
        pulls: What came of pulling surveys in this refresh, by survey.
    """

    staging_db: StagingDatabase
    declared: Callable[[], tuple[Survey, ...]]
    given: Received | None = None
    secret_of: Callable[[str], bytes] = person_key_secret
    has_decisions: bool = True
    again: bool = False
    inputs: str = ""
    files: FileHashes = field(default_factory=FileHashes)
    pulls: dict[str, Pulled | LandscapeError] = field(default_factory=dict)
    _failures: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _made: set[str] = field(default_factory=set)

    @cached_property
    def stamps(self) -> Stamps:
        """What each table was made from."""
        return Stamps(self.con)

    @property
    def paths(self) -> ProjectPaths:
        """The project folder."""
        return self.staging_db.paths

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
        paths = self.paths
        files = received_files(paths, self.surveys)
        return Received(
            files,
            invited_lists(paths, self.surveys, of_sample=any(file.is_sample for file in files)),
            read_tombstones(paths),
            read_withdrawals(paths),
            read_holds(paths),
        )

    @cached_property
    def known(self) -> Known:
        """Whom the PII scan searches for."""
        if self.given is None and not has_received(self.paths):
            return people_in(self.paths, (), ())
        return people_in(self.paths, self.received.files, self.received.invited)

    def has_made(self, name: str) -> bool:
        """Whether a step was taken in this refresh, so that it is not taken again even if everything is to be made."""
        return name in self._made

    def note(self, name: str, made: Iterable[TableModel]) -> None:
        """Notes that a step was taken, so that its tables are to be checked."""
        self._made.add(name)
        for model in made:
            self._failures.pop(model.table, None)

    def failures(self, model: TableModel) -> tuple[str, ...]:
        """What breaks the rules of a table, checked once for each time it is made."""
        if self.stamps.is_sound(model.table):
            return ()
        if model.table not in self._failures:
            self._failures[model.table] = found = check_table(self.con, model)
            if not found:
                self.stamps.find_sound(model.table)
        return self._failures[model.table]

    def refuse_broken(self, models: Iterable[TableModel]) -> None:
        """Stops the refresh if tables break their rules.

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


def nothing_else(_refresh: Refresh) -> object:
    """Nothing besides tables and program."""
    return ""


def always(_refresh: Refresh, _inputs: str) -> bool:
    """Tables are where their stamps are."""
    return True


@dataclass(frozen=True)
class Step:
    """Something a refresh makes: tables, or files.

    Args:
        name: What it is called: layer, two underscores, and a name.
        makes: The tables it makes, with their declared columns.
        reads: What must be there before: tables, or what another step that makes files is called.
        make: Makes them.
        code: A hash of the program that makes them.
        rests_on: Gives what it rests on besides tables and program: hashes of files, ids of keys.
        is_there: Whether files made from these inputs are still as they were made.
        results: Gives hashes of what came out, by table or file; without it, those of the tables.
    """

    name: str
    makes: tuple[TableModel, ...]
    reads: tuple[str, ...]
    make: Callable[[Refresh], None]
    code: str
    rests_on: Callable[[Refresh], object] = nothing_else
    is_there: Callable[[Refresh, str], bool] = always
    results: Callable[[Refresh], dict[str, str]] | None = None

    @property
    def layer(self) -> str:
        """The layer it belongs to."""
        return self.name.partition("__")[0]

    def inputs(self, refresh: Refresh) -> str:
        """A hash of all that it is made from, as things are now."""
        read = [refresh.stamps.result(LOADING if table.startswith("raw.") else table) for table in self.reads]
        return hash_of(self.code, versions(), read, self.rests_on(refresh))

    def run(self, refresh: Refresh) -> bool:
        """Makes what it makes where that has changed; rules of tables are checked by whoever goes on.

        Tables, and the stamps that say what they were made from, are there together or not at all.

        Returns:
            Whether anything was made.
        """
        inputs = self.inputs(refresh)
        is_again = refresh.again and not refresh.has_made(self.name)
        if not is_again and refresh.stamps.holds(self.name, inputs) and self.is_there(refresh, inputs):
            return False
        refresh.inputs = inputs
        with without_words(f"making {', '.join(model.table for model in self.makes) or self.name}"):
            if self.makes or self.name == LOADING:
                with transaction(refresh):
                    self.make(refresh)
                    for model in self.makes:
                        if model.sql is None:  # its SQL was held against its columns
                            accept_table(refresh.con, model)
                    self._note(refresh, inputs)
            else:  # other databases may be written to, which no transaction takes in
                self.make(refresh)
                with transaction(refresh):
                    self._note(refresh, inputs)
        refresh.note(self.name, self.makes)
        return True

    def _note(self, refresh: Refresh, inputs: str) -> None:
        tables = (model.table for model in self.makes)
        results = self.results(refresh) if self.results else {name: table_hash(refresh.con, name) for name in tables}
        refresh.stamps.write(
            {name: Stamp(inputs, result) for name, result in (*results.items(), (self.name, hash_of(results)))}
        )


@contextmanager
def transaction(refresh: Refresh) -> Iterator[None]:
    """All that is written to the staging database meanwhile is there together, or not at all."""
    import duckdb

    refresh.con.begin()
    try:
        yield
        refresh.con.commit()
    except BaseException:
        with suppress(duckdb.TransactionException):  # where memory ran out, it is undone already
            refresh.con.rollback()
        refresh.stamps.read()
        raise


def run(refresh: Refresh, steps: Iterable[Step]) -> None:
    """Takes steps in their order, each held against the rules of its tables before the next is taken.

    Raises:
        LandscapeError: Something cannot be read, does not fit, or breaks its rules.
    """
    for step in steps:
        step.run(refresh)
        refresh.refuse_broken(step.makes)
