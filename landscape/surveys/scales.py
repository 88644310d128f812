"""Rating scales: which answers are places on one, and in which order they are."""

from __future__ import annotations

import re
from collections.abc import Sequence

from landscape.text import normal_wording


def words(text: str) -> frozenset[str]:
    """The words of a text that lists them."""
    return frozenset(text.split())


_OTHER = re.compile(r"other\b(?=$|\W*(please|specify|\())")
_BESIDES = re.compile(
    r"((i )?don['’]?t know|do not know|not sure|unsure|no opinion|(i )?(would |['’]d )?(prefer|rather) not( to)?( say| answer)?"
    r"|not applicable|n/?a|none of (these|the above|them)|no answer|can['’]?t say|cannot say)( / not applicable)?"
)
_WEIGHT: dict[str, float] = {
    **dict.fromkeys(words("completely totally extremely entirely"), 4),
    **dict.fromkeys(words("strongly very highly definitely"), 3),
    **dict.fromkeys(words("mostly generally"), 1.5),
    **dict.fromkeys(
        words("somewhat slightly fairly quite moderately tend partly partially probably little bit reasonably"), 1
    ),
}
_POSITIVE = {
    "agree": "disagree", "satisfied": "dissatisfied", "likely": "unlikely", "important": "unimportant", "safe": "unsafe",
    "confident": "unconfident", "happy": "unhappy", "easy": "difficult", "useful": "useless", "helpful": "unhelpful",
    "comfortable": "uncomfortable", "interested": "uninterested", "aware": "unaware", "familiar": "unfamiliar",
    "worried": "unworried", "concerned": "unconcerned", "effective": "ineffective", "relevant": "irrelevant",
    "willing": "unwilling", "fair": "unfair", "good": "bad", "positive": "negative", "better": "worse", "well": "badly",
    "support": "oppose",
    "favourably": "unfavourably", "favorably": "unfavorably", "favourable": "unfavourable",
    "true": "untrue", "trust": "distrust",
}  # fmt: skip
_STEMS = {family: (family, 1) for family in _POSITIVE}
_STEMS |= {word: (family, -1) for family, word in _POSITIVE.items()} | {"poor": ("good", -1), "false": ("true", -1)}
_BETWEEN = {"neither", "neutral", "undecided", "mixed"}
_FILLERS = {"nor", "or", "not", "at", "all", "to", "a", "and", "same", "about", "the", "no", "change", "opinion"}
_OFTEN: dict[str, float] = {
    "never": 0, "hardly ever": 1, "almost never": 1, "rarely": 1, "seldom": 1, "very rarely": 0.5, "once or twice": 1.5,
    "occasionally": 2, "sometimes": 3, "some of the time": 3, "often": 4, "frequently": 4, "regularly": 4, "usually": 4.5,
    "very often": 5, "most of the time": 5, "nearly always": 5.5, "almost always": 5.5, "always": 6, "all of the time": 6,
    "all the time": 6, "none of the time": 0,
}  # fmt: skip
_HOW_OFTEN: dict[str, float] = {
    "never": 0, "less often": 1, "less than once a year": 2, "yearly": 3, "once a year": 3, "annually": 3,
    "every few months": 4, "quarterly": 4, "monthly": 5, "once a month": 5, "fortnightly": 6, "weekly": 7, "once a week": 7,
    "several times a week": 8, "daily": 9, "every day": 9, "most days": 8.5, "several times a day": 10,
}  # fmt: skip
_HOW_MUCH: dict[str, float] = {
    "none": 0, "nothing": 0, "not at all": 0, "none at all": 0, "very little": 1, "not very much": 1, "not much": 1,
    "a little": 2, "a bit": 2, "somewhat": 3, "some": 3, "a moderate amount": 3, "a fair amount": 4, "a lot": 5, "very much": 5,
    "a great deal": 6, "few": 1, "many": 4, "most": 5, "all": 6,
}  # fmt: skip
_GRADES: dict[str, float] = {
    "very poor": 0, "very bad": 0, "poor": 1, "bad": 1, "below average": 1.5, "fair": 2, "average": 2, "ok": 2, "okay": 2,
    "satisfactory": 2, "neither good nor bad": 2, "neither good nor poor": 2, "above average": 2.5, "good": 3, "very good": 4,
    "excellent": 5, "outstanding": 6,
}  # fmt: skip
_LEVELS: dict[str, float] = {
    "very low": 0,
    "low": 1,
    "medium": 2,
    "moderate": 2,
    "average": 2,
    "high": 3,
    "very high": 4,
}
_NAMED = {"often": _OFTEN, "how often": _HOW_OFTEN, "how much": _HOW_MUCH, "grade": _GRADES, "level": _LEVELS}
_NUMBER = re.compile(r"£?(\d[\d,]*(?:\.\d+)?)(k|m)?")
_BESIDE_NUMBERS = words(
    "a above and at below between day days hour hours less least minute minutes month months more most of or over people "
    "per plus than time times to under up week weeks year years old"
)
_AT_MOST = {"under", "below", "less", "up"}
WORDS_OF_SCALES = frozenset(
    word
    for said in (*_WEIGHT, *_STEMS, *_BETWEEN, *(said for named in _NAMED.values() for said in named))
    for word in said.split()
    if len(word) > 2
) - {"all", "few", "some", "many", "the", "most"}


