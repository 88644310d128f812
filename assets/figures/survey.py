"""How the closed questions of one survey were answered, in the landscape as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from assets.figures import survey_figure
from landscape.charts.area_charts import statement
from landscape.charts.chart import Chart, Words
from landscape.charts.frame import rows_of
from landscape.charts.survey_charts import Bar, ClosedQuestion, page_of, question_bars, x_of_n
from landscape.charts.text import counted
from landscape.charts.words import as_a_whole, caption, closing, sample_note
from landscape.disclosure.declared import MEMBERS_QUESTIONS, MEMBERS_SURVEY, SUPPRESSED
from landscape.disclosure.limits import FEWEST_PEOPLE, SMALL
from landscape.places.landscape import TABLE, Names, names_in

if TYPE_CHECKING:
    import pandas as pd

    from landscape.surveys.definition import Survey

READS = ("marts.survey_breakdown", "safe.survey_answers", "reference.questions", "reference.options", TABLE)
PICKS = {"marts.survey_breakdown": "survey = '{survey}' AND force_area_code IS NULL"}
_SHOWN = ["wave", "question", "label", "option_code", "option_name", "n_selected"]
COLUMNS = [*_SHOWN, "n_answered", "n_asked", "respondent_share", "state", "is_drawn"]
COLUMNS_OF_PEOPLE = [*_SHOWN, "n_people", "people_share", "answer_words", "state", "is_drawn"]
KEY = ("Chose the option", "Answered the question, but did not choose it")
KEY_OF_PEOPLE = ("Chose the option", "Did not, or gave no answer")
_MEASURED = ["n_selected", "n_asked", "n_answered"]
_VISIT_USES = {"wave_date", "release_level"}  # only a visit has its own day and permission
_PLACE_USES = ("area", "organisation")
_PLACE_CODE = r"[A-Z]\d{8}"  # codes of the Office for National Statistics
_ANALYSIS = "consent:CON.ANALYSIS"
_OF_MEMBERS = {(MEMBERS_SURVEY, question) for question in MEMBERS_QUESTIONS}


def draw(survey: Survey, tables: Mapping[str, pd.DataFrame]) -> Chart:
    """Draw x of n for the closed questions of a survey's latest wave, all areas together.

    Args:
        survey: The survey; its title and waves are used.
        tables: The tables in `READS`; for a survey of people without marts.survey_breakdown.
    """
    people = is_of_people(survey.name, tables["reference.questions"])
    answers = tables["safe.survey_answers" if people else "marts.survey_breakdown"]
    wave = _latest_wave(survey, answers)
    counts = (_counts_of_people if people else _counts)(survey.name, wave, tables)
    counts["hidden"] = _hidden(counts, people)
    shown = counts[counts.hidden == ""].assign(wave=wave)
    closed = [_closed_question(rows, people) for _, rows in shown.groupby("question_number")]
    page = page_of(closed)
    numbers = list(shown.question_number.unique())
    shown["is_drawn"] = shown.question_number.isin([numbers[place] for place in page.drawn])
    words = _words(survey, names_in(tables), shown, counts, people, bool(answers.is_sample.any()))
    data = shown[COLUMNS_OF_PEOPLE if people else COLUMNS]
    if not page.drawn:
        return statement(words, f"{_nothing(counts, people)}.", data)
    return question_bars(words, closed, page, key_labels=KEY_OF_PEOPLE if people else KEY, data=data)


def is_of_people(survey: str, questions: pd.DataFrame) -> bool:
    """Whether the survey is answered by people and not by researchers about their visits.

    Args:
        survey: Its name.
        questions: reference.questions.
    """
    return not set(questions[questions.survey == survey].question_use) >= _VISIT_USES


def _latest_wave(survey: Survey, answers: pd.DataFrame) -> str | None:
    answered = set(answers.loc[answers.survey == survey.name, "wave"])
    return next((each.wave for each in reversed(survey.waves) if each.wave in answered), None)


def _closed(survey: str, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The closed questions of the response itself, a ranking once."""
    questions = tables["reference.questions"]
    closed = questions[
        questions.survey.eq(survey)
        & questions["repeat"].isna()
        & questions.kind.isin(["select_one", "select_multiple"])
        & questions.rank_place.fillna(1).eq(1)
    ]
    return closed.assign(question=closed.rank_list.fillna(closed.question), question_use=closed.question_use.fillna(""))


