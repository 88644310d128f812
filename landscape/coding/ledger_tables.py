"""The tables of what people decided, coded, approved and agreed on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from landscape.coding.ledgers import (
    Agreement,
    Approval,
    Coding,
    Decision,
    read_agreement,
    read_approvals,
    read_codings,
    read_decisions,
    read_sample_approvals,
)
from landscape.paths import ProjectPaths
from landscape.staging_db import write_rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_DECISIONS = {
    "line": "BIGINT", "record_id": "VARCHAR", "decided_field": "VARCHAR", "old_value": "VARCHAR", "new_value": "VARCHAR",
    "decided_by": "VARCHAR", "decided_on": "DATE",
}  # fmt: skip
_CODINGS = {
    "line": "BIGINT", "response_id": "VARCHAR", "record_id": "VARCHAR", "question": "VARCHAR", "answer_position": "BIGINT",
    "code": "VARCHAR", "coded_by": "VARCHAR", "coded_on": "DATE", "words_check": "VARCHAR",
}  # fmt: skip
_APPROVALS = {
    "record_id": "VARCHAR", "question": "VARCHAR", "words_sha256": "VARCHAR", "text_state": "VARCHAR", "confirmed_on": "DATE",
}  # fmt: skip
_AGREEMENT = {
    "scheme": "VARCHAR", "code": "VARCHAR", "alpha": "DOUBLE", "alpha_low": "DOUBLE", "alpha_high": "DOUBLE",
    "n_units": "BIGINT", "verdict": "VARCHAR", "is_sample": "BOOLEAN",
}  # fmt: skip


def load_ledgers(con: DuckDBPyConnection, paths: ProjectPaths) -> None:
    """Writes reference.decisions, codings, agreement and approvals from the project's files, and the sample's approvals."""
    approvals = [*read_sample_approvals(paths), *read_approvals(paths).values()]
    write_ledgers(con, read_decisions(paths), read_codings(paths), read_agreement(paths), approvals)


def write_ledgers(
    con: DuckDBPyConnection,
    decisions: dict[int, Decision] | None = None,
    codings: dict[int, Coding] | None = None,
    agreement: Sequence[Agreement] = (),
    approvals: Iterable[Approval] = (),
) -> None:
    """Writes the four tables; empty if nobody decided anything.

    The reasons for decisions stay in the file: they are people's own sentences.
    """
    write_rows(
        con,
        "reference.decisions",
        _DECISIONS,
        [
            (line, one.record, one.field, one.old or None, one.new or None, one.who, dt.date.fromisoformat(one.when))
            for line, one in (decisions or {}).items()
        ],
    )
    write_rows(
        con,
        "reference.codings",
        _CODINGS,
        [
            (
                line, one.response, one.record, one.question, int(one.position), one.code, one.coder,
                dt.date.fromisoformat(one.when), one.words_check,
            )
            for line, one in (codings or {}).items()
        ],
    )  # fmt: skip
    numbers = [
        (
            one.scheme,
            one.code or None,
            *(float(x) if x else None for x in (one.alpha, one.low, one.high)),
            int(one.n_units),
            one.verdict,
            one.is_sample == "true",
        )
        for one in agreement
    ]
    write_rows(con, "reference.agreement", _AGREEMENT, numbers)
    texts = {(one.record, one.question, one.words_sha256): one for one in approvals}
    write_rows(
        con,
        "reference.approvals",
        _APPROVALS,
        [
            (*key, one.state, dt.date.fromisoformat(one.confirmed_on) if one.confirmed_on else None)
            for key, one in sorted(texts.items())
        ],
    )
