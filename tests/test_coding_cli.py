"""What the commands around coding say."""

from __future__ import annotations

import pytest
from coding_landscape import reported_twice, tables
from conftest import Receive
from typer.testing import CliRunner

from landscape.errors import LandscapeError
from landscape.paths import ProjectPaths
from pipelines.cli import app
from pipelines.cli.terminal import console


def said(*arguments: str) -> str:
    console.width = 160  # whatever terminal there was when the module was loaded
    outcome = CliRunner().invoke(app, arguments)
    if outcome.exception is not None:
        raise outcome.exception
    return outcome.output


def test_the_codebook_is_printed(project: ProjectPaths) -> None:
    assert "One scheme with its codes: landscape codebook SCHEME" in said("codebook")
    assert "Build trust with hard-to-reach groups" in said("codebook", "objective")


def test_without_a_refresh_there_is_nothing_to_decide_on(project: ProjectPaths) -> None:
    with pytest.raises(LandscapeError, match="landscape refresh"):
        said("decide", "--suggest")


def test_a_pair_is_suggested_decided_and_listed(project: ProjectPaths, receive: Receive) -> None:
    receive("force_visits", reported_twice())
    with tables(project):
        pass
    suggested = said("decide", "--suggest")
    assert "reported by the office: force_visits/2017/V2/B1\n" in suggested, "a number is never cut short"
    assert "nothing is merged by itself" in suggested
    pair = ("force_visits/2017/V2/B1", "merged_into", "--new", "force_visits/2017/V1/A1")
    assert "which stays" in said("decide", *pair, "--by", "LT", "--why", "one system")
    assert "not yet" in said("decide", "--list")
    with tables(project):
        pass
    assert "yes" in said("decide", "--list")
    assert "No activity of a force" in said("decide", "--suggest")
