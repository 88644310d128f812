"""What people answered, as published: x of n of everybody, and tenths of one cut's groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations

from landscape.disclosure.audit import Behind, Cell, is_open, possible
from landscape.disclosure.counts import Question, Round
from landscape.disclosure.declared import ALL, NO_ANSWER, OTHERS, ROLE_QUESTION, SUPPRESSED
from landscape.disclosure.limits import (
    FEWEST_PEOPLE,
    FEWEST_VALUES,
    SMALL,
    groups_shown,
    is_printed,
    line_of,
    tenths,
    wilson,
)

Row = dict[str, object]
FEW, ALL_BUT_FEW, NO_NUMBER = f"fewer than {SMALL}", f"all but fewer than {SMALL}", "no number"
OTHER_GROUPS = {"role": "Other roles together", "region": "Other regions, and area not stated, together"}
_MOST_RANKED = 3
_SIZE = "people"


def answers_of(those: Round, everywhere: str) -> list[Row]:
    """The answers to the closed questions of a wave, everybody first and then the groups of the survey's cut.

    A question of which the audit finds that a count could be worked out is left out; where that is so of groups, all groups.

    Args:
        those: The wave.
        everywhere: Name of the whole landscape.
    """
    if those.n_people < FEWEST_PEOPLE:
        return []
    printed = {question.name: _whole(question, those.n_people) for question in those.questions}
    shown = [each for each in those.questions if printed[each.name] and is_open(_behind(those, [each], printed))]
    groups = _groups(those)
    if groups and not _are_open(those, shown, printed, groups):
        groups = {}
    return [
        {"survey": those.survey, "wave": those.wave, "closes_on": those.closes_on, "question": question.name}
        | row
        | {"is_sample": those.is_sample}
        for question in shown
        for row in (
            *({"cut": "all", "cut_code": ALL, "cut_name": everywhere, **row} for row in printed[question.name]),
            *(_of_groups(question, those, groups) if question.name != those.cut else ()),
        )
    ]


def _whole(question: Question, n_people: int) -> list[Row]:
    """The printed rows of everybody; none where not even one line of all options is safe."""
    counts = [question.chosen[ALL, code] for code in question.options]
    line: frozenset[int] | None = frozenset()
    if question.is_single and not any(count > n_people - SMALL for count in counts):
        line = line_of(counts)
    elif question.is_single:
        line = frozenset(at for at, count in enumerate(counts) if count < SMALL)
    if line is None:
        return []
    rows = [
        _row(code, name, count, n_people)
        for at, ((code, name), count) in enumerate(zip(question.options.items(), counts, strict=True))
        if at not in line
    ]
    if line:
        names = "; ".join(name for at, name in enumerate(question.options.values()) if at in line)
        rows.append(_hidden(OTHERS, f"Each of these: {names}", n_people, NO_NUMBER))
    return rows


def _row(code: str, name: str, count: int, n_people: int) -> Row:
    if not is_printed(count, n_people):
        return _hidden(code, name, n_people, FEW if count < SMALL else ALL_BUT_FEW)
    low, high = wilson(count, n_people)
    return {
        "option_code": code, "option_name": name, "n_selected": count, "n_people": n_people, "tenths": None,
        "answer_words": f"{count:,} of {n_people:,}", "people_share": round(count / n_people, 4),
        "interval_low_share": round(low, 4), "interval_high_share": round(high, 4), "state": "value",
    }  # fmt: skip


def _hidden(code: str, name: str, n_people: int | None, words: str, state: str = SUPPRESSED) -> Row:
    return {
        "option_code": code, "option_name": name, "n_selected": None, "n_people": n_people, "tenths": None,
        "answer_words": words, "people_share": None, "interval_low_share": None, "interval_high_share": None,
        "state": state,
    }  # fmt: skip


# -- Groups


def _groups(those: Round) -> dict[str, int]:
    """The groups shown, with their true sizes, which are not; the remainder is one of them."""
    shown = groups_shown(those.sizes, those.n_people)
    sizes = {group: those.sizes[group] for group in shown}
    rest = those.n_people - sum(sizes.values())
    return {**sizes, OTHERS: rest} if sizes and rest else sizes


def _in_group(question: Question, group: str, code: str, groups: Mapping[str, int]) -> int:
    if group != OTHERS:
        return question.chosen[group, code]
    return question.chosen[ALL, code] - sum(question.chosen[each, code] for each in groups if each != OTHERS)


def _of_groups(question: Question, those: Round, groups: Mapping[str, int]) -> Iterator[Row]:
    for group, size in groups.items():
        name = OTHER_GROUPS[those.cut] if group == OTHERS else those.names.get(group, group)
        for code, label in question.options.items():
            share = tenths(_in_group(question, group, code, groups), size)
            row = _hidden(code, label, None, tenths_words(share), "value")
            yield {"cut": those.cut, "cut_code": group, "cut_name": name, **row, "tenths": share}


def tenths_words(share: int) -> str:
    """A share in tenths as it is printed.

    >>> tenths_words(1), tenths_words(7), tenths_words(9)
    ('fewer than 2 in 10', 'about 7 in 10', 'more than 8 in 10')
    """
    return {1: "fewer than 2 in 10", 9: "more than 8 in 10"}.get(share, f"about {share} in 10")


# -- What a reader knows


def _are_open(
    those: Round, questions: Sequence[Question], printed: Mapping[str, list[Row]], groups: Mapping[str, int]
) -> bool:
    """Whether a reader who does not know how large the groups are could still work out a count, or a size.

    For sizes near the true ones, one after the other, the questions are looked at by themselves; sizes count only if
    every question allows them.
    """
    seen: dict[Cell, set[int]] = {}
    for sizes in _sizes_near(groups):
        known = _behind(those, questions, printed)
        for question in questions:
            if question.name != those.cut:
                _groups_behind(known, question, groups, sizes)
        for group in groups.keys() - {OTHERS}:
            if (ROLE_QUESTION, ALL, group) in known.ranges and those.cut == ROLE_QUESTION:
                known.relate({(ROLE_QUESTION, ALL, group): 1}, sizes[group], sizes[group])
        found = possible(known, {cell for cell in known.secret if len(seen.get(cell, ())) < FEWEST_VALUES})
        if found is None:
            continue
        for cell, numbers in (*found.items(), *(((_SIZE, group), {size}) for group, size in sizes.items())):
            seen.setdefault(cell, set()).update(numbers)
        if all(len(numbers) >= FEWEST_VALUES for numbers in seen.values()):
            return True
    return False


def _sizes_near(groups: Mapping[str, int]) -> Iterator[dict[str, int]]:
    """The true sizes of the groups, then those with a few people of one in another."""
    yield dict(groups)
    for moved in (1, 2, 3):
        for one, other in permutations(groups, 2):
            if groups[other] - moved >= FEWEST_PEOPLE:
                yield {**groups, one: groups[one] + moved, other: groups[other] - moved}


def _behind(those: Round, questions: Sequence[Question], printed: Mapping[str, list[Row]]) -> Behind:
    known = Behind()
    for question in questions:
        _whole_behind(known, question, printed[question.name], those.n_people)
    return known


def _whole_behind(known: Behind, question: Question, rows: Sequence[Row], n: int) -> None:
    words = {row["option_code"]: row for row in rows}
    cells: dict[str, Cell] = {}
    for code in question.options:
        row = words.get(code)
        if row is None:  # in the line, of which the sum is known
            cells[code] = known.add((question.name, ALL, code), 0, n - SMALL)
        elif row["n_selected"] is not None:
            cells[code] = known.add((question.name, ALL, code), question.chosen[ALL, code], question.chosen[ALL, code])
        elif row["answer_words"] == FEW:
            cells[code] = known.add((question.name, ALL, code), 0, SMALL - 1)
        else:
            cells[code] = known.add((question.name, ALL, code), n - SMALL + 1, n)
    if question.is_single:
        known.relate(dict.fromkeys(cells.values(), 1), n, n)
        return
    silent = cells[NO_ANSWER]
    options = [cell for code, cell in cells.items() if code != NO_ANSWER]
    if not options:
        return
    most = _MOST_RANKED if question.is_ranked else len(options)
    known.relate({**dict.fromkeys(options, 1), silent: 1}, n, n * most + n)  # each who answered chose something
    known.relate({**dict.fromkeys(options, 1), silent: most}, 0, n * most)
    for cell in options:
        known.relate({cell: 1, silent: 1}, 0, n)


def _groups_behind(known: Behind, question: Question, groups: Mapping[str, int], sizes: Mapping[str, int]) -> None:
    """The counts of groups of these sizes, as far as their tenths say; none where no count has such tenths."""
    for code in question.options:
        cells: dict[Cell, int] = {}
        for group, size in sizes.items():
            share = tenths(_in_group(question, group, code, groups), groups[group])
            fitting = [x for x in range(size + 1) if tenths(x, size) == share] or [1, 0]
            cell = known.add((question.name, group, code), fitting[0], fitting[-1])
            known.secret.add(cell)
            cells[cell] = 1
        known.relate({**cells, (question.name, ALL, code): -1}, 0, 0)
    if question.is_single:
        for group, size in sizes.items():
            known.relate({(question.name, group, code): 1 for code in question.options}, size, size)
