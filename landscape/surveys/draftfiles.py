"""A drafted survey, and its files with what is to be confirmed marked in them. Not here: the drafting."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from landscape.surveys.declared import SCHEMA_LINE
from landscape.surveys.dialects import DIALECTS
from landscape.surveys.guessing import Guess
from landscape.surveys.optionlists import OWN_LISTS, OWN_PARAMETERS

TIME_ZONE = "Europe/London"
_ANY_FIRST, _ANY_LAST = dt.date(2000, 1, 1), dt.date(2099, 12, 31)
_YEARS_KEPT = 3
_HEADINGS = (
    "type", "name", "label", "required", "privacy", "use", "choice_filter", "parameters", "confirm",
)  # fmt: skip


@dataclass(frozen=True)
class DraftQuestion:
    """One row of the drafted questionnaire.

    Args:
        name: Its name.
        label: Its wording, as the export has it.
        guess: What it seems to ask.
        option_list: The survey's own list that it takes its options from; empty if none.
        use: `rank:<list>:<place>` for a place of a ranking.
    """

    name: str
    label: str
    guess: Guess
    option_list: str = ""
    use: str = ""


@dataclass(frozen=True)
class DraftPart:
    """The questions of the responses (name None), or of a repeated part and the part it belongs to."""

    name: str | None
    parent: str | None
    questions: tuple[DraftQuestion, ...]


@dataclass(frozen=True)
class Draft:
    """A drafted survey.

    Args:
        name: The survey.
        tools: The tools whose shape the export has; the first was taken.
        parts: Its questions.
        first_on: The first day seen in the export; None where it has no times.
        last_on: The last day seen.
        zone: The time zone that the export itself says; None where it does not.
        skipped: Columns that were not drafted, and why.
        lists_csv: Its own option lists; empty where it has none.
    """

    name: str
    tools: tuple[str, ...]
    parts: tuple[DraftPart, ...]
    first_on: dt.date | None
    last_on: dt.date | None
    zone: str | None
    skipped: tuple[str, ...]
    lists_csv: str

    @property
    def questions(self) -> tuple[DraftQuestion, ...]:
        """All questions of all parts."""
        return tuple(question for part in self.parts for question in part.questions)


def write_survey(draft: Draft, path: Path) -> None:
    """Writes survey.yml: every line that was guessed is listed above them, to be confirmed."""
    opens, closes = draft.first_on or _ANY_FIRST, draft.last_on or _ANY_LAST
    wave = str(opens.year) if draft.first_on else "first"
    lines = [
        SCHEMA_LINE,
        "# Drafted from an export. Go through the lines marked “confirm”, mend what is wrong, then delete these notes.",
        *(f"# confirm: {note}" for note in confirmations(draft)),
        f"title: {title(draft)}",
        "asked_by: researchers of the mapping",
        "licence: not for publication; answers of individuals",
        f"tool: {draft.tools[0]}",
        f"time_zone: {TIME_ZONE}",
        f'consent_version: "{opens:%Y-%m}"',
        f"retain_until: {closes.year + _YEARS_KEPT if draft.last_on else _ANY_LAST.year}-12-31",
        *(['decimal_mark: ","'] if _has_decimal_commas(draft) else []),
        "waves:",
        f'  - wave: "{wave}"',
        f"    opens_on: {opens}",
        f"    closes_on: {closes}",
        *([] if draft.first_on else [f'undated: "{wave}"']),
        "# Platform ids of answers that the team gave to try the form out.",
        "test_responses: []",
    ]
    rewritten = [question for question in draft.questions if written_label(question) != question.label]
    if rewritten:
        lines += ["# Wordings that an XLSForm cannot hold as they are.", "accepted:"]
        lines += [
            f'  - {{wave: "{wave}", question: {question.name}, wording: {json.dumps(question.label, ensure_ascii=False)}}}'
            for question in rewritten
        ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def confirmations(draft: Draft) -> Iterator[str]:
    """What a person is to confirm in survey.yml, one line each."""
    yield "title: what respondents saw above the questions"
    yield "asked_by, licence: who asked, and what may be done with the answers"
    if len(draft.tools) > 1:
        others = ", ".join(DIALECTS[tool].TITLE for tool in draft.tools[1:])
        yield f"tool: the file has the shape of {DIALECTS[draft.tools[0]].TITLE}, but also of {others}"
    yield (
        "time_zone: the zone in which the days of a wave are counted; the export itself says the zone of its times"
        if draft.zone
        else "time_zone: the zone of the times in the export; the file does not say it"
    )
    yield "consent_version: which wording of the consent questions was shown"
    yield "retain_until: when the received files must go; as the ethics approval says"
    if draft.first_on:
        yield f"waves: answers in the export run from {draft.first_on} to {draft.last_on}; put the days the survey is open"
    else:
        yield (
            "waves: the export has no times; put the days the survey is open. `undated` names the wave that answers without "
            "a time belong to; or give the question that dates a response the use `wave_date`, and delete `undated`"
        )


def write_questionnaire(draft: Draft, path: Path) -> None:
    """Writes questionnaire.md, an XLSForm; what is to be looked at stands in its last column."""
    rows = [list(_HEADINGS), *_rows(draft, None)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(_HEADINGS))]
    table = ["| survey |"]
    for row in rows:
        table.append(
            "|        | " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        )
    version = f"{draft.first_on or _ANY_FIRST:%Y-%m}"
    settings = (
        "| settings |",
        "|          | form_id | form_title | version |",
        f"|          | {draft.name} | {title(draft)} | {version} |",
    )
    text = _INTRODUCTION.format(title=title(draft)) + "\n".join([*table, "", *settings]) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")


_INTRODUCTION = """# {title}

