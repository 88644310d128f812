"""Codes that words may mean, by likeness alone. Not here: deciding; a suggestion codes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from landscape.coding.codebook import Code

_CUTOFF = 45.0
_MOST = 3


class Suggester:
    """Suggests codes by likeness to labels, definitions and words of the briefing, and to answers coded before.

    Args:
        codebook: All codes.
        coded: Words coded before, with their codes.
    """

    def __init__(self, codebook: Sequence[Code], coded: Sequence[tuple[str, Sequence[str]]] = ()) -> None:
        self._texts = {code.code: [code.label, code.definition, code.briefing_words] for code in codebook}
        for words, codes in coded:
            for code in codes:
                self._texts.setdefault(code, []).append(words)

    def suggest(self, words: str, labels: Mapping[str, str]) -> tuple[str, ...]:
        """The likeliest codes for some words, at most three, the likeliest first; none where nothing is like them.

        Args:
            words: An answer.
            labels: The codes that may be given, with their labels.
        """
        score = _scorer(words)
        scored = {
            code: max(map(score, filter(None, [label, *self._texts.get(code, [])])))
            for code, label in labels.items()
            if not code.endswith(".OTHER")
        }
        likely = sorted((-points, code) for code, points in scored.items() if points >= _CUTOFF)
        return tuple(code for _, code in likely[:_MOST])


def _scorer(words: str) -> Callable[[str], float]:
    """How alike a text is to the words, 0 to 100: words in common, in any order, long ones counting more."""
    from rapidfuzz import fuzz, utils

    plain = _telling(utils.default_process(words))

    def score(text: str) -> float:
        other = _telling(utils.default_process(text))
        return fuzz.token_set_ratio(plain, other) if plain and other else 0.0

    return score


_SAY_NOTHING = re.compile(
    r"\b(?:a|about|an|and|any|are|as|at|be|by|could|for|from|had|has|have|how|in|into|is|it|its|more|not|of|on|or|others?|our|so|"
    r"should|than|that|the|their|them|there|they|this|to|us|we|what|when|where|which|who|why|will|with|would|you|your)\b"
)


def _telling(text: str) -> str:
    """A text without the words that say nothing by themselves."""
    return " ".join(_SAY_NOTHING.sub(" ", text).split())
