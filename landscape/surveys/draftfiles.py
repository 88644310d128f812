"""The files of a drafted survey, with what is to be confirmed marked in them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

from landscape.surveys.declared import SCHEMA_LINE
from landscape.surveys.dialects import DIALECTS
from landscape.surveys.draft import Draft, DraftPart, DraftQuestion
from landscape.surveys.optionlists import OWN_LISTS, OWN_PARAMETERS
from landscape.surveys.scales import is_other

TIME_ZONE = "Europe/London"
_ANY_FIRST, _ANY_LAST = dt.date(2000, 1, 1), dt.date(2099, 12, 31)
_YEARS_KEPT = 3
_HEADINGS = (
    "type", "name", "label", "hint", "required", "relevant", "privacy", "use", "choice_filter", "parameters", "confirm",
)  # fmt: skip
_OPTIONAL = ("hint", "relevant")


def write_survey(draft: Draft, path: Path) -> None:
    """Writes survey.yml: every line that was guessed is listed above them, to be confirmed."""
    opens, closes = draft.first_on or _ANY_FIRST, draft.last_on or _ANY_LAST
    wave = str(opens.year) if draft.first_on else "first"
    is_undated = draft.has_export and not draft.first_on
    lines = [
        SCHEMA_LINE,
        f"# Drafted from {draft.drafted_from}. Go through the lines marked “confirm”, mend what is wrong, then delete",
        "# these notes.",
        *(f"# confirm: {note}" for note in confirmations(draft)),
        f"title: {_text(draft.title)}",
        "asked_by: researchers of the mapping",
        "licence: not for publication; answers of individuals",
        f"tool: {draft.tools[0]}",
        f"time_zone: {TIME_ZONE}",
        f'consent_version: "{opens:%Y-%m}"',
        f"retain_until: {closes.year + _YEARS_KEPT if draft.last_on else _ANY_LAST.year}-12-31",
        *(['decimal_mark: ","'] if any(question.guess.decimal_mark == "," for question in draft.questions) else []),
        *([f"dates: {draft.dates}"] if draft.dates else []),
        *(["# dates: day_first"] if draft.is_order_unclear else []),
        "waves:",
        f'  - wave: "{wave}"',
        f"    opens_on: {opens}",
        f"    closes_on: {closes}",
        *([f'undated: "{wave}"'] if is_undated else []),
        "# Platform ids of answers that the team gave to try the form out.",
        "test_responses: []",
    ]
    accepted = [_in_one_line({"wave": wave, **entry}) for entry in _accepted(draft)]
    if accepted:
        lines += ["# What exports may have otherwise than the questionnaire.", "accepted:", *accepted]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _accepted(draft: Draft) -> Iterator[dict[str, object]]:
    for question in draft.questions:
        wordings = [question.label] if written_label(question) != question.label else []
        for wording in (*wordings, *question.wordings):
            yield {"question": question.name, "wording": wording}
        for code, meant in question.codes.items():
            yield {"question": question.name, "option": code, "means": meant}
    for entry in draft.differences:
        yield dict(entry)


def _in_one_line(entry: dict[str, object]) -> str:
    said = (f"{name}: {'true' if value is True else _text(str(value))}" for name, value in entry.items())
    return f"  - {{{', '.join(said)}}}"


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a JSON text is a YAML one


def confirmations(draft: Draft) -> Iterator[str]:
    """What a person is to confirm in survey.yml, one line each."""
    yield "title: what respondents saw above the questions"
    yield "asked_by, licence: who asked, and what may be done with the answers"
    if len(draft.tools) > 1:
        others = ", ".join(DIALECTS[tool].TITLE for tool in draft.tools[1:])
        what = "the file has the shape of" if draft.has_export else "the definition is of"
        yield f"tool: {what} {DIALECTS[draft.tools[0]].TITLE}, but also of {others}"
    yield (
        "time_zone: the zone in which the days of a wave are counted; the export itself says the zone of its times"
        if draft.zone
        else "time_zone: the zone of the times in the export; the file does not say it"
    )
    if draft.dates:
        yield "dates: as some dates of the export can only be read"
    if draft.is_order_unclear:
        yield (
            "dates: nothing says whether 3/4/2026 is in April or in March: take the `#` away where the day comes first; "
            "else write `dates: month_first`. The days of the wave below were read day first"
        )
    yield "consent_version: which wording of the consent questions was shown"
    yield "retain_until: when the received files must go; as the ethics approval says"
    if draft.first_on:
        yield f"waves: answers in the export run from {draft.first_on} to {draft.last_on}; put the days the survey is open"
    elif draft.has_export:
        yield (
            "waves: the export has no times; put the days the survey is open. `undated` names the wave that answers without "
            "a time belong to; or give the question that dates a response the use `wave_date`, and delete `undated`"
        )
    else:
        yield "waves: put the days the survey is open"


def write_questionnaire(draft: Draft, path: Path) -> None:
    """Writes questionnaire.md, an XLSForm; what is to be looked at is in its last column."""
    table = [dict(zip(_HEADINGS, _HEADINGS, strict=True)), *_rows(draft, None)]
    shown = [h for h in _HEADINGS if h not in _OPTIONAL or any(row.get(h) for row in table[1:])]
    rows = [[row.get(heading, "") for heading in shown] for row in table]
    widths = [max(len(row[at]) for row in rows) for at in range(len(shown))]
    lines = ["| survey |"]
    for row in rows:
        lines.append(
            "|        | " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        )
    version = f"{draft.first_on or _ANY_FIRST:%Y-%m}"
    settings = (
        "| settings |",
        "|          | form_id | form_title | version |",
        f"|          | {draft.name} | {_cell(draft.title)} | {version} |",
    )
    introduction = _INTRODUCTION.format(title=draft.title, drafted_from=draft.drafted_from)
    path.write_text(introduction + "\n".join([*lines, "", *settings]) + "\n", encoding="utf-8", newline="\n")


_INTRODUCTION = """# {title}

