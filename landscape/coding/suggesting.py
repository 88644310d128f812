"""Suggests codes for answers in own words, by similarity."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from landscape.codebook import Code
from landscape.surveys.optionlists import plain_words

_SAME_WORD, _SAME_ANSWER = 85.0, 90.0
_LEAST, _MOST = 0.3, 3
_SHORTEST = 4  # shorter words carry little meaning
_SAY_NOTHING = re.compile(
    r"about|another|because|been|being|could|each|from|have|into|know|like|made|make|many|more|most|much|need|only|other|others|"
    r"over|people|should|some|such|than|that|their|them|then|there|these|they|this|those|very|want|well|were|what|when|where|"
    r"which|while|will|with|would|your"
)


class Suggester:
    """Suggests codes by similarity to labels, definitions and words of the briefing, and to answers coded before.

    A word counts for the codes whose texts have it or one spelt much like it; the fewer codes have it, the more it counts.

    Args:
        codebook: All codes.
        coded: Words coded before, with their codes.
    """

    def __init__(self, codebook: Sequence[Code], coded: Sequence[tuple[str, Sequence[str]]] = ()) -> None:
        self._texts = {code.code: f"{code.definition} {code.briefing_words}" for code in codebook}
        self._coded = coded
        self._has = cache(self._has_word)

    def suggest(self, words: str, labels: Mapping[str, str]) -> tuple[str, ...]:
        """The likeliest codes for some words, at most three, the likeliest first; none if nothing is similar.

        Args:
            words: An answer.
            labels: The codes that may be given, with their labels.
        """
        from rapidfuzz import fuzz, utils

        codes = {code: label for code, label in labels.items() if not code.endswith(".OTHER")}
        points = dict.fromkeys(codes, 0.0)
        for word in _telling(words):
            having = [code for code, label in codes.items() if self._has(word, code, label)]
            for code in having:
                points[code] += 1 / len(having)
        for before, given in self._coded:
            if fuzz.token_sort_ratio(words, before, processor=utils.default_process) >= _SAME_ANSWER:
                points |= {code: points[code] + 1 for code in given if code in points}
        likely = sorted((-score, code) for code, score in points.items() if score >= _LEAST)
        return tuple(code for _, code in likely[:_MOST])

    def _has_word(self, word: str, code: str, label: str) -> bool:
        from rapidfuzz import fuzz, process

        vocabulary = _telling(f"{label} {self._texts.get(code, '')}")
        return process.extractOne(word, vocabulary, scorer=fuzz.ratio, score_cutoff=_SAME_WORD) is not None


def _telling(text: str) -> list[str]:
    """The distinctive words of a text, each once."""
    found = (word for word in plain_words(text) if len(word) >= _SHORTEST and not _SAY_NOTHING.fullmatch(word))
    return list(dict.fromkeys(found))
