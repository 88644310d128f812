"""What a cell of a closed question may say: its parts, and which option each of them is."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from landscape.places.areas import AreaSpellings
from landscape.surveys.declared import Accepted
from landscape.surveys.definition import Survey
from landscape.surveys.dialects import DIALECTS
from landscape.surveys.dialects.merging import OTHER, json_list
from landscape.surveys.export import OWN_WORDS_MARK, split_against
from landscape.surveys.questionnaire import Question
from landscape.text import normal_wording

_NOT_IN_A_FIELD_NAME = re.compile(r"[^a-z0-9]")
_NEAREST_CUTOFF = 0.6
_SAME_BUT_FOR_A_SLIP = 0.85
_SEPARATORS = (";", ",", "|", "/", "&", " and ", " - ")


@dataclass(frozen=True)
class Part:
    """One answer in a cell: its text, and whether it was written beside “Other”."""

    text: str
    is_own_words: bool = False


@dataclass(frozen=True)
class PartMeaning:
    """What one part of a cell means.

    Args:
        code: The option's code; None where it is no option.
        is_own_words: The respondent wrote it; the words stay in the received file.
        suggestion: Of a list of force areas the code, else the label, of what it may have been meant for.
    """

    code: str | None
    is_own_words: bool = False
    suggestion: str = ""


class AnswerList:
    """The option list of one closed question, ready to be looked things up in.

    Args:
        question: A closed question.
        survey: Its survey.
        accepted: The answers that a person has accepted; those of the whole survey unless given.
        spellings: The reviewed spellings of force areas, which serve lists of areas.
    """

    def __init__(
        self,
        question: Question,
        survey: Survey,
        accepted: Sequence[Accepted] | None = None,
        spellings: AreaSpellings | None = None,
    ) -> None:
        self.question = question
        self.labels = [option.label for option in question.options]
        self._dialect = DIALECTS[survey.tool]
        self._codes = option_codes(question, survey, survey.accepted if accepted is None else accepted)
        self._counted = {option.code: option.counted_code for option in question.options}
        self._other = question.other_code
        self._spellings = spellings if question.is_of_areas else None

    def parts(self, cell: str) -> list[Part]:
        """The answers in a cell. What was written beside “Other” takes its place.

        The same option twice in one cell is one answer. Words beside another option of a choose-one question are a remark
        on it, and no answer.
        """
        given, mark, words = cell.strip().partition(OWN_WORDS_MARK)
        found: list[str] = []
        if given and self.question.kind == "select_multiple":
            found = self._dialect.split(given, self.labels)
        elif given:  # a dialect that does not know a first place from a tick hands over a list
            found = json_list(given) or [given.strip()]
        found = list({normal_wording(text): text for text in reversed(found)}.values())[::-1]
        if not mark:
            return [Part(text) for text in found]
        kept = [Part(text) for text in found if not self._is_other(text)]
        is_remark = bool(kept) and self.question.kind != "select_multiple"
        return kept if is_remark else [*kept, Part(words, is_own_words=not self._is_other(words))]

    def is_listed(self, part: Part) -> bool:
        """Whether it is an option, or may be an answer in own words."""
        return self.meaning(part).code is not None

    def meaning(self, part: Part) -> PartMeaning:
        """What one part of a cell means.

        An answer that no option has is in the respondent's own words only where it is beside “Other”, or where the
        tool lets own words take an option's place and they are not simply an option that was written with a slip.
        """
        if part.is_own_words:
            return PartMeaning(self._other, is_own_words=self._other is not None)
        code = self._codes.get(normal_wording(part.text))
        if code is not None:
            return PartMeaning(self._counted.get(code, code))
        if self._spellings is not None:
            found = self._spellings.find(part.text)
            return PartMeaning(found.force_area_code, suggestion=found.suggestion)
        if self._other is not None and self._is_other(part.text):
            return PartMeaning(self._other)
        if self._other is not None and self._dialect.MIXES_OWN_WORDS and not self._is_slip(part.text):
            return PartMeaning(self._other, is_own_words=True)
        return PartMeaning(None, suggestion=self.nearest(part.text))

    def nearest(self, text: str) -> str:
        """The label that a text is most like; empty where it is like none."""
        by_wording = {normal_wording(label): label for label in self.labels}
        wording = normal_wording(text)
        found = difflib.get_close_matches(wording, by_wording, n=1, cutoff=_NEAREST_CUTOFF)
        begun = [known for known in by_wording if wording and known.startswith(wording)]
        return by_wording[(found or begun)[0]] if found or begun else ""

    def _is_other(self, text: str) -> bool:
        wording = normal_wording(text)
        return wording == OTHER.casefold() or (self._other is not None and self._codes.get(wording) == self._other)

    def _is_slip(self, text: str) -> bool:
        """Whether it is an option but for a slip, or options that another program has joined in its own way."""
        known, wording = [normal_wording(label) for label in self.labels], normal_wording(text)
        if difflib.get_close_matches(wording, known, n=1, cutoff=_SAME_BUT_FOR_A_SLIP):
            return True
        for separator in _SEPARATORS:
            parts = split_against(re.sub(rf"\s*{re.escape(separator)}\s*", separator, wording), known, separator)
            if len(parts) > 1 and all(normal_wording(part) in known for part in parts):
                return True
        lines = [line for line in text.splitlines() if line.strip()]
        return len(lines) > 1 and all(normal_wording(line) in known for line in lines)


def option_codes(question: Question, survey: Survey, accepted: Sequence[Accepted]) -> dict[str, str]:
    """The code of each answer as it may be written: label, code, accepted answer or, where declared, place in the list."""
    codes = _within_field_names(question)
    codes |= {normal_wording(option.code): option.code for option in question.options}
    codes |= {normal_wording(option.label): option.code for option in question.options}
    codes |= {normal_wording(e.option): e.means for e in accepted if e.question == question.name and e.option}
    if survey.has_numbered_options:
        codes |= {str(number): option.code for number, option in enumerate(question.options, start=1)}
    return codes


def _within_field_names(question: Question) -> dict[str, str]:
    """Codes as REDCap writes them behind a field's name; none that two options would share."""
    written = [(_NOT_IN_A_FIELD_NAME.sub("_", option.code.lower()), option.code) for option in question.options]
    counted = Counter(text for text, _ in written)
    return {text: code for text, code in written if counted[text] == 1}
