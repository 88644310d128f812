"""Surveys and responses that try a dialect, and what was read compared with what was written."""

from __future__ import annotations

import csv
import datetime as dt
import random
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from exports.responses import Response
from hypothesis import strategies as st

from landscape.surveys.answer_list import AnswerList, option_codes
from landscape.surveys.contract import hold
from landscape.surveys.definition import Accepted, Survey, Wave
from landscape.surveys.dialects import DIALECTS
from landscape.surveys.dialects.textfiles import read_text_rows
from landscape.surveys.export import ISO_FORMAT
from landscape.surveys.questionnaire import Option, Question, Questionnaire
from landscape.text import normal_wording

ZONE = ZoneInfo("Europe/London")
LONG = "ten thousand letters " * 480
_LETTERS = st.characters(codec="utf-8", exclude_categories=("C", "Z"))
WILD = st.text(_LETTERS | st.sampled_from(" \n,;\"'=+-@&’éß£"), min_size=1, max_size=12).filter(
    lambda text: normal_wording(text) and normal_wording(text) != "-" and text.strip()[0] not in "[-"
)
HOSTILE = (
    *("Radio, print", "Meetings; surgeries", "tab\tstop", 'so-called "engagement"', "don’t know", "don't know"),
    *(
        "مرحبا بالعالم",
        "שלום, עולם",
        "👮🏽‍♀️ and 🚓",
        "Café",
        "=SUM(A1)",
        "+44 113",
        "@handle",
        "two\nlines",
        "one or more",
    ),
    *("A & B", "x (y)", "50% of “them”", "Yes", "No", "ends with a comma,", "a/b", "naïve", "n/a"),
)


@dataclass(frozen=True)
class Way:
    """One way in which a tool writes, as far as a test must know it.

    Args:
        tool: The dialect's name.
        variant: As its writer takes it.
        ending: Of the file.
        separators: What may be between several options in one cell; none where each has a column.
        keeps_own_words: Own words are among the options; else in a column of their own, and "Other" is read.
        is_numbered: Options are written as their place in the list.
        codes: Questions are headed by codes: `csv` or `sav` as Jisc has them.
        has_partials: Responses that were not finished are written.
        has_own_numbers: The tool keeps a response's number, and when it was begun.
        never: What headings and options must not hold, as the tool itself could not tell it apart.
    """

    tool: str
    variant: str
    ending: str = ".csv"
    separators: tuple[str, ...] = ()
    keeps_own_words: bool = False
    is_numbered: bool = False
    codes: str = ""
    has_partials: bool = True
    has_own_numbers: bool = True
    never: tuple[str, ...] = ()


def survey_of(tool: str, *questions: Question, **settings: object) -> Survey:
    """A survey of these questions that was open for as long as anyone could answer."""
    return Survey(
        name="tried",
        title="Tried",
        licence="none",
        tool=tool,
        time_zone="Europe/London",
        consent_version="1",
        retain_until=dt.date(2200, 1, 1),
        waves=(Wave("1", dt.date(1900, 1, 1), dt.date(2150, 1, 1)),),
        test_responses=frozenset(),
        questionnaire=Questionnaire("tried", "1", questions, ()),
        **{"dates": "day_first"} | settings,
    )


@st.composite
def cases(draw, way: Way) -> tuple[Survey, list[Response]]:
    """A small survey and up to three responses; often none answers some question, so that its columns show nothing."""
    wild = draw(st.lists(WILD, max_size=3))
    dice = random.Random(draw(st.integers(0, 2**32)))  # noqa: S311 - it only picks examples
    words = [word for word in (*HOSTILE, *wild) if not any(mark in word for mark in way.never)]
    questions = _questions(way, words, dice)
    accepted = tuple(
        Accepted("1", new=f"{q.name}_a") for q in questions if way.codes == "csv" and q.other_code is not None
    )
    survey = survey_of(way.tool, *questions, has_numbered_options=way.is_numbered, accepted=accepted)
    texts = [*words, *wild, *[LONG] * 5]
    n_responses = dice.randint(1, 3)
    left_blank = [0.0, *[dice.choice([0.0, 0.4, 1.0]) for _ in range(2)]][dice.randrange(3)]
    return survey, [_response(n, survey, way, texts, dice, left_blank) for n in range(1, n_responses + 1)]


