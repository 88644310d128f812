"""E-mail addresses and telephone numbers in a text in normal form."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import pairwise

from landscape.pii_scan.normal import CELL

_BEFORE_AT, _AFTER_AT = 67, 320  # characters that an address may have
_LOCAL = re.compile(r"([\w.+%'-]{1,64})\s{0,3}\Z")
_DOT = r"(?:\s*[\[({<]\s*(?:dot|\.)\s*[\])}>]\s*|\s+dot\s+|\s*\.\s*)"
_DOMAIN = re.compile(rf"\s{{0,3}}([\w-]+(?:{_DOT}[\w-]+)+)", re.IGNORECASE)
_ANY_DOT = re.compile(_DOT, re.IGNORECASE)
_TOP = re.compile(r"[^\W\d_]{2,24}|xn--[\w-]+", re.IGNORECASE)
_ENDS = "ac co com eu example gov ie info io net nhs org police scot uk wales"
_TOPS = frozenset(_ENDS.split())
_IN_BRACKETS = re.compile(r"\s*[\[({<]\s*(?:at|@)\s*[\])}>]\s*", re.IGNORECASE)
_IN_WORDS = re.compile(r"([\w.+-]+)\s+at\s+([\w-]+(?:(?:\s+dot\s+|\.)[\w-]+)+)", re.IGNORECASE)
_SAID_DOT = re.compile(r"\sdot\s", re.IGNORECASE)
_DAGSTERS_OWN = "__repository__@"  # how Dagster names a code location

_START = re.compile(r"(?<![\w#])(?<!\d[.,/:-])(?:[(+]{0,2}[+0(]\s?\(?\d|44[ .-]?\(?\d)")
_CHUNK = re.compile(r"[\d().+/\s-]{9,44}")  # a cell's end is a space too
_GROUP = re.compile(r"\d+")
_DATE = re.compile(r"(?<!\d)(?:(?:[0-2]?\d|3[01])([./-])(?:0?\d|1[0-2])\1(?:\d{4}|\d\d)|\d{4}-\d\d-\d\d)(?!\d)")
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_BOOK = re.compile(r"is[bs]n(?:-1[03])?:?[\d -]*\Z", re.IGNORECASE)
_GOES_ON = re.compile(r"[.,]\d|[0-9a-f]{3}")  # a fraction, or a number to the base of sixteen
_RUN = re.compile(r"\d[\d().+/\s-]{7,40}\d")
_WIDEST_GAP, _LONGEST_BEFORE = 3, 40
_BRITAIN = "44"
_AREAS = tuple("1235789")  # what British numbers go on with after the code of the country
_NATIONAL = ("01", "02", "03", "055", "056", "07", "08", "09")
_SHORT_AREAS = ("01", "0800")
_FULL, _SHORT, _AREA, _MOST_GROUPS = 11, 10, 4, 6
_ABROAD = range(9, 16)
KNOWN_DIGITS = 9
"""By how many of its last digits a telephone number is known."""


def addresses_in(text: str) -> Iterator[str]:
    """The e-mail addresses in a text, each as an address is written."""
    for readings in _addresses(text):
        yield from readings


def has_address(text: str, allowed: Collection[str]) -> bool:
    """Whether there is an e-mail address in a text that may not be published."""
    return any(
        not any(found.casefold().strip(".'") in allowed or _DAGSTERS_OWN in found for found in readings)
        for readings in _addresses(text)
    )


def _addresses(text: str) -> Iterator[list[str]]:
    """The ways of reading each address: its domain may end at the first space or go on.

    Searched from the @ outwards, since long runs of letters make a plain search very slow.
    """
    text = _IN_BRACKETS.sub("@", text)
    at = text.find("@")
    while at != -1:
        local = _LOCAL.search(text[max(0, at - _BEFORE_AT) : at])
        domain = _DOMAIN.match(text[at + 1 : at + _AFTER_AT])
        if local and domain and not domain[1].startswith("www."):
            readings = [f"{local[1]}@{name}" for name in _domains(domain[1])]
            if readings:
                yield readings
        at = text.find("@", at + 1)
    if _SAID_DOT.search(text):
        for said in _IN_WORDS.finditer(text):
            name = _ANY_DOT.sub(".", said[2])
            if _SAID_DOT.search(said[2]) and name.rpartition(".")[2].lower() in _TOPS:
                yield [f"{said[1]}@{name}"]


def _domains(text: str) -> Iterator[str]:
    """The domains that a text begins with; a full stop followed by a space ends it, unless what follows ends a domain."""
    name, *parts = _ANY_DOT.split(text)
    for gap, part in zip(_ANY_DOT.findall(text), parts, strict=True):
        if gap.startswith(".") and gap != "." and part not in _TOPS:
            break
        if gap != "." and _is_domain(name):
            yield name
        name = f"{name}.{part}"
    if _is_domain(name):
        yield name


def _is_domain(name: str) -> bool:
    return "." in name and bool(_TOP.fullmatch(name.rpartition(".")[2]))


def numbers_in(text: str) -> Iterator[str]:
    """The digits of the telephone numbers in a text, whatever spaces, brackets and strokes are in them."""
    done = 0
    for start in _START.finditer(text):
        begin = start.start()
        chunk = _CHUNK.match(text, begin) if begin >= done else None
        found = _number(chunk.group()) if chunk else None
        if found is None:
            continue
        digits, length = found
        end = begin + length
        if not (_GOES_ON.match(text, end) or _is_of_a_book(text, begin) or _is_in_an_id(text, begin, end)):
            done = end
            yield digits


def _is_of_a_book(text: str, begin: int) -> bool:
    return bool(_BOOK.search(text[max(0, begin - _LONGEST_BEFORE) : begin]))


def _is_in_an_id(text: str, begin: int, end: int) -> bool:
    around = _UUID.finditer(text, max(0, begin - _LONGEST_BEFORE), end + _LONGEST_BEFORE)
    return any(found.start() < end and begin < found.end() for found in around)


def _number(chunk: str) -> tuple[str, int] | None:
    """The longest beginning of a chunk that is a telephone number: its digits, and its length as written."""
    groups = list(_GROUP.finditer(chunk))
    for count in range(len(groups), 0, -1):
        written = chunk[: groups[count - 1].end()]
        sizes = [len(group.group()) for group in groups[:count]]
        gaps = [chunk[a.end() : b.start()] for a, b in pairwise(groups[:count])]
        if all(len(gap) <= _WIDEST_GAP for gap in gaps) and not _DATE.search(written):
            digits = "".join(_GROUP.findall(written))
            if _is_abroad(written, digits, sizes, gaps) or _is_national(written, digits, sizes, gaps):
                return digits, len(written)
    return None


def _is_abroad(written: str, digits: str, sizes: list[int], gaps: list[str]) -> bool:
    """Whether it begins with the code of a country: Britain's, or another after a plus."""
    if _is_parted(gaps):
        return False
    has_plus, code = written.lstrip("(").startswith("+"), f"00{_BRITAIN}" if digits.startswith("00") else _BRITAIN
    if digits.startswith(code):
        rest = digits.removeprefix(code).removeprefix("0")
        is_marked = has_plus or code != _BRITAIN or sizes[0] == len(code)
        return is_marked and len(rest) in (_FULL - 2, _FULL - 1) and rest.startswith(_AREAS)
    return has_plus and digits[0] != "0" and len(digits) in _ABROAD and (len(sizes) > 1 or len(digits) >= _FULL)


def _is_national(written: str, digits: str, sizes: list[int], gaps: list[str]) -> bool:
    if "+" in written or not digits.startswith(_NATIONAL):
        return False
    if len(digits) == _SHORT:  # a few old areas and free numbers
        return digits.startswith(_SHORT_AREAS) and sizes[0] >= _AREA and not _is_parted(gaps)
    if len(digits) != _FULL:
        return False
    if _is_parted(gaps):
        return sizes[0] >= _AREA and len(sizes) <= len(("area", "first", "last")) and digits[1] in "127"
    if sizes[0] == 1:
        return set(sizes) == {1} or written.startswith("(0)")
    return len(sizes) <= _MOST_GROUPS


def _is_parted(gaps: list[str]) -> bool:
    """Whether it goes over two cells, or two lines."""
    return any(CELL in gap or "\n" in gap for gap in gaps)


def last_digits_in(text: str) -> Iterator[str]:
    """All that could be the last digits of a known number, in any spacing."""
    for run in _RUN.finditer(text):
        digits = "".join(_GROUP.findall(run.group()))
        yield from (digits[at : at + KNOWN_DIGITS] for at in range(len(digits) - KNOWN_DIGITS + 1))
