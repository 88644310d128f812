"""The members-only directory of expertise, as the coordinator writes it."""

from __future__ import annotations

import csv
import datetime as dt

import pytest
from conftest import Receive
from marts_landscape import labels
from openpyxl import load_workbook
from people_landscape import BART, EVERY_SURVEY, NOW, PERPETUA, joins, refresh

from landscape.errors import LandscapeError
from landscape.identity.withdrawals import withdraw
from landscape.paths import ProjectPaths
from landscape.people.directory import export_directory

OFFERED, WANTED = labels("TOP.TECH", "TOP.TRUST"), labels("TOP.YOUTH")
TRAP = ('=HYPERLINK("x")', "trap@thistlewood-post.example", "")


def test_names_stand_with_topics_and_area_by_consent_only(project: ProjectPaths, receive: Receive) -> None:
    receive(
        "network_signup",
        [
            joins("1", PERPETUA, consent_directory="Yes", expertise_offered=OFFERED, expertise_wanted=WANTED),
            joins("2", BART, consent_directory="No", expertise_offered=OFFERED),
            joins("3", TRAP, consent_directory="Yes"),
        ],
    )
    refresh(project)
    written = export_directory(project, EVERY_SURVEY, NOW)
    assert written.path.relative_to(project.root).as_posix() == "data/private/mailing-lists/directory.xlsx"
    got = list(load_workbook(written.path).active.iter_rows(values_only=True))
    assert got == [
        ("Name", "Organisation", "Police force area", "Can share expertise on", "Would like to hear about"),
        (f"'{TRAP[0]}", "An organisation", "Cumbria", None, None),
        (
            PERPETUA[0],
            "An organisation",
            "Cumbria",
            "New technologies and media; Trust and seldom-heard groups",
            "Young people",
        ),
    ]
    with project.access_log.open(encoding="utf-8", newline="") as stream:
        assert list(csv.reader(stream))[-1][2:] == ["contacts directory", "CON.DIRECTORY", "2"]
    withdraw(project, PERPETUA[1], "CON.DIRECTORY", dt.datetime(2017, 7, 1, tzinfo=dt.UTC))
    assert export_directory(project, EVERY_SURVEY, NOW).n_people == 1


def test_without_a_refresh_there_is_none(project: ProjectPaths) -> None:
    with pytest.raises(LandscapeError, match="nothing has been refreshed yet"):
        export_directory(project, EVERY_SURVEY, NOW)
