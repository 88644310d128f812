"""Lists of those who were invited: pseudonyms at once, response rates, erasure, and what is published."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Receive
from marts_landscape import SURVEYS, make_tables, priorities
from people_landscape import ANN, BART, BOB, EVERY_SURVEY, NOW, PERPETUA, holding, joins, refresh
from typer.testing import CliRunner

from assets.tables import models, steps
from landscape.checking import check_invited
from landscape.coding.ledgers import Coding, Decision, read_codings, read_decisions, write_codings, write_decisions
from landscape.errors import LandscapeError
from landscape.paths import ProjectPaths
from landscape.people.erasure import forget, forget_again
from landscape.people.whom import Sought
from landscape.pii_scan import refuse_personal_in
from landscape.staging_db import StagingDatabase, check_table, open_staging_db
from landscape.surveys.invited import INVITED, invitations_to, invited_lists
from landscape.surveys.known import known_people

Make = Callable[[], StagingDatabase]
SECRET = b"only for tests"
RATES = "n_invited, n_responded, n_not_invited"


def invite(project: ProjectPaths, text: str, survey: str = "network_signup") -> Path:
    path = project.raw / survey / INVITED
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def rows(staging_db: StagingDatabase, query: str) -> list[tuple[object, ...]]:
    return staging_db.con.execute(query).fetchall()


def rates_of(staging_db: StagingDatabase) -> dict[str, tuple[object, ...]]:
    return {str(code): rest for code, *rest in rows(staging_db, f"SELECT cut_code, {RATES} FROM marts.response_rates")}  # type: ignore[misc]


def test_who_was_invited_and_responded_by_type_and_region(project: ProjectPaths, receive: Receive, made: Make) -> None:
    receive(
        "network_signup",
        [joins("1", PERPETUA), joins("2", BART), joins("3", ("Ann Other", "ann@elsewhere.example", ""))],
    )
    invite(
        project,
        "Name;E-mail address;Organisation type;Force area\n"
        f"Perpetua;  {PERPETUA[1].upper()} ;Police force;Cumbria\n"
        f"Bart;Bart <{BART[1]}>;ORG.OPCC;GMP\n"
        "Cy;cy@silent.example;;Atlantis\n"
        "Di;cy@silent.example;;\n"
        "Ed;no address;Wizards;\n",
    )
    staging_db = made()
    assert rates_of(staging_db) == {
        "ALL": [3, 2, 1],
        "ORG.FORCE": [1, 1, 1],
        "ORG.OPCC": [1, 1, 0],
        "NOT_STATED": [1, 0, 0],
        "North West": [2, 2, 1],
    }
    assert rows(staging_db, "SELECT count(response_share) FROM marts.response_rates") == [(0,)]
    assert rows(staging_db, "SELECT line, field, reason, disposition FROM staged.issues ORDER BY ALL") == [
        (4, "force_area", "force area not known", "answer_set_aside"),
        (5, "invitations", "invited twice", "row_set_aside"),
        (6, "invitations", "no e-mail address", "row_set_aside"),
    ]
    kept = "SELECT n_received, n_kept, n_set_aside FROM staged.conservation WHERE repeat = 'invitations'"
    assert rows(staging_db, kept) == [(5, 3, 2)]
    tables = {m.table: m for layer in ("staged", "marts") for m in models(layer)}
    for table in ("staged.invitations", "staged.conservation", "marts.response_rates"):
        assert check_table(staging_db.con, tables[table]) == ()


def test_addresses_stay_in_the_list(project: ProjectPaths, receive: Receive) -> None:
    receive("network_signup", [joins("1", PERPETUA)])
    invite(project, f"email\n{BART[1]}\n")
    refresh(project)
    assert holding(project.root, BART) == ["data/raw/network_signup/invited.csv"]


def test_a_shared_mailbox_is_one_invitation(project: ProjectPaths, receive: Receive, made: Make) -> None:
    receive("network_signup", [joins("1", ANN), joins("2", BOB)])
    invite(project, f"email\n{ANN[1]}\n")
    assert rates_of(made())["ALL"] == [1, 1, 1]


def test_without_an_e_mail_question_nobody_can_say_who_responded(
    project: ProjectPaths, receive: Receive, made: Make
) -> None:
    receive("priority_survey", [priorities("356806-1-1", ["TOP.TECH"])])
    invite(project, f"email\n{BART[1]}\n{ANN[1]}\n", "priority_survey")
    assert rates_of(made())["ALL"] == [2, None, None]


def test_a_list_beside_made_up_answers_waits_for_real_ones(project: ProjectPaths, made: Make) -> None:
    invite(project, f"email\n{BART[1]}\n")
    assert rows(made(), "SELECT count(*) FROM staged.invitations WHERE NOT is_sample") == [(0,)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("address\nx\n", "it lacks the column email"),
        ("", "it lacks the column email"),
        ("email,e-mail\nx,y\n", "it has a column twice"),
    ],
)
def test_a_list_that_is_none_is_refused(project: ProjectPaths, text: str, message: str) -> None:
    invite(project, text)
    with pytest.raises(LandscapeError, match=message) as caught:
        invited_lists(project, EVERY_SURVEY)
    assert caught.value.file == "data/raw/network_signup/invited.csv"


def test_checking_a_list_says_what_it_is(project: ProjectPaths) -> None:
    from pipelines.cli import app

    path = invite(project, f"email,organisation_type\n{BART[1]},Police force\nnobody,\n")
    found = check_invited(path, EVERY_SURVEY, project, steps())
    assert found.survey == SURVEYS["network_signup"]
    assert [(kept.n_received, kept.n_kept, kept.n_set_aside) for kept in found.kept] == [(2, 1, 1)]
    shown = CliRunner().invoke(app, ["check", str(path)]).output
    assert "a list of those who were invited to network_signup" in shown.replace("\n", " ")
    assert "no e-mail address" in shown
    assert BART[1] not in shown
    elsewhere = path.rename(project.root / INVITED)
    with pytest.raises(LandscapeError, match="nothing says which survey"):
        check_invited(elsewhere, EVERY_SURVEY, project, steps())


def test_whoever_asks_is_told_where_they_were_invited(project: ProjectPaths, receive: Receive) -> None:
    receive("network_signup", [joins("1", PERPETUA)])
    invite(project, f"email\n{BART[1]}\n{PERPETUA[1]}\n")
    at = "network_signup, wave 2017, data/raw/network_signup/invited.csv, line 3"
    assert invitations_to(project, EVERY_SURVEY, f" {PERPETUA[1].upper()}") == (at,)
    assert invitations_to(project, EVERY_SURVEY, "nobody@example.org") == ()


def test_an_address_of_the_list_never_passes_the_pii_scan(project: ProjectPaths, tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text(f"person\n{BART[1]}\n", encoding="utf-8")
    with pytest.raises(LandscapeError, match="an e-mail address"):
        refuse_personal_in(tmp_path, known_people(project))


def test_decisions_on_others_outlast_the_forgetting_of_an_invitation(project: ProjectPaths, receive: Receive) -> None:
    """An invitation has no response; it must not be taken for every response of its wave."""
    receive("network_signup", [joins("1", PERPETUA), joins("2", BART)])
    invite(project, f"email,wave\n{ANN[1]},2017\n{BART[1]},2017\n")
    theirs = Decision("network_signup/2017/2", "force_area", "", "E23000002", "LB", "2018-01-05", "said so")
    others = theirs._replace(record="network_signup/2017/1")
    coded = Coding(*(2 * ["network_signup/2017/1"]), "topics", "1", "TOP.TECH", "LB", "2018-01-05", "0a1b")
    write_decisions(project, [theirs, others])
    write_codings(project, [coded])
    assert forget(project, EVERY_SURVEY, Sought(email=ANN[1]), NOW).n_decided == 0
    assert list(read_decisions(project).values()) == [theirs, others]
    assert forget(project, EVERY_SURVEY, Sought(email=BART[1]), NOW).n_decided == 1  # answered and was invited
    assert list(read_decisions(project).values()) == [others]
    assert list(read_codings(project).values()) == [coded]


def test_forgetting_takes_the_invitation_too_and_keeps_it_out(project: ProjectPaths, receive: Receive) -> None:
    receive("network_signup", [joins("1", PERPETUA), joins("2", BART)])
    everybody = f"email,note\n{PERPETUA[1]},\n{BART[1]},a\n\n{ANN[1]},b\n"
    path = invite(project, everybody)
    receipt = forget(project, EVERY_SURVEY, Sought(names=(PERPETUA[0],)), NOW)
    assert dict(receipt.files)["data/raw/network_signup/invited.csv"] == 1
    assert receipt.left == ()
    assert path.read_text(encoding="utf-8") == f"email,note\n{BART[1]},a\n\n{ANN[1]},b\n"
    path.write_text(everybody, encoding="utf-8")
    with open_staging_db(project.staging_db, project.lock) as con:
        staging_db = StagingDatabase(con, project)
        make_tables(staging_db)
        assert rates_of(staging_db)["ALL"] == [2, 1, 0]
        reasons = rows(staging_db, "SELECT line, reason FROM staged.issues WHERE field = 'invitations'")
        assert [line for line, reason in reasons if "forgotten" in str(reason)] == [2]
    forget_again(project, EVERY_SURVEY, NOW)
    assert holding(project.root, PERPETUA) == []


def test_whoever_was_only_invited_can_be_forgotten(project: ProjectPaths, receive: Receive) -> None:
    receive("network_signup", [joins("1", PERPETUA)])
    path = invite(project, f"email\n{BART[1]}\n")
    receipt = forget(project, EVERY_SURVEY, Sought(email=BART[1]), NOW)
    assert receipt.emptied == ("data/raw/network_signup/invited.csv",)
    assert not path.exists()


def test_the_invitation_of_a_shared_mailbox_stays_with_those_who_stay(project: ProjectPaths, receive: Receive) -> None:
    receive("network_signup", [joins("1", ANN), joins("2", BOB)])
    path = invite(project, f"email\n{ANN[1]}\n")
    forget(project, EVERY_SURVEY, Sought(email=ANN[1], names=(ANN[0],)), NOW)
    assert path.exists()
