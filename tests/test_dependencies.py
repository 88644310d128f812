"""What is installed: under which licences, named where it must be, and named when it is missing."""

from __future__ import annotations

import datetime as dt
import re
import sys
import tomllib
from email.message import Message
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from exports.jisc_online_surveys import write_spss
from marts_landscape import CHECKOUT
from source_cases import tried_at

from landscape.errors import ReceivedFileError, SourceError
from landscape.paths import ProjectPaths
from landscape.surveys.dialects import fitting_dialects

LOCKS = {name: (CHECKOUT.root / name).read_text() for name in ("requirements.lock", "requirements-dev.lock")}
PROJECT = tomllib.loads((CHECKOUT.root / "pyproject.toml").read_text())["project"]
NOTICE = (CHECKOUT.root / "NOTICE").read_text()
PAGE = (CHECKOUT.root / "docs" / "dependencies.md").read_text(encoding="utf-8")
DECIDED = {"docxtpl"}
"""Under the LGPL, and why it stays: docs/dependencies.md."""
ELSEWHERE = ("win32", "Windows")
"""Packages with these in their marker are for other systems, so they may not be installed here."""

PINNED = {
    found[1]: found[2] or ""
    for found in re.finditer(r"^([\w.-]+)==\S+(?: ; (.*?))? \\$", LOCKS["requirements.lock"], re.MULTILINE)
}


def licence_of(name: str) -> str:
    """What a package says of its licence in its metadata, or else the beginning of its licence files."""
    held = distribution(name)
    said = said_in(held.metadata)  # type: ignore[arg-type]
    return said or " ".join((f.read_text() or "")[:200] for f in held.files or [] if "LICENSE" in f.name)


def said_in(metadata: Message) -> str:
    first_lines = [str(metadata.get(key) or "").partition("\n")[0] for key in ("License-Expression", "License")]
    classified = [line for line in metadata.get_all("Classifier") or [] if line.startswith("License ::")]
    return " ".join([*first_lines, *classified]).strip()


def kind_of(licence: str) -> str:
    """LGPL, AGPL or GPL in what is said of a licence, by letters or in words; empty for the others."""
    found = re.search(r"(A|L)?GPL|(Affero |Lesser |Library )?General Public", licence, re.IGNORECASE)
    return f"{(found[1] or found[2] or '')[:1].upper()}GPL" if found else ""


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("GPL-3.0-or-later", "GPL"),
        ("License :: OSI Approved :: GNU General Public License v3 (GPLv3)", "GPL"),
        ("GNU Affero General Public License", "AGPL"),
        ("AGPLv3", "AGPL"),
        ("LGPL-2.1-only", "LGPL"),
        ("GNU Lesser General Public License v2", "LGPL"),
        ("BSD-3-Clause", ""),
    ],
)
def test_what_is_read_from_the_name_of_a_licence(said: str, kind: str) -> None:
    assert kind_of(said) == kind


def test_no_package_that_is_installed_to_run_it_is_under_the_gpl() -> None:
    kinds: dict[str, set[str]] = {}
    unsaid = []
    for name, marker in PINNED.items():
        try:
            licence = licence_of(name)
        except PackageNotFoundError:
            assert any(system in marker for system in ELSEWHERE), f"{name} is pinned, and not installed"
            continue
        kinds.setdefault(kind_of(licence), set()).add(name)
        unsaid += [] if licence else [name]
    assert len(PINNED) > 80
    assert unsaid == []
    assert kinds.keys() == {"", "LGPL"}
    assert kinds["LGPL"] == DECIDED


def test_the_notice_names_every_package_that_is_installed_to_run_it() -> None:
    lines = re.findall(
        r"^    ([a-z0-9, -]+?)(?: \(.*\))?$", NOTICE.partition("Packages that are installed")[2], re.MULTILINE
    )
    named = {word for line in lines for word in re.findall(r"[a-z0-9-]+", line)}
    assert sorted(PINNED.keys() - named) == []


def test_the_page_has_a_line_for_each_dependency() -> None:
    optional = {
        (extra, package)
        for extra in ("services", "spss")
        for package in named_in(PROJECT["optional-dependencies"][extra])
    }
    assert re.findall(r"^\| ([\w-]+) \|", PAGE, re.MULTILINE) == [
        "package",
        *named_in(PROJECT["dependencies"]),
        "extra",
    ]
    assert set(re.findall(r"^\| `(\w+)` \| ([\w-]+) \|", PAGE, re.MULTILINE)) == optional


def named_in(requirements: list[str]) -> list[str]:
    return [re.split(r"[^\w-]", line)[0] for line in requirements]


@pytest.mark.parametrize("lock", LOCKS)
def test_the_locks_name_no_address(lock: str) -> None:
    assert not re.search(r"://|index-url|find-links|trusted-host", LOCKS[lock])


def test_the_lock_to_run_it_holds_both_extras_and_the_other_the_same_versions() -> None:
    versions = {name: set(re.findall(r"^([\w.-]+==\S+)", text, re.MULTILINE)) for name, text in LOCKS.items()}
    assert {"citric", "msal", "pyreadstat"} <= PINNED.keys()
    assert versions["requirements.lock"] <= versions["requirements-dev.lock"]


@pytest.mark.parametrize(("tool", "package"), [("limesurvey", "citric"), ("microsoft_forms", "msal")])
def test_a_missing_package_of_a_service_is_named_with_the_command_that_installs_it(
    tool: str, package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)  # as Python marks what cannot be imported
    with tried_at(tool, ProjectPaths(tmp_path), monkeypatch) as case, pytest.raises(SourceError) as caught:
        case.pull()
    assert package in caught.value.message
    assert 'pip install -e ".[services]"' in caught.value.remedy


@pytest.mark.parametrize("tool", ["kobotoolbox", "odk_central", "smartsurvey", "qualtrics"])
def test_the_other_services_need_no_extra(tool: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for package in ("citric", "msal", "requests"):
        monkeypatch.setitem(sys.modules, package, None)
    with tried_at(tool, ProjectPaths(tmp_path), monkeypatch) as case:
        assert case.pull().n_responses == 3


def test_without_pyreadstat_an_spss_file_is_refused_with_the_command_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "export.sav"
    write_spss(path, {"Q1": ["a"]}, {"Q1": "Which force?"}, {}, dt.datetime(2026, 3, 1, tzinfo=dt.UTC))
    monkeypatch.setitem(sys.modules, "pyreadstat", None)
    with pytest.raises(ReceivedFileError, match="pyreadstat, which is not installed") as caught:
        fitting_dialects(path)
    assert caught.value.file == str(path)
    assert 'pip install -e ".[spss]"' in caught.value.remedy
