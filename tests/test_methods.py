"""The worked examples of docs/methods.md, read out of the page and worked out again."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd
import pytest
from duckdb import DuckDBPyConnection
from marts_landscape import CHECKOUT
from staged_rows import activities, challenge, empty_landscape, fill, mart, visit

from landscape.analysis.ranking import ranking
from landscape.coding.agreement import agreement_on_sets
from landscape.disclosure.limits import wilson
from landscape.staging_db import write_rows

PAGE = (CHECKOUT.root / "docs" / "methods.md").read_text(encoding="utf-8")
TERMS = (CHECKOUT.root / "docs" / "terms.md").read_text(encoding="utf-8")
AREAS = {"Cumbria": "E23000002", "Northumbria": "E23000007", "Durham": "E23000008"}
REASONS = {
    "shared objective": "n_shared_objectives", "shared challenge": "n_shared_challenges", "practice": "n_practices",
    "evidence": "n_evaluated_types", "product": "n_products", "cautionary tale": "n_cautionary_tales",
}  # fmt: skip
Rows = list[dict[str, str]]


def worked(name: str) -> Rows:
    """The table below the line `Worked example: …` that begins with this name."""
    found = re.search(rf"^Worked example: {re.escape(name)}.*\n\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    assert found, name
    return table(found[1])


def table(text: str) -> Rows:
    headings, _, *rows = ([cell.strip() for cell in line.strip("|\n").split("|")] for line in text.splitlines())
    return [dict(zip(headings, row, strict=True)) for row in rows]


@pytest.fixture(scope="module")
def con() -> Iterator[DuckDBPyConnection]:
    with empty_landscape() as con:
        yield con


def test_every_worked_example_is_worked_out_here() -> None:
    names = re.findall(r"^Worked example: ([\w'’ ]+)", PAGE, re.MULTILINE)
    source = (CHECKOUT.root / "tests" / "test_methods.py").read_text(encoding="utf-8")
    assert len(names) == 11
    assert [name for name in names if f'worked("{name.strip()}")' not in source] == []


def test_wilson() -> None:
    for row in worked("Wilson"):
        low, high = wilson(int(row["x"]), int(row["n"]))
        assert (round(low, 4), round(high, 4)) == (float(row["from"]), float(row["to"]))


def test_shares_on_both_bases(con: DuckDBPyConnection) -> None:
    rows = worked("shares")
    people: list[list[str]] = [[] for _ in range(12)]
    ticks = [row["option"] for row in rows for _ in range(int(row["people who ticked it"]))]
    for at, option in enumerate(ticks):  # in turn, so that everybody ticks something and nobody the same twice
        people[at % 12].append(option)
    question = {"survey": "s", "question": "q"}
    write_rows(
        con, "reference.questions", _columns(con, "reference.questions"),
        [_row(con, "reference.questions", **question, kind="select_multiple", privacy="onward", question_number=1)],
    )  # fmt: skip
    write_rows(
        con, "reference.options", _columns(con, "reference.options"),
        [
            _row(con, "reference.options", **question, option_code=row["option"], option_name=row["option"], option_number=n)
            for n, row in enumerate(rows, start=1)
        ],
    )  # fmt: skip
    fill(
        con,
        {
            "responses": [
                {"response_id": str(n), "survey": "s", "wave": "w", "is_counted": True, "is_sample": False}
                for n in range(12)
            ],
            "given_cells": [{"response_id": str(n), "record_id": str(n), "cell_number": n} for n in range(12)],
            "cell_meanings": [
                {"cell_number": n, **question, "answer_position": place, "code": code}
                for n, codes in enumerate(people)
                for place, code in enumerate(codes, start=1)
            ],
        },
    )
    got = mart(con, "survey_breakdown", "option_code, n_selected, n_answered, respondent_share, tick_share")
    assert sorted(got) == sorted(
        (row["option"], int(row["people who ticked it"]), 12, float(row["of respondents"]), float(row["of ticks"]))
        for row in rows
    )


def _columns(con: DuckDBPyConnection, name: str) -> dict[str, str]:
    return {str(column): str(kind) for column, kind, *_ in con.execute(f"DESCRIBE {name}").fetchall()}


def _row(con: DuckDBPyConnection, name: str, **known: object) -> tuple[object, ...]:
    return tuple(known.get(column) for column in _columns(con, name))


def test_ranked_priorities() -> None:
    ballots = [
        {row[place]: at for at, place in enumerate(("first", "second", "third"), start=1) if row[place]}
        for row in worked("ballots")
        for _ in range(int(row["people"]))
    ]
    expected = worked("ranks of these ballots")
    topics = [row["topic"] for row in expected]
    got = ranking(pd.DataFrame(ballots, columns=topics), topics, 10)
    columns = ["borda_points", "mean_points", "topic_rank", "rank_low", "rank_high"]
    assert got[columns].astype(float).to_numpy().tolist() == [
        [float(row[column]) for column in ("points", "mean", "rank", "from", "to")] for row in expected
    ]


def test_shared_objectives(con: DuckDBPyConnection) -> None:
    rows = worked("shared objectives")
    found = activities(
        *(
            (
                f"a{n}",
                [AREAS[area] for area in row["runs in"].split(", ")],
                "ACT.MSG",
                [row["objective"]],
                {},
            )
            for n, row in enumerate(rows)
        )
    )
    sources = [
        {"activity_id": f"a{n}", "source_number": 1, "source_key": row["reported by"]} for n, row in enumerate(rows)
    ]
    for place in found["activity_areas"]:
        row = rows[int(str(place["activity_id"])[1:])]
        place["is_lead"] = place["force_area_code"] == AREAS[row["reported in"]]
    for code in found["activity_codes"]:
        code["coding_basis"] = rows[int(str(code["activity_id"])[1:])]["basis"]
    fill(con, {**found, "activity_sources": sources})
    got = dict(mart(con, "shared_objectives", "objective_code, is_shared"))  # type: ignore[arg-type]
    assert {row["objective"]: row["shared"] for row in rows} == {
        row["objective"]: "yes" if got[row["objective"]] else "no" for row in rows
    }


def test_common_challenges(con: DuckDBPyConnection) -> None:
    rows = worked("common challenges")
    claims = [
        {**challenge(f"c{n}", AREAS[row["area"]], row["challenge"]), "speaker_type_code": row["speaker"]}
        for n, row in enumerate(rows)
    ]
    fill(con, {"assertions": claims})
    got = dict(mart(con, "common_challenges", "challenge_code, is_common"))  # type: ignore[arg-type]
    assert {row["challenge"]: row["common"] for row in rows} == {
        row["challenge"]: "yes" if got[row["challenge"]] else "no" for row in rows
    }


def test_innovative_practice(con: DuckDBPyConnection) -> None:
    for row in worked("innovative practice"):
        known = {
            "novelty_code": row["novelty"],
            "status_code": row["status"] or None,
            "evidence_result_code": row["result"] or None,
        }
        fill(con, activities(("a1", [AREAS["Durham"]], "ACT.MSG", ["OBJ.INFORM"], known)))
        assert (mart(con, "innovative_practice", "practice_kind") or [("none",)]) == [(row["kind"],)]


def test_learning_matches(con: DuckDBPyConnection) -> None:
    found = activities(
        *(
            (
                f"a{n}",
                [AREAS[row["area"]]],
                row["type"],
                [row["objective"]],
                {
                    "evidence_design_code": row["evidence"] or None,
                    "status_code": "STS.STOPPED" if row["stopped"] == "yes" else None,
                    **({"product": row["product"]} if row["product"] else {}),
                },
            )
            for n, row in enumerate(worked("activities"))
        )
    )
    fill(
        con,
        {
            **found,
            "visits": [visit(name, code) for name, code in AREAS.items()],
            "assertions": [challenge(name, AREAS[name], "CHL.REACH") for name in ("Cumbria", "Northumbria")],
        },
    )
    got = mart(
        con, "learning_matches", f"force_area_name, source_area_name, match_score, {', '.join(REASONS.values())}"
    )
    matches = {}
    for learner, source, score, *counts in got:
        reasons = [f"{n} {reason}" for n, reason in zip(counts, REASONS, strict=True) if n]
        matches[learner, source] = (", ".join(reasons), str(score))
    expected = worked("matches of these activities")
    assert matches == {(row["learner"], row["source"]): (row["reasons"], row["points"]) for row in expected}


def test_the_points_of_matches_are_those_of_the_rules(con: DuckDBPyConnection) -> None:
    listed = re.search(r"^\| reason \|.*\n(?:\|.*\n)+", PAGE, re.MULTILINE)
    assert listed
    points = dict(
        con.execute(
            "SELECT '`' || parameter || '`', parameter_value FROM reference.rules "
            "WHERE rule = 'learning_match' AND parameter <> 'left_out'"
        ).fetchall()
    )
    assert {row["reason"]: row["points"] for row in table(listed[0])} == points


def test_response_rate(con: DuckDBPyConnection) -> None:
    write_rows(
        con, "reference.questions", _columns(con, "reference.questions"),
        [_row(con, "reference.questions", survey="s", question="email", question_use="email", question_number=1)],
    )  # fmt: skip
    for row in worked("response rate"):
        invited, responded, strangers = (
            int(row[column]) for column in ("invited", "of them responded", "responded without invitation")
        )
        people = [*range(responded), *range(1000, 1000 + strangers)]
        shared = {"survey": "s", "wave": "w", "is_sample": False}
        fill(
            con,
            {
                "invitations": [{**shared, "person_key": str(n)} for n in range(invited)],
                "responses": [
                    {**shared, "response_id": str(n), "person_key": str(n), "is_counted": True} for n in people
                ],
            },
        )
        got = mart(con, "response_rates", "cut, n_invited, n_responded, n_not_invited, response_share")
        rate = None if row["rate"] == "none below 10" else float(row["rate"])
        assert got[0] == ("all", invited, responded, strangers, rate)


def test_krippendorffs_alpha() -> None:
    rows = worked("Krippendorff's alpha")
    alpha = agreement_on_sets([[frozenset([row[str(unit)]]) for unit in range(1, 11)] for row in rows]).alpha
    assert {alpha} == {float(row["alpha"]) for row in rows}


def test_every_term_says_where_it_is() -> None:
    rows = table("".join(line + "\n" for line in TERMS.splitlines() if line.startswith("|")))
    assert len(rows) > 30
    assert all(row["meaning"] and row["where"] for row in rows)
    names = [row["term"].casefold() for row in rows]
    assert names == sorted(set(names))