def is_other(label: str) -> bool:
    """Whether an option is the one for an answer in the respondent's own words.

    >>> [is_other(label) for label in ("Other", "Other (please specify)", "Other forces")]
    [True, True, False]
    """
    return bool(_OTHER.match(normal_wording(label)))


def in_order(labels: Sequence[str]) -> tuple[str, ...]:
    """Options in the order of their scale (from most to least, numbers upwards), or of the alphabet where they have none.

    >>> in_order(["Agree", "Neither agree nor disagree", "Strongly agree", "Don't know", "Disagree"])
    ('Strongly agree', 'Agree', 'Neither agree nor disagree', 'Disagree', "Don't know")
    >>> in_order(["Over 64", "25 to 64", "Under 25"]), in_order(["Web", "Other", "Radio"])
    (('Under 25', '25 to 64', 'Over 64'), ('Radio', 'Web', 'Other'))
    """
    places = _places([label for label in labels if not _is_besides(label)])

    def place(label: str) -> tuple[int, float, str]:
        if _is_besides(label):
            return (1 if is_other(label) else 2, 0, label.casefold())
        return (0, places[label] if places else 0, label.casefold())

    return tuple(sorted(labels, key=place))


def completes(label: str, labels: Sequence[str]) -> bool:
    """Whether an answer belongs to a scale of which other places are known, so that it is no respondent's own wording.

    >>> [completes(label, ["Often", "Never"]) for label in ("Very often", "Not applicable", "Too often for me")]
    [True, True, False]
    """
    known = [other for other in labels if not _is_besides(other)]
    return bool(_BESIDES.fullmatch(normal_wording(label))) or (len(known) > 1 and bool(_places([*known, label])))


def _is_besides(label: str) -> bool:
    return is_other(label) or bool(_BESIDES.fullmatch(normal_wording(label)))


def _places(labels: Sequence[str]) -> dict[str, float]:
    """The place of each on the one scale that has them all; empty where there is none."""
    worded = {label: normal_wording(label) for label in labels}
    for named in _NAMED.values():
        if labels and all(text in named for text in worded.values()):
            return {label: -named[text] for label, text in worded.items()}
    rated = {label: _rating(text) for label, text in worded.items()}
    families = {found[0] for found in rated.values() if found and found[0]}
    if labels and all(rated.values()) and len(families) == 1:
        return {label: -found[1] for label, found in rated.items() if found}
    numbers = {label: _number(text) for label, text in worded.items()}
    return {label: n for label, n in numbers.items() if n is not None} if None not in numbers.values() else {}


def _rating(text: str) -> tuple[str, float] | None:
    """The scale and place of such as “very satisfied”; the scale is empty for its middle."""
    said = re.findall(r"[^\W\d_]+", text)
    stems = [_STEMS[word] for word in said if word in _STEMS]
    known = _WEIGHT.keys() | _STEMS.keys() | _BETWEEN | _FILLERS
    if not all(word in known for word in said) or not (stems or _BETWEEN & set(said)):
        return None
    if _BETWEEN & set(said):
        return (stems[0][0] if stems else "", 0)
    family, sign = stems[0]
    weight = max((_WEIGHT[word] for word in said if word in _WEIGHT), default=2)
    if "not" in said:
        return family, -4 if "all" in said else -1 if "very" in said else -2
    return family, sign * weight


def _number(text: str) -> float | None:
    """Where a range of numbers begins."""
    found = _NUMBER.search(text)
    beside = set(re.findall(r"[^\W\d_]+", _NUMBER.sub(" ", text)))
    if found is None or not beside <= _BESIDE_NUMBERS:
        return None
    size = float(found[1].replace(",", "")) * {"k": 1_000, "m": 1_000_000}.get(found[2] or "", 1)
    if beside & _AT_MOST:
        return size - 0.5
    return size + 0.5 if beside & {"over", "above", "more"} and "or" not in beside else size
