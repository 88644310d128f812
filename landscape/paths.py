"""Where everything is below the project folder."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

HOME_VARIABLE = "LANDSCAPE_HOME"
SURVEYS_VARIABLE = "LANDSCAPE_SURVEYS"


@dataclass(frozen=True)
class ProjectPaths:
    """The folders and files of one project folder.

    Args:
        root: The project folder; in a checkout, the one that holds `dagster.yaml`.
    """

    root: Path

    @property
    def raw(self) -> Path:
        """Received files, one folder per survey; never committed."""
        return self.root / "data" / "raw"

    @property
    def police_uk(self) -> Path:
        """What was pulled from data.police.uk, one folder per pull; never committed."""
        return self.raw / "police_uk"

    @property
    def sample(self) -> Path:
        """Committed, made-up responses, one folder per survey."""
        return self.root / "data" / "sample"

    @property
    def reference(self) -> Path:
        """Committed facts with their sources."""
        return self.root / "data" / "reference"

    @property
    def marts(self) -> Path:
        """Published internal marts."""
        return self.root / "data" / "marts"

    @property
    def staging_db(self) -> Path:
        """The private DuckDB file that a refresh works in."""
        return self.root / "data" / "warehouse.duckdb"

    @property
    def private(self) -> Path:
        """What only the coordinator needs and no refresh can make; never committed."""
        return self.root / "data" / "private"

    @property
    def tombstones(self) -> Path:
        """Marks of people who were forgotten."""
        return self.private / "tombstones.csv"

    @property
    def withdrawals(self) -> Path:
        """Marks of people who withdrew consent."""
        return self.private / "withdrawals.csv"

    @property
    def holds(self) -> Path:
        """Marks of people whose answers are kept and not used."""
        return self.private / "holds.csv"

    @property
    def release_register(self) -> Path:
        """What became of each release: made, approved, given to whom."""
        return self.private / "release-register.csv"

    @property
    def access_log(self) -> Path:
        """Who exported or deleted personal data, and when."""
        return self.private / "access-log.csv"

    @property
    def speakers(self) -> Path:
        """The people who spoke at visits, where the team lists them."""
        return self.private / "speakers.csv"

    @property
    def published(self) -> Path:
        """The ledger of what releases show of people."""
        return self.private / "published.json"

    @property
    def pulled(self) -> Path:
        """The pull record of each survey that is pulled from a service."""
        return self.private / "pulled"

    @property
    def mailing_lists(self) -> Path:
        """Lists of people to write to, who consented to it."""
        return self.private / "mailing-lists"

    @property
    def decisions(self) -> Path:
        """Corrections, merges and spellings that people decided; never committed."""
        return self.root / "data" / "decisions.csv"

    @property
    def codings(self) -> Path:
        """Codes that people gave to own words, without the words."""
        return self.private / "codings.csv"

    @property
    def approvals(self) -> Path:
        """Which wordings may be printed, and which of them were confirmed, without the words."""
        return self.private / "approvals.csv"

    @property
    def sample_approvals(self) -> Path:
        """The same for the texts of the made-up sample."""
        return self.sample / "SAMPLE-approvals.csv"

    @property
    def agreement(self) -> Path:
        """How far two coders agreed."""
        return self.private / "agreement.csv"

    @property
    def review(self) -> Path:
        """Sheets with respondents' own words, for people to code."""
        return self.private / "review"

    @property
    def lock(self) -> Path:
        """The lock of the running refresh: command line, UI or schedule."""
        return self.root / "data" / ".refresh.lock"

    @property
    def ledger_lock(self) -> Path:
        """The lock of whoever writes a ledger: decisions, codings, withdrawals, tombstones, the access log."""
        return self.root / "data" / ".ledgers.lock"

    @property
    def reports(self) -> Path:
        """The report; drafts, not for circulation."""
        return self.root / "reports"

    @property
    def figures(self) -> Path:
        """The figures, listed in figures.json."""
        return self.reports / "figures"

    @property
    def releases(self) -> Path:
        """Releases, one folder and one zip each: the only thing meant to leave the team."""
        return self.reports / "releases"

    @property
    def area_profiles(self) -> Path:
        """Profiles of single force areas."""
        return self.reports / "areas"

    @property
    def issues(self) -> Path:
        """The list of what did not fit, for a person to work through."""
        return self.reports / "issues.xlsx"

    @property
    def last_state(self) -> Path:
        """What the last whole refresh was made from and made."""
        return self.root / ".dagster" / "stamp.json"

    @property
    def ui_lock(self) -> Path:
        """Held while this project's UI is open."""
        return self.root / ".dagster" / "ui.lock"

    @property
    def dagster_home(self) -> Path:
        """The folder of dagster.yaml; Dagster's own files go to `.dagster` below it."""
        return self.root


def project_paths() -> ProjectPaths:
    """The current project folder: `LANDSCAPE_HOME` if set, otherwise the checkout this package is in."""
    home = os.environ.get(HOME_VARIABLE)
    root = Path(home) if home else Path(__file__).resolve().parent.parent
    return ProjectPaths(root.resolve())


def surveys_folder() -> Path:
    """The surveys in force, one folder each: `LANDSCAPE_SURVEYS` where set, else those of the checkout."""
    chosen = os.environ.get(SURVEYS_VARIABLE)
    checkout = Path(__file__).resolve().parent.parent
    return Path(chosen).resolve() if chosen else checkout / "assets" / "raw" / "surveys"