def _questions(way: Way, words: list[str], dice: random.Random) -> list[Question]:
    found: list[Question] = []
    kinds = ["text", "integer", "date", "select_one", "select_multiple", "select_multiple", "ranking", "grid"]
    for number, kind in enumerate(dice.sample(kinds, dice.randint(2, 4)), start=1):
        name, label = f"Q{number}", f"{dice.choice(words)} {number}?"
        if kind in ("text", "integer", "date"):
            found.append(Question(name, kind, label, "onward", "", False, (), None))
        elif kind.startswith("select"):
            options = _options(number, way, words, dice, has_other=dice.random() < 0.5)
            found.append(Question(name, kind, label, "onward", "", False, options, None))
        else:
            options = _options(number, way, words, dice, has_other=False)
            stem = label.replace("[", "(").replace("]", ")")
            if kind == "ranking":
                parts = [str(place) for place in range(1, dice.randint(2, len(options)) + 1)]
            else:
                parts = [f"row {row} of {number}" for row in "abc"[: dice.randint(2, 3)]]
            for place, part in enumerate(parts, start=1):
                code = f"{name}_{place}_a" if kind == "grid" else f"{name}_{place}"
                use = f"rank:r{number}:{place}" if kind == "ranking" else ""
                found.append(Question(code, "select_one", f"{stem} [{part}]", "onward", use, False, options, None))
    return found


def _options(number: int, way: Way, words: list[str], dice: random.Random, *, has_other: bool) -> tuple[Option, ...]:
    labels: list[str] = []
    for word in dice.sample(words, min(len(words), 5)):
        label = word.strip()
        fits = normal_wording(label) not in {"other", *map(normal_wording, labels)} and not label.isdigit()
        for separator in way.separators:  # nobody could tell "a" and "b" from "a, b"
            pairs = [(label, other) for other in labels] + [(other, label) for other in labels]
            fits = fits and not any(longer.startswith(shorter + separator) for longer, shorter in pairs)
            fits = fits and not label.endswith(separator.strip())
        if fits:
            labels.append(label)
    labels += ["this", "that"] if len(labels) < 2 else []
    options = [Option(f"O{number}.{place}", label) for place, label in enumerate(labels, start=1)]
    return (*options, Option(f"O{number}.OTHER", "Other")) if has_other else tuple(options)


def _response(
    number: int, survey: Survey, way: Way, texts: list[str], dice: random.Random, left_blank: float
) -> Response:
    answers: dict[str, object] = {}
    ranked: dict[str, list[str]] = {}
    for question in survey.questionnaire.questions:
        labels = [option.label for option in question.options]
        if question.rank:
            name, place = question.rank
            order = ranked.setdefault(name, dice.sample(labels, len(labels)))
            chosen = order[place - 1]
        elif question.kind == "select_one" and number == 1:
            chosen = labels[1]
        elif question.kind == "select_one":
            chosen = dice.choice(labels)
        else:
            chosen = None
        is_numbered_grid = way.is_numbered and question.name.endswith("_a")  # a few different numbers may be ranks, too
        if dice.random() < left_blank and not (number == 1 and is_numbered_grid):
            continue
        answers[question.name] = chosen or _answer(question, labels, way, texts, dice)
    for question in survey.questionnaire.questions:
        if question.other_code and question.kind == "select_one" and answers.get(question.name) == "Other":
            answers[question.name] = dice.choice(["Other", "x own words, and; more z"])
    started = dt.datetime(2017, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=dice.randrange(10 * 365 * 86400))
    started = started.astimezone(ZONE).replace(tzinfo=None)
    is_partial = way.has_partials and number > 1 and dice.random() < 0.3
    return Response(
        f"R-{number}",
        answers,
        started_at=started,
        completed_at=None if is_partial else started.replace(hour=22, minute=dice.randrange(60)),
    )


def _answer(question: Question, labels: list[str], way: Way, texts: list[str], dice: random.Random) -> object:
    if question.kind == "select_multiple":
        ticked = [label for label in labels if label != "Other" and dice.random() < 0.5] or labels[:1]
        if question.other_code and dice.random() < 0.5:
            ticked.append(dice.choice(["Other", "x own words, and; more z"]))
        return ticked
    if question.kind == "integer":
        return dice.randrange(10**9)
    return dt.date(1990, 1, 1) + dt.timedelta(dice.randrange(20000)) if question.kind == "date" else dice.choice(texts)