An XLSForm, drafted from {drafted_from}. Each row below is one question, in the order asked; `label` is the wording,
by which it is found in an export. To finish it: go through the last column, `confirm`; mend types, names, options and
privacy; then delete that column.

- No name of a person may be in this file or in `options.csv`: read the options with that in mind.
- `privacy`: `personal` is read only to tell people apart and never stored; `private` stays in the received file; `match`
  is used to find organisation and area; `onward` is kept as it is. Closed questions and numbers are always kept.
- `use` says what an answer is for: `email` (tells people apart), `area`, `organisation`, `organisation_type`,
  `wave_date`, `rank:<list>:<place>`, `consent:<purpose>`. Only rankings and the force area were drafted.
- Lists that surveys share come from `data/reference/`; the survey's own are in `options.csv` beside this file. An
  option for the respondent's own words has a code that ends in `.OTHER`.

"""


def _rows(draft: Draft, part: str | None) -> Iterator[dict[str, str]]:
    """The rows of a part's questions, then of the parts below it."""
    for own in draft.parts:
        if own.name == part:
            yield from map(_row, own.questions)
    for below in _below(draft, part):
        name = below.name or ""
        yield {"type": "begin repeat", "name": name, "label": _cell(below.label or name.replace("_", " ").capitalize())}
        yield from _rows(draft, below.name)
        yield {"type": "end repeat"}


def _below(draft: Draft, part: str | None) -> list[DraftPart]:
    return [found for found in draft.parts if found.name is not None and found.parent == part]


def _row(question: DraftQuestion) -> dict[str, str]:
    guess, kind, choice_filter, parameters = question.guess, question.guess.kind, "", ""
    if guess.known:
        kind = f"{kind}_from_file {guess.known.file}"
        choice_filter, parameters = guess.known.choice_filter, guess.known.parameters
    elif question.option_list:
        kind = f"{kind}_from_file {OWN_LISTS}"
        choice_filter, parameters = f"list='{question.option_list}'", OWN_PARAMETERS
    return {
        "type": kind,
        "name": question.name,
        "label": _cell(written_label(question)),
        "hint": _cell(question.hint.replace("${", "$ {")),
        "required": "yes" if question.required else "",
        "relevant": question.relevant,
        "privacy": guess.privacy,
        "use": question.use,
        "choice_filter": choice_filter,
        "parameters": parameters,
        "confirm": _cell(guess.note),
    }


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def option_source(question: DraftQuestion) -> str:
    """Where a question takes its options from; empty if it has none."""
    if question.guess.known:
        return question.guess.known.choice_filter or question.guess.known.file
    if not question.option_list:
        return ""
    labels = question.guess.labels
    n_other = sum(map(is_other, labels))
    return f"{len(labels) - n_other} of its own" + (", and Other" if n_other else "")


def written_label(question: DraftQuestion) -> str:
    """A wording as an XLSForm can hold it: `${` would name another question there."""
    return question.label.replace("${", "$ {")
