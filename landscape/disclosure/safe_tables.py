"""Makes, stores and reads the safe tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from landscape.disclosure.counts import READS as COUNTED
from landscape.disclosure.counts import Round, rounds_of
from landscape.disclosure.declared import MEMBER_AREAS, MEMBERS, PUBLISHED, RESPONSES, SURVEY_ANSWERS, PublishedTable
from landscape.disclosure.members import Row, member_areas, members_of, responses_printed
from landscape.disclosure.opinions import answers_of
from landscape.models import DUCKDB_TYPES, TableModel
from landscape.places.landscape import TABLE
from landscape.staging_db import write_rows
from landscape.surveys.definition import Survey

if TYPE_CHECKING:
    import pandas as pd
    from duckdb import DuckDBPyConnection

READS = (*COUNTED, TABLE)
SafeRows = dict[str, list[Row]]
"""The rows of safe tables by table."""


def safe_rows(con: DuckDBPyConnection, those: Round) -> SafeRows:
    """What may be published of one wave of one survey.

    Args:
        con: The staging database, with the tables in `READS`.
        those: The wave.
    """
    (everywhere,) = con.execute(f"SELECT full_name_at_start FROM {TABLE}").fetchone() or ("",)
    printed = responses_printed(those)
    responses: list[Row] = [
        {
            "survey": those.survey, "wave": those.wave, "closes_on": those.closes_on, "n_responded": printed,
            "n_invited": those.n_invited, "is_sample": those.is_sample,
        }
    ]  # fmt: skip
    return {
        MEMBERS.name: members_of(con, those),
        MEMBER_AREAS.name: member_areas(con, those),
        SURVEY_ANSWERS.name: answers_of(those, everywhere),
        RESPONSES.name: responses if printed is not None else [],
    }


def write_safe_tables(con: DuckDBPyConnection, surveys: tuple[Survey, ...], models: Iterable[TableModel]) -> None:
    """Makes the safe tables of all waves for the drafts and writes them into the staging database: `safe.members` and so on.

    Args:
        con: The staging database, with the tables in `READS`.
        surveys: The surveys.
        models: The models of the safe tables.
    """
    store_safe_tables(con, [safe_rows(con, those) for those in rounds_of(con, surveys)], models)


def store_safe_tables(con: DuckDBPyConnection, waves: Iterable[SafeRows], models: Iterable[TableModel]) -> None:
    """Writes the rows of all waves into the tables of a database.

    Args:
        con: The staging database, or the database of a release.
        waves: From `safe_rows`, or from the ledger.
        models: The models of the safe tables.
    """
    waves = list(waves)
    for model in models:
        rows = [row for wave in waves for row in wave.get(model.name, [])]
        columns = {field.name: DUCKDB_TYPES[field.type] for field in model.fields}
        write_rows(con, model.table, columns, [tuple(row[name] for name in columns) for row in rows])


def read_safe_tables(con: DuckDBPyConnection) -> dict[str, pd.DataFrame]:
    """The safe tables by name, as figures and report read them; what is not printed is empty.

    Args:
        con: The staging database, after `write_safe_tables`.
    """
    return {
        f"safe.{declared.name}": typed(declared, con.execute(f"SELECT * FROM safe.{declared.name} ORDER BY rowid").df())
        for declared in PUBLISHED
    }


def typed(declared: PublishedTable, table: pd.DataFrame) -> pd.DataFrame:
    """The same rows with the types that readers rely on, even where a table is empty."""
    kinds: Mapping[str, tuple[str, ...]] = {
        "Int64": declared.counts,
        "Float64": tuple(column for column in table.columns if column.endswith("_share")),
        "boolean": ("has_member",),
        "bool": ("is_sample",),
    }
    types = {column: kind for kind, columns in kinds.items() for column in columns if column in table.columns}
    texts = {column: "str" for column in table.columns if column not in (*types, "closes_on")}
    return table.astype({**texts, **types})