def _counts_of_people(survey: str, wave: str | None, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Every closed question and its rows as published; one empty row where nothing of it is."""
    answers = tables["safe.survey_answers"]
    whole = answers[answers.survey.eq(survey) & answers.wave.isin([wave]) & answers.cut.eq("all")]
    columns = [
        "question",
        "closes_on",
        "option_code",
        "option_name",
        "n_selected",
        "n_people",
        "people_share",
        "answer_words",
        "state",
    ]
    counts = _closed(survey, tables).merge(whole[columns], on="question", how="left")
    counts["n_answered"] = counts.n_people.fillna(0).astype(int)
    return counts.sort_values("question_number", kind="stable", ignore_index=True)


def _counts(survey: str, wave: str | None, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Every closed question × option, as asked; for a ranking only the first place."""
    options, answers = (
        tables[name][tables[name].survey == survey] for name in ("reference.options", "marts.survey_breakdown")
    )
    whole = answers[answers.wave.isin([wave]) & answers.force_area_code.isna() & answers.choice_rank.fillna(1).eq(1)]
    whole = whole.assign(state=whole.n_selected.gt(0).map({True: "value", False: "zero"}))
    whole = whole[["question", "option_code", *_MEASURED, "respondent_share", "state"]]
    counts = _closed(survey, tables).merge(options, on=["survey", "question"])
    counts = counts.merge(whole, on=["question", "option_code"], how="left")
    counts[_MEASURED] = counts[_MEASURED].astype("Int64")
    for base in ("n_asked", "n_answered"):
        counts[base] = counts.groupby("question")[base].transform("max").fillna(0).astype(int)
    return counts.sort_values(["question_number", "option_number"], ignore_index=True)


def _hidden(counts: pd.DataFrame, is_of_people: bool) -> list[str]:
    """Why each row is not shown: place, consent, members or few; "" if it is shown."""
    is_placed = counts.question_use.isin(_PLACE_USES) | counts.option_code.str.fullmatch(_PLACE_CODE).eq(True)
    places = set(counts.loc[is_placed, "question"])

    def why(survey: str, question: str, use: str, n_answered: int) -> str:
        if question in places:
            return "place"
        if use == _ANALYSIS:
            return "consent"
        if is_of_people and (use.startswith("consent:") or (survey, question) in _OF_MEMBERS):
            return "members"
        return "" if n_answered else "few"

    return [why(row.survey, row.question, row.question_use, row.n_answered) for row in rows_of(counts)]


def _closed_question(rows: pd.DataFrame, is_of_people: bool) -> ClosedQuestion:
    first = rows_of(rows)[0]
    note = f"n = {first.n_answered:,}" if is_of_people else f"{first.n_answered:,} of {first.n_asked:,} answered"
    if first.kind == "select_multiple":
        note += "; several answers possible"
    if isinstance(first.rank_list, str):
        note += "; among the first three" if is_of_people else "; ranked, first place"
    bars = (
        Bar(row.option_name, None, row.answer_words)
        if row.state == SUPPRESSED
        else Bar(row.option_name, int(row.n_selected))
        for row in rows_of(rows)
    )
    return ClosedQuestion(wording=first.label, note=note, n_answered=first.n_answered, bars=tuple(bars))


def _words(
    survey: Survey, names: Names, shown: pd.DataFrame, counts: pd.DataFrame, is_of_people: bool, is_sample: bool
) -> Words:
    plain_measure = f"{survey.title}: answers to the closed questions"
    n = _base(shown, is_of_people) if len(shown) else _nothing(counts, is_of_people)
    drawn = shown[shown.is_drawn]
    wave = f"; wave of {shown.wave.iloc[0]}" if len(shown) else ""
    wave = closing(shown) if is_of_people else wave
    whom = "everybody" if is_of_people else "those who answered a question"
    return Words(
        figure_id=survey_figure(survey.name),
        headline=plain_measure if is_sample or shown.empty else f"{survey.title}: {n}",
        subtitle=f"Of {whom}, how many chose each option (x of n){wave}",
        caption=caption(
            n,
            as_a_whole(names),
            *(_left_out(shown, counts, is_of_people) if len(shown) else []),
        ),
        source=f"Source: survey “{survey.title}”{sample_note(is_sample)}.",
        alt=f"Bars for {counted(drawn.question.nunique(), 'question')} of the survey “{survey.title}”: "
        f"how many chose each option. {n}."
        if len(drawn)
        else f"A chart of the survey “{survey.title}” with nothing drawn. {n}.",
        long_description=caption(*(_in_words(rows, is_of_people) for _, rows in drawn.groupby("question_number"))) or n,
        n=n,
        coverage=as_a_whole(names),
        is_sample=is_sample,
    )


def _base(shown: pd.DataFrame, is_of_people: bool) -> str:
    """The number of cases: "12 questions, each answered for 21 to 40 visits"."""
    low, high = int(shown.n_answered.min()), int(shown.n_answered.max())
    cases = counted(high, "person", "people") if is_of_people else counted(high, "visit")
    reach = cases if low == high else f"{low:,} to {cases}"
    number = counted(shown.question.nunique(), "question")
    if is_of_people:
        return f"{number}, counted of {reach}"
    return f"{number}, {'each ' if shown.question.nunique() > 1 else ''}answered for {reach}"


def _nothing(counts: pd.DataFrame, is_of_people: bool) -> str:
    """Why no question is drawn."""
    if not counts.n_answered.sum():
        few = f", or fewer than {FEWEST_PEOPLE} people answered" if is_of_people else ""
        return f"No answer to a closed question has been counted yet{few}"
    if (counts.hidden == "").any():
        return "The questions have more options than fit on a page; they are in the data table of this figure"
    return "No closed question that may be shown has been answered"


def _left_out(shown: pd.DataFrame, counts: pd.DataFrame, is_of_people: bool) -> list[str]:
    """A sentence for each kind of question that is not drawn, and one on whom the others describe."""
    lacking = {why: int(rows.question.nunique()) for why, rows in counts.groupby("hidden")}
    n_drawn, n_undrawn = (
        int(shown.loc[shown.is_drawn == is_drawn, "question"].nunique()) for is_drawn in (True, False)
    )
    sentences = []
    if n_undrawn:
        sentences.append(
            f"Drawn are {n_drawn} of them, in the order asked; {n_undrawn:,} more are in the data table of "
            "this figure (CSV)"
        )
    if "few" in lacking:
        few = counted(lacking["few"], "question")
        why = "may not be shown within the limits" if is_of_people else "answered by nobody"
        sentences.append(f"{few} left out: {why}")
    if "place" in lacking:
        sentences.append("Questions that ask for a place or for an organisation by name are not shown")
    if "members" in lacking:
        sentences.append("Joining, consent and type of organisation are counted with the members of the network")
    if is_of_people:
        sentences.append(f"No number is printed that fewer than {SMALL}, or all but fewer than {SMALL}, chose")
    if "consent" in lacking:
        sentences.append("Consent to analysis is not shown: those who refused it are not counted")
    return [
        *sentences,
        "Respondents chose themselves" if is_of_people else "Counts follow where researchers went",
    ]


def _in_words(rows: pd.DataFrame, is_of_people: bool) -> str:
    asked = _closed_question(rows, is_of_people)
    chosen = "; ".join(f"{bar.label} {x_of_n(bar, asked)}" for bar in asked.bars)
    return f"{asked.wording} {asked.note}: {chosen}"
