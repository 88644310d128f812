"""Names for the questions and parts of a drafted survey: short, telling, each there once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from landscape.surveys.optionlists import first_words, numbered, plain_words
from landscape.surveys.questionnaire_file import RESERVED_NAMES
from landscape.text import normal_wording

_MOST_WORDS, _LONGEST_NAME = 5, 40
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_FILLERS = frozenset(
    plain_words(
        "a an and any are as at be been by can could did do does for from had has have how if in is it its of on or our "
        "please should so than that the their them these they this those to was we were what when where which who why "
        "will with would you your"
    )
)


class Names:
    """The names that a survey has already, and new ones beside them.

    Args:
        headings: Of an export: a question is found by its name, too, so that none may be another one's heading.
    """

    def __init__(self, headings: Iterable[str] = ()) -> None:
        self._taken = {*RESERVED_NAMES}
        self._headings = {normal_wording(heading) for heading in headings}

    def take(self, name: str) -> str:
        """A name for good."""
        self._taken.add(name.casefold())
        return name

    def of_code(self, code: str) -> str:
        """The name of a question that the tool calls by a code: the code itself, where it can be one and is free."""
        if _NAME.fullmatch(code) and code.casefold() not in self._taken:
            return self.take(code)
        return self.of_wording(code)

    def of_wording(self, wording: str, own: Sequence[str] = ()) -> str:
        """A name from the first telling words of a wording; `own` are the headings it is found under, if they are others."""
        wording = wording.strip()
        words = plain_words(wording)
        telling = [word for word in words if word not in _FILLERS] or words
        name = first_words(telling, _MOST_WORDS, _LONGEST_NAME) or "question"
        if _NAME.fullmatch(wording) and len(wording) <= _LONGEST_NAME:
            name = wording.lower()  # a code, as it is
        others = self._headings - {normal_wording(text) for text in own or (wording,)}
        return self.take(numbered(name if name[0].isalpha() else f"q_{name}", self._taken | others))
