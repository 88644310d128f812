"""A real export of 248 columns becomes a survey by its folder alone, up to the marts."""

from __future__ import annotations

import csv
import os
import shutil
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from marts_landscape import CHECKOUT, make_tables

from landscape.paths import ProjectPaths
from landscape.staging_db import StagingDatabase, open_staging_db
from landscape.surveys.answer_list import option_codes
from landscape.surveys.definition import Survey, read_survey
from landscape.surveys.drafting import draft_survey
from landscape.text import normal_wording

FOLDER = os.environ.get("LANDSCAPE_EXPORTS", "")
pytestmark = pytest.mark.skipif(not FOLDER, reason="LANDSCAPE_EXPORTS names no folder of real exports")
EXPORT = Path(FOLDER) / "limesurvey" / "ssi_2017_de_code_and_text_headers.csv"
RANKED = "rank_following_factors_dependent"


def finished_survey(root: Path, rows: list[dict[str, str]]) -> Survey:
    """The drafted survey after a person has gone through it: the few answers that were not drafted are added to the lists."""
    draft = draft_survey([EXPORT], "ssi", root, CHECKOUT.reference)
    survey = read_survey(root / "ssi", CHECKOUT.reference)
    lists = {question.label: question.option_list or question.name for question in draft.questions}
    named = {question.name for question in draft.questions}
    added: dict[tuple[str, str], str] = {}
    for question in survey.questionnaire.questions:
        if question.kind != "select_one" or question.other_code:
            continue
        known = option_codes(question, survey, ())
        for heading in rows[0]:
            if question.label in plain_wordings(heading):
                for row in rows:
                    if row[heading] and normal_wording(row[heading]) not in known:
                        added[lists[question.label], normal_wording(row[heading])] = row[heading]
    assert {name for name, _ in added} <= named
    with (root / "ssi" / "options.csv").open("a", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(
            (name, f"ADDED.{number}", label) for number, ((name, _), label) in enumerate(added.items())
        )
    return read_survey(root / "ssi", CHECKOUT.reference)


def plain_wordings(heading: str) -> set[str]:
    """How a question may be worded in the questionnaire: without the code, and with its part in or out of brackets."""
    wording = heading.partition(". ")[2]
    stem, _, part = wording.removesuffix("]").rpartition(" [")
    return {wording, wording.removesuffix(" []"), f"{stem} [{part}]", f"{stem} {part}", part, wording.strip("[]")}


def test_every_option_and_every_rank_is_counted_as_by_hand(tmp_path: Path) -> None:
    with EXPORT.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    survey = finished_survey(tmp_path / "surveys", rows)
    paths = ProjectPaths(tmp_path / "project")
    shutil.copytree(CHECKOUT.reference, paths.reference)
    (paths.raw / "ssi").mkdir(parents=True)
    shutil.copy(EXPORT, paths.raw / "ssi")
    with open_staging_db(paths.staging_db, paths.lock) as con:
        make_tables(StagingDatabase(con, paths), (survey,))
        counted = con.execute(
            "SELECT q.label, b.option_name, b.n_selected, b.n_answered, b.respondent_share, b.tick_share "
            "FROM marts.survey_breakdown AS b "
            "JOIN reference.questions AS q ON q.survey = b.survey AND q.question = b.question "
            "WHERE q.kind = 'select_multiple' AND b.force_area_code IS NULL"
        ).fetchall()
        ranked = con.execute(
            "SELECT choice_rank, option_name, n_selected, n_answered FROM marts.survey_breakdown "
            f"WHERE question LIKE '{RANKED}%' AND choice_rank IS NOT NULL AND force_area_code IS NULL"
        ).fetchall()

    blocks: dict[str, dict[str, str]] = defaultdict(dict)
    for heading in rows[0]:
        if "[" in heading.partition(".")[0] and {row[heading] for row in rows} <= {"Yes", "No", ""}:
            question, option = heading.partition(". ")[2].removesuffix("]").rsplit(" [", 1)
            blocks[question][option] = heading
    by_hand = {}
    for question, options in blocks.items():
        reached = sum(any(row[heading] for heading in options.values()) for row in rows)  # blank: not reached
        for option, heading in options.items():
            by_hand[question, option] = (sum(row[heading] == "Yes" for row in rows), reached)
    assert (len(by_hand), sum(n == 0 for n, _ in by_hand.values())) == (157, 39)
    assert {(q, o): (n, n_answered) for q, o, n, n_answered, _, _ in counted} == by_hand

    # Both bases: of those who answered, and of all ticks of the question.
    ticks: Counter[str] = Counter()
    for (question, _), (n, _) in by_hand.items():
        ticks[question] += n
    shares = {
        key: (round(n / reached, 4), round(n / ticks[key[0]], 4))
        for key, (n, reached) in by_hand.items()
        if reached >= 10
    }
    assert len(shares) == 157
    assert {
        (q, o): (of_people, of_ticks) for q, o, _, _, of_people, of_ticks in counted if of_people is not None
    } == shares

    expected = {}
    for place in range(1, 6):
        (heading,) = (heading for heading in rows[0] if heading.startswith(f"prevEmp2[{place}]."))
        chosen = Counter(row[heading] for row in rows)
        n_blank = chosen.pop("", 0)
        expected |= {(place, option): (n, len(rows) - n_blank) for option, n in chosen.items()}
    assert {(place, option): (n, n_answered) for place, option, n, n_answered in ranked if n} == expected