# -- What was written, and what was read


def as_written(survey: Survey, responses: list[Response], way: Way) -> list[tuple[object, ...]]:
    """Each response as it must be read: number, start, end, answers by question."""
    return [
        (
            response.number if way.has_own_numbers else None,
            response.started_at if way.has_own_numbers else None,
            response.completed_at,
            {
                name: _canonical(survey.questionnaire.by_name[name], survey, way, answer)
                for name, answer in response.answers.items()
            },
        )
        for response in responses
    ]


def as_read(path: Path, survey: Survey, way: Way) -> list[tuple[object, ...]]:
    """Each response as a refresh reads it, through the contract."""
    dialect = DIALECTS[way.tool]
    assert dialect.recognises(path)
    export = dialect.read(path, survey.asked)
    columns = hold(export, survey, path).columns[None]
    (sheet,) = export.sheets
    rows = []
    for row in sheet.rows:
        assert len(row.cells) == len(sheet.columns)

        def fact(role: str, cells: tuple[str, ...] = row.cells) -> str:
            position = sheet.position(role)
            return cells[position] if position is not None else ""

        answers = {}
        for position, question in columns.items():
            cell = row.cells[position]
            if cell.strip():
                answers[question.name] = _typed(question, survey, cell)
        times = [_moment(fact(role), dialect.TIME_FORMAT, export.time_zone) for role in ("started_at", "completed_at")]
        rows.append((fact("response_id") if way.has_own_numbers else None, *times, answers))
    return rows


def _typed(question: Question, survey: Survey, cell: str) -> object:
    dialect = DIALECTS[survey.tool]
    if question.options:
        answers = AnswerList(question, survey)
        found = [(part.text, answers.meaning(part)) for part in answers.parts(cell)]
        parts = [text if meaning.is_own_words else meaning.code or text for text, meaning in found]
        return sorted(parts) if question.kind == "select_multiple" else parts[0]
    if question.kind == "integer":
        return int(cell)
    if question.kind == "date":
        return _parsed(cell, dialect.DATE_FORMAT).date()
    return cell.strip()


def _canonical(question: Question, survey: Survey, way: Way, answer: object) -> object:
    if question.options:
        codes = option_codes(question, survey, ())
        given = [answer] if isinstance(answer, str) else list(answer)
        parts = [codes.get(normal_wording(part), part) for part in given]
        return sorted(parts) if question.kind == "select_multiple" else parts[0]
    return answer.strip() if isinstance(answer, str) else answer


def _parsed(text: str, written: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text) if written == ISO_FORMAT else dt.datetime.strptime(text, written)  # noqa: DTZ007


def _moment(text: str, time_format: str, zone: str | None) -> dt.datetime | None:
    if not text:
        return None
    moment = _parsed(text, time_format)
    return moment.replace(tzinfo=ZoneInfo(zone)).astimezone(ZONE).replace(tzinfo=None) if zone else moment


# -- The same file as other programs would have saved it


@dataclass(frozen=True)
class Saved:
    """How a text file was saved."""

    encoding: str
    delimiter: str
    line_end: str


SAVED = st.builds(
    Saved,
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["\r\n", "\n", "\r"]),
)


def save_again(path: Path, saved: Saved) -> None:
    """Writes a text file again with other bytes; in UTF-8 where its letters do not go into the encoding."""
    rows, _ = read_text_rows(path)
    encoding = saved.encoding
    try:
        in_bytes = "".join(cell for row in rows for cell in row.cells).encode(encoding)
        if encoding == "cp1252" and not in_bytes.isascii() and in_bytes.decode("utf-8"):
            encoding = "utf-8"  # bytes that mean letters in both, as in "Â¡": nobody could tell
    except UnicodeEncodeError:
        encoding = "utf-8"
    except UnicodeDecodeError:
        pass
    with path.open("w", encoding=encoding, newline="") as stream:
        quoting = csv.QUOTE_MINIMAL if saved.line_end == "\r\n" else csv.QUOTE_ALL
        writer = csv.writer(stream, delimiter=saved.delimiter, lineterminator=saved.line_end, quoting=quoting)
        writer.writerows(row.cells for row in rows)