An XLSForm, drafted from an export. Each row below is one question, in the order of the export; `label` is the wording,
exactly as it stands there. To finish it: go through the last column, `confirm`; mend types, names, options and privacy;
then delete that column.

- No name of a person may stand in this file or in `options.csv`: read the options with that in mind.
- `privacy`: `personal` is read only to tell people apart and never stored; `private` stays in the received file; `match`
  is used to find organisation and area; `onward` is kept as it is. Closed questions and numbers are always kept.
- `use` says what an answer is for: `email` (tells people apart), `area`, `organisation`, `organisation_type`,
  `wave_date`, `rank:<list>:<place>`, `consent:<purpose>`. Only the places of rankings were drafted.
- Lists that surveys share come from `data/reference/`; the survey's own are in `options.csv` beside this file. An
  option for the respondent's own words has a code that ends in `.OTHER`.

"""


def _rows(draft: Draft, part: str | None) -> Iterator[list[str]]:
    """The rows of a part's questions, then of the parts below it."""
    own = next(found for found in draft.parts if found.name == part)
    for question in own.questions:
        yield _row(question)
    for below in _below(draft, part):
        name = below.name or ""
        yield ["begin repeat", name, name.replace("_", " ").capitalize(), *[""] * 6]
        yield from _rows(draft, below.name)
        yield ["end repeat", *[""] * 8]


def _below(draft: Draft, part: str | None) -> list[DraftPart]:
    return [found for found in draft.parts if found.name is not None and found.parent == part]


def _row(question: DraftQuestion) -> list[str]:
    guess, kind, choice_filter, parameters = question.guess, question.guess.kind, "", ""
    if guess.known:
        kind = f"{kind}_from_file {guess.known.file}"
        choice_filter, parameters = guess.known.choice_filter, guess.known.parameters
    elif question.option_list:
        kind = f"{kind}_from_file {OWN_LISTS}"
        choice_filter, parameters = f"list='{question.option_list}'", OWN_PARAMETERS
    label = written_label(question).replace("|", "\\|")
    return [kind, question.name, label, "", guess.privacy, question.use, choice_filter, parameters, guess.note]


def option_source(question: DraftQuestion) -> str:
    """Where a question takes its options from; empty if it has none."""
    if question.guess.known:
        return question.guess.known.choice_filter or question.guess.known.file
    return f"{len(question.guess.labels)} of its own" if question.option_list else ""


def written_label(question: DraftQuestion) -> str:
    """A wording as an XLSForm can hold it: `${` would name another question there."""
    return question.label.replace("${", "$ {")


def title(draft: Draft) -> str:
    """A title from the survey's name."""
    return draft.name.replace("_", " ").capitalize()


def _has_decimal_commas(draft: Draft) -> bool:
    return any(question.guess.decimal_mark == "," for question in draft.questions)
