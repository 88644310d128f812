"""Chapter: how the figures were made and how to read them, and what was set aside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from landscape.analysis.rules import minimum_base
from landscape.coding.agreement import TENTATIVE_FROM, USED_FROM
from landscape.places.landscape import names_in
from landscape.reporting.chapters import responding
from landscape.reporting.content import Block, BulletList, DataTable, Paragraph, Section, Words, found, words
from landscape.reporting.wording import counted, label, number
from landscape.surveys.statuses import COUNTED, OUTSIDE_WAVE, STATUSES

if TYPE_CHECKING:
    import pandas as pd

READING = (
    "Not covered is not zero. An area that was not visited, and where nothing is recorded, has no count at "
    "all; a zero means that the area was visited and nothing was recorded.",
    "“x of n” gives the count and what it was counted from. Where n differs between rows, the rows are not "
    "directly comparable.",
    "No percentage is given where n is below {minimum_base}.",
    "Intervals are Wilson intervals at 95%. They show how uncertain a small count is; they do not correct "
    "for who chose to answer.",
    "People are counted for regions or for {whole} only, never by area.",
    "Symbols: [c] not shown to protect people, [low] too few for a percentage, [x] not available, [z] not applicable.",
)


def _alpha(value: float) -> str:
    """A limit of agreement as printed: 0.667 as .667, 0.8 as .80."""
    return f"{value:.3f}".removesuffix("0").removeprefix("0")


NO_AGREEMENT = (
    "No agreement between coders was measured, so no code is marked as tentative. How far another person would have coded "
    "the same is not known."
)
AGREEMENT = (
    "Two people coded the same without talking about it. Krippendorff’s alpha is 1 where they always agree and 0 where they "
    f"agree as chance would have it. From {_alpha(USED_FROM)} a code is used, from {_alpha(TENTATIVE_FROM)} it is tentative, "
    "below it needs a better definition."
)
VERDICTS = {
    "used": "used",
    "tentative": "tentative",
    "back_to_definition": "in need of a better definition",
    "not_computed": "not measured",
}
_DECIDED = "staged.decision_counts"
DECISIONS = {
    "alias": "Spelling of an area accepted",
    "coding": "Answer in own words coded",
    "correction": "Answer corrected",
    "merge": "Activity reported twice merged",
}


def chapter(tables: Mapping[str, pd.DataFrame]) -> Section:
    """Method and caveats."""
    facts: dict[str, str] = dict(tables["reference.showcase"].iloc[:, :2].itertuples(index=False, name=None))
    whole = names_in(tables).short
    return Section(
        "Method and caveats",
        (),
        (
            Section("Who is in the record", (Paragraph(_selection(int(facts["delegates"]))),)),
            responding.section(tables),
            Section(
                "How to read the figures",
                (BulletList(tuple(text.format(whole=whole, minimum_base=minimum_base(tables)) for text in READING)),),
            ),
            Section("Coding by people", _coding(tables)),
            Section("What was received", _received(tables["staged.submissions"])),
            Section("What was set aside", _set_aside(tables)),
        ),
    )


def _set_aside(tables: Mapping[str, pd.DataFrame]) -> tuple[Block, ...]:
    if "staged.issue_counts" not in tables:
        return (
            Paragraph(
                "A release does not count what was set aside: a single item can be one person’s. The team’s own report "
                "gives the numbers."
            ),
        )
    return (
        *_statuses(tables["staged.response_statuses"], tables),
        *_issues(tables["staged.issue_counts"], tables),
    )


def _selection(delegates: int) -> Words:
    return words(
        "showcase",
        "Respondents selected themselves, and the link to the survey can be passed on. So the {n_delegates} of the "
        "showcase are a base only for respondents who say that they attended it. Nor were the "
        "areas visited drawn at random. Neither source is a random sample of forces, offices or people.",
        n_delegates=counted(delegates, "delegate", "delegates"),
    )


def _coding(tables: Mapping[str, pd.DataFrame]) -> tuple[Block, ...]:
    is_sample = bool(tables["staged.submissions"]["is_sample"].any())
    return (
        *_agreement(tables["reference.agreement"], is_sample),
        *(
            _decisions(tables[_DECIDED], is_sample) if _DECIDED in tables else ()
        ),  # a release does not count single ones
    )


def _agreement(agreement: pd.DataFrame, is_sample: bool) -> tuple[Block, ...]:
    measured = agreement[(agreement["is_sample"] == is_sample) & agreement["code"].isna()]
    if measured.empty:
        return (Paragraph(NO_AGREEMENT),)
    return (
        Paragraph(AGREEMENT),
        DataTable(
            title="Agreement between two coders, by coding scheme",
            columns=("Scheme", "Alpha", "95% interval", "Units", "So the codes are"),
            rows=tuple(
                (
                    label(row["scheme"]),
                    _two_decimals(row["alpha"]),
                    f"{_two_decimals(row['alpha_low'])} to {_two_decimals(row['alpha_high'])}",
                    number(row["n_units"]),
                    VERDICTS[row["verdict"]],
                )
                for row in measured.sort_values("scheme").to_dict("records")
            ),
            note="[x]: cannot be computed, since nothing varied. Tables and figures name single codes that are tentative.",
            is_sample=is_sample,
        ),
    )


def _two_decimals(value: float) -> str:
    return "[x]" if value != value else f"{value:.2f}"  # noqa: PLR0124 - not a number


def _decisions(counts: pd.DataFrame, is_sample: bool) -> tuple[Block, ...]:
    if counts.empty:
        return (Paragraph("No correction, merge or coding of own words by a person was applied."),)
    return (
        DataTable(
            title="Decisions of people on what was received",
            columns=("Decision", "Applied", "Not applied"),
            rows=tuple(
                (DECISIONS[row["decision_kind"]], number(row["n_applied"]), number(row["n_refused"]))
                for row in counts.sort_values("decision_kind").to_dict("records")
            ),
            note="A decision is not applied if the answer it was made on has changed since.",
            is_sample=is_sample,
        ),
    )


def _received(submissions: pd.DataFrame) -> tuple[Block, ...]:
    if submissions.empty:
        return (Paragraph("No files have been received."),)
    files = submissions.groupby(["survey", "tool"], as_index=False, sort=True).agg(
        n_files=("file_name", "count"), n_rows=("n_rows", "sum")
    )
    has_rows = submissions["n_rows"].notna().all()  # a release does not say how many rows there were
    return (
        DataTable(
            title="Files received by survey and survey tool",
            columns=("Survey", "Tool", "Files", *(("Rows",) if has_rows else ())),
            rows=tuple(
                (
                    label(row["survey"]),
                    label(row["tool"]),
                    number(row["n_files"]),
                    *((number(row["n_rows"]),) if has_rows else ()),
                )
                for row in files.to_dict("records")
            ),
            is_sample=bool(submissions["is_sample"].any()),
            table_id="files_received",
        ),
    )


def _statuses(statuses: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> tuple[Block, ...]:
    if statuses.empty:
        return (Paragraph("No responses have been received."),)
    is_sample = bool(tables["staged.submissions"]["is_sample"].any())
    total = int(statuses["n_responses"].sum())
    shown = {status: STATUSES[status][0].capitalize() for status in (COUNTED, OUTSIDE_WAVE)}
    named = statuses.assign(counts=statuses["status"].map(lambda status: shown.get(status, "Set aside")))
    counted_or_not = named.groupby(["survey", "counts"], as_index=False).agg(n_responses=("n_responses", "sum"))
    *others, last = (called for status, (called, _) in STATUSES.items() if status != COUNTED)
    n_counted = int(statuses.loc[statuses["status"] == COUNTED, "n_responses"].sum())
    return (
        Paragraph(
            found(
                "responses",
                "of {n_read} read, {n_counted} are counted in this report{see table:responses}. The others are "
                f"{', '.join(others)} or {last}.",
                is_sample,
                n_read=counted(total, "response", "responses"),
                n_counted=number(n_counted),
            )
        ),
        DataTable(
            title="Responses by survey",
            columns=("Survey", "Responses that were", "Number"),
            rows=tuple(
                (label(row["survey"]), row["counts"], number(row["n_responses"]))
                for row in counted_or_not.to_dict("records")
            ),
            note="The number set aside for each reason is not given: one withdrawal could be one person.",
            is_sample=is_sample,
            table_id="responses",
        ),
    )


def _issues(issues: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> tuple[Block, ...]:
    if issues.empty:
        return (Paragraph("No problems were found in the files received."),)
    is_sample = bool(tables["staged.submissions"]["is_sample"].any())
    ordered = issues.sort_values(["survey", "severity", "reason", "field"], na_position="last")
    return (
        Paragraph(
            found(
                "issues",
                "the files received have {n_issues}, counted here by reason{see table:issues}. What a respondent wrote "
                "is never shown.",
                is_sample,
                n_issues=counted(int(issues["n_issues"].sum()), "problem", "problems"),
            )
        ),
        DataTable(
            title="Problems in the files received, by reason",
            columns=("Survey", "Field", "Reason", "Severity", "Problems"),
            rows=tuple(
                (
                    label(row["survey"]),
                    row["field"] if isinstance(row["field"], str) else "[z]",
                    label(row["reason"]),
                    label(row["severity"]),
                    number(row["n_issues"]),
                )
                for row in ordered.to_dict("records")
            ),
            note="[z]: the problem is not one of a single field.",
            is_sample=is_sample,
            table_id="issues",
        ),
    )
