"""A refresh in progress, and one step of it. Which steps there are, and in which order, says steps.py."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from landscape.errors import LandscapeError, without_words
from landscape.identity.keys import person_key_secret
from landscape.identity.tombstones import Tombstones, read_tombstones
from landscape.identity.withdrawals import Withdrawals, read_withdrawals
from landscape.models import TableModel
from landscape.paths import ProjectPaths
from landscape.pii_scan import known_people
from landscape.staging_db import StagingDatabase, accept_table, check_table
from landscape.stamps import FileHashes, Stamp, Stamps, hash_of, table_hash, versions
from landscape.surveys.definition import Survey
from landscape.surveys.invited import InvitedList, invited_lists
from landscape.surveys.received import ReceivedFile, received_files

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

VAULT = "staged.contacts_vault"
"""Not a table: the private file with names and addresses that is made from staged tables."""

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
    """

    files: tuple[ReceivedFile, ...] = ()
    invited: tuple[InvitedList, ...] = ()
    tombstones: Tombstones = field(default_factory=Tombstones)
    withdrawals: Withdrawals = field(default_factory=Withdrawals)


@dataclass
class Refresh:
    """One way through: the open staging database, what was received, and what is known of each table.

    Args:
        staging_db: Where the tables are made.
        declared: Gives the surveys; asked once, and only where a step needs them.
        given: What to load in place of what lies in the project folder.
        secret_of: The secret of a survey's pseudonyms, by the survey's name.
        has_decisions: Whether decisions, codings and agreement of people are read; empty tables otherwise.
        again: Make everything, whatever its stamp says.
        files: Hashes of files.
    """

    staging_db: StagingDatabase
    declared: Callable[[], tuple[Survey, ...]]
    given: Received | None = None
    secret_of: Callable[[str], bytes] = person_key_secret
    has_decisions: bool = True
    again: bool = False
    files: FileHashes = field(default_factory=FileHashes)
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
        )

    def has_made(self, name: str) -> bool:
        """Whether a step was taken in this refresh, so that it need not be taken again even if all is to be made."""
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


RestsOn = Callable[[Refresh], object]
"""Gives what a step rests on besides tables and program: hashes of files, ids of keys."""


def nothing_else(_refresh: Refresh) -> object:
    """Tables and program decide alone."""
    return ""


@dataclass(frozen=True)
class Step:
    """Something a refresh makes.

    Args:
        name: What it is called: layer, two underscores, and a name.
        makes: The tables it makes, with their declared columns.
        reads: What must be there before: tables, or the name of another step's file.
        make: Makes them.
        rests_on: What else decides on them.
        code: A hash of the program that makes them.
        file: Gives the file that it makes, where it makes one.
    """

    name: str
    makes: tuple[TableModel, ...]
    reads: tuple[str, ...]
    make: Callable[[Refresh], None]
    rests_on: RestsOn = nothing_else
    code: str = ""
    file: Callable[[ProjectPaths], Path] | None = None

    @property
    def layer(self) -> str:
        """The layer it belongs to."""
        return self.name.partition("__")[0]

    def inputs(self, refresh: Refresh) -> str:
        """A hash of all that it is made from, as things are now."""
        read = [refresh.stamps.result(LOADING if table.startswith("raw.") else table) for table in self.reads]
        return hash_of(self.code, versions(), read, self.rests_on(refresh))

    def run(self, refresh: Refresh) -> bool:
        """Makes its tables where what they are made from has changed; rules are checked by whoever goes on.

        Tables, and the stamps that say what they were made from, are there together or not at all.

        Returns:
            Whether anything was made.
        """
        inputs = self.inputs(refresh)
        is_again = refresh.again and not refresh.has_made(self.name)
        is_there = self.file is None or self.file(refresh.paths).exists()
        if is_there and not is_again and refresh.stamps.holds(self.name, inputs):
            return False
        con = refresh.con
        with without_words(f"making {', '.join(model.table for model in self.makes) or self.name}"):
            con.begin()
            try:
                self.make(refresh)
                for model in self.makes:
                    accept_table(con, model)
                results = _results(self, refresh)
                for table, result in results.items():
                    refresh.stamps.write(table, Stamp(inputs, result))
                refresh.stamps.write(self.name, Stamp(inputs, hash_of(results)))
                con.commit()
            except BaseException:
                con.rollback()
                refresh.stamps.read()
                raise
        refresh.note(self.name, self.makes)
        return True


def _results(step: Step, refresh: Refresh) -> dict[str, str]:
    """What came out, by table; of the private file, whom the PII scan knows by it."""
    if step.name == LOADING:
        query = "SELECT 'raw.' || table_name FROM duckdb_tables() WHERE schema_name = 'raw' ORDER BY ALL"
        return {table: table_hash(refresh.con, table) for (table,) in refresh.con.execute(query).fetchall()}
    if step.file is not None:
        return {VAULT: hash_of(known_people(refresh.paths))}
    return {model.table: table_hash(refresh.con, model.table) for model in step.makes}


def run(refresh: Refresh, steps: Iterable[Step]) -> None:
    """Takes steps in their order, each held against the rules of its tables before the next is taken.

    Raises:
        LandscapeError: Something cannot be read, does not fit, or breaks its rules.
    """
    for step in steps:
        step.run(refresh)
        refresh.refuse_broken(step.makes)
