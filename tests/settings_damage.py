"""Damage that must be refused, harm that is none, and changes that are meant, for settings of each kind."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from settings_landscape import LEDGERS, MARKS, REFERENCE, SURVEY_YML

Edit = tuple[str, str, str]
"""What is there, what is put in its place, and what the refusal must say."""

_REQUIRED = ("title", "licence", "tool", "time_zone", "consent_version", "waves")
_LONG = "8f2c0d6e41b97a35c8e1f0d2b46a7c93e5d10f82"
_TITLE, _WAVE = "title: What officers use", '- {wave: "2018", opens_on: 2018-05-10, closes_on: 2018-12-31}'
_TRIALS = 'test_responses:\n  - trial-1\n  - "12"\n'
_WORDING = 'question: hours, wording: "How many hours – in a week?"'
BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n"

YML: tuple[Edit, ...] = (
    *((f"\n{name}:", f"\nx_{name}:", f"{name} is missing(?s:.*)x_{name} is not known here") for name in _REQUIRED[1:]),
    (_TITLE, "titel: What officers use", "line 2: titel is not known here; did you mean title"),
    (_TITLE, "title: no", "line 2: title must be a text; put it in quotes"),
    (_TITLE, "title: ~", "title must be a text"),
    (_TITLE, "title:", "title must be a text"),
    (_TITLE, "title: ''", "title is empty"),
    (_TITLE, "title: [What, officers]", "title must be a text"),
    (_TITLE, f"{_TITLE}\n{_TITLE}", "line 3: title is there twice, first on line 2"),
    (_TITLE, f'{_TITLE}"', "line 2: a quotation mark has no partner"),
    (_TITLE, "title: &t What", "anchors"),
    (_TITLE, "title: *t", "anchors"),
    (_TITLE, BOMB + _TITLE, "(?s)line 2: anchors.*line 3: anchors.*line 4: anchors"),
    (_TITLE, "title: !!python/object:os.system x", "tags"),
    (_TITLE, f"{_TITLE}\nnote: {'[' * 40}{']' * 40}", "nested too deeply"),
    (_TITLE, f"{_TITLE}\n? [a, b]\n: c", "not the name of a setting"),
    (_TITLE, f"{_TITLE}\n<<: {{licence: x}}", "not the name of a setting"),
    (_TITLE, f"{_TITLE}\n--- \n{_TITLE}", "not YAML"),
    (_TITLE, f"{_TITLE}: again", "not YAML"),
    ("    opens_on: 2017-05-10", "\topens_on: 2017-05-10", "a tab"),
    ("tool: kobotoolbox\n", "tool: kobo\n", "tool must be one of microsoft_forms"),
    ("tool: kobotoolbox\n", "tool: odk_central\n", "source: service is not that of this survey's tool: odk_central"),
    ("Europe/London", "Mars/Phobos", "line 6: time_zone is no time zone"),
    ("Europe/London", "Europe", "time_zone is no time zone"),
    ('consent_version: "2017-06"', "consent_version: 1.10", "consent_version must be a text; put it in quotes"),
    ("retain_until: 2030-12-31", "retain_until: 2030-02-30", "retain_until is not a day; write it as in 2017-06-30"),
    ("retain_until: 2030-12-31", "retain_until: 31/12/2030", "retain_until is not a day"),
    ("retain_until: 2030-12-31", "retain_until: 20301231", "retain_until is not a day"),
    ("retain_until: 2030-12-31", "retain_until: 2030-12-31 10:00:00", "retain_until is not a day"),
    ("retain_until: 2030-12-31", "retain_until: true", "retain_until is not a day"),
    ("retain_until: 2030-12-31", "retain_until: 2018-06-01", "retain_until is before wave 2018 closes on 2018-12-31"),
    ("opens_on: 2017-05-10", "opens_on: 2017-12-32", "line 11: waves: entry 1: opens_on is not a day"),
    ("opens_on: 2017-05-10", "opens_on: 2018-01-10", "line 12: waves: entry 1: closes_on is before the wave opens"),
    ("    opens_on: 2017-05-10\n", "", "waves: entry 1: opens_on is missing"),
    (_WAVE, "- 2018", "waves: entry 2 must hold settings of its own"),
    (_WAVE, '- {wave: "2018", opens_on: 2017-12-31, closes_on: 2018-12-31}', "line 13: .*opens_on is within wave 2017"),
    (_WAVE, '- {wave: "2017", opens_on: 2018-05-10, closes_on: 2018-12-31}', "wave is there twice: 2017"),
    (_WAVE, '- {wave: "2018", opens_on: 2018-05-10, closes_on: 2018-12-31, closed: x}', "closed is not known here"),
    (_WAVE, '- {wave: "2018", opens_on: 2018-05-10}', "entry 2: closes_on is missing"),
    ('undated: "2018"', 'undated: "2019"', "line 14: undated names no wave of this survey; the waves are 2017, 2018"),
    ('decimal_mark: ","', 'decimal_mark: ";"', "decimal_mark must be one of '.' or ','"),
    ("options_as: labels", "options_as: words", "options_as must be one of"),
    (_TRIALS, "test_responses: '12'\n", "test_responses must be a list"),
    (_TRIALS, "test_responses: 12\n", "test_responses must be a list"),
    (_TRIALS, "test_responses:\n", "test_responses must be a list"),
    (_TRIALS, "test_responses: {a: b}\n", "test_responses must be a list"),
    (_TRIALS, "test_responses: [no]\n", "test_responses: entry 1 must be a text"),
    (_TRIALS, "test_responses: [1.50]\n", "test_responses: entry 1 must be a text"),
    (_TRIALS, "test_responses: [a, b, a]\n", "test_responses: entry 1 is there 2 times: a"),
    ('{wave: "2018", new:', '{wave: "2019", new:', "line 24: accepted: entry 4: wave names no wave of this survey: 2019"),
    (_WORDING, 'question: hour, wording: "x"', "question names no question of questionnaire.md: hour"),
    (_WORDING, 'question: hours, wording: "WHY  so many?:"', "wording is the wording of another question"),
    (_WORDING, "question: hours", "entry 1 must have wave and question with wording"),
    (_WORDING, 'question: hours, wording: x, option: y, means: "Z"', "entry 1 must have wave and question with wording"),
    (_WORDING, "question: hours, wordings: x", "wordings is not known here"),
    ("means: MOOD.GOOD", "means: MOOD.FINE", "line 22: .*means is no code of this question's options: MOOD.FINE"),
    ("missing: true", 'missing: "true"', "missing must be true or false"),
    ("missing: true", "missing: 1", "missing must be true or false"),
    ("missing: true", "missing: false", "entry 3 must have wave and question"),
    ("service: kobotoolbox", "service: jisc_online_surveys", "export and drop files instead"),
    ("  service: kobotoolbox\n", "", "source names no service"),
    ("  asset: aBcD\n", "", "source: asset is missing"),
    ("asset: aBcD", "asset: a/b", "source: asset must be letters and digits alone"),
    ("asset: aBcD", "asset: [aBcD]", "source: asset must be a text"),
    ("asset: aBcD", "asset: aBcD\n  page: 2", "source: page is not known here"),
    ("https://eu", "http://eu", "source: base_url is no address that begins with https://"),
    ("https://eu", "https://liz:pass@eu", "source: base_url is no address"),
    ("https://eu.kobotoolbox.org", "https://[", "source: base_url is no address"),
    ("{token: KOBO_TOKEN}", "KOBO_TOKEN", "source: secrets must hold settings of its own"),
    ("{token: KOBO_TOKEN}", "{}", "source: secrets: token is missing"),
    ("{token: KOBO_TOKEN}", f"{{token: {_LONG}}}", "perhaps a secret itself"),
    ("{token: KOBO_TOKEN}", "{token: KOBO_TOKEN, key: X}", "source: secrets: key is not known here"),
    (SURVEY_YML, "\n", "it is empty"),
    (SURVEY_YML, "title\n", "must hold settings of its own"),
    (SURVEY_YML, "- title\n", "must hold settings of its own"),
)  # fmt: skip

FORMS: tuple[Edit, ...] = (
    ("| choice_filter |", "| choice_filters |", "line 6: column choice_filters is not known here; did you mean choice_filter"),
    ("| privacy |", "| label |", "column label is there twice"),
    ("| | type | name |", "| | type | nam |", "the table . survey . lacks the column name"),
    ("| privacy |", "| |", "column 5 has no heading"),
    ("| yes | | |", "| yes | |", "the row has 8 cells in place of 9"),
    ("Do you use it? |", "Do you | use it? |", "the row has 10 cells in place of 9"),
    ("| | text | why |", " | text | why |", "line 10: the first cell of a row must be empty"),
    ("| why |", "| hours |", "line 10: name hours is there twice"),
    ("| why |", "| Hours |", "line 10: name Hours is there twice"),
    ("| why |", "| the why |", "name the why must be letters"),
    ("| why |", "| line |", "name line has a meaning of its own"),
    ("| why |", "| |", r"name \(none\) must be letters"),
    ("Why so many?", "", "why has no label"),
    ("Why so many?", "Hours – a week", "why: is worded like hours"),
    ("Why so many?", "hours", "why: is worded like hours"),
    ("Why so many?", "${nobody} says", "no valid XLSForm"),
    ("| text | why |", "| note | why |", "type note is not read here"),
    ("| text | why |", "| select_one yes_no | why |", "type select_one yes_no is not read here"),
    ("options.csv | mood", "option.csv | mood", "line 14: its option list option.csv is neither beside"),
    ("list='mood'", "list='moods'", "no option in options.csv fits list='moods'"),
    ("list='mood'", "list=mood", "choice_filter must be written as in"),
    ("list='mood'", "liste='mood'", "options.csv lacks columns that are named here: liste"),
    ("list='mood' | value=code label=label", "list='mood' | value=code lable=label", "parameters must be written as in"),
    ("list='mood' | value=code label=label", "list='mood' | value=codes label=label", "lacks columns that are named here: codes"),
    ("list='mood' | value=code label=label", "list='mood' |", "lacks columns that are named here: name"),
    ("scheme='channel' |", " |", "written alike"),
    ("private | code:topic | |", "private | code:topic | scheme='topic' |", "are for closed questions, and this is text"),
    ("| yes | | | scheme", "| maybe | | | scheme", "line 7: required must be yes, no or empty"),
    ("| personal |", "| secret |", "privacy secret is not one of personal, private"),
    ("| personal |", "| onward |", "email: use email needs privacy personal"),
    ("| personal | email |", "| personal | e-mail |", "use e-mail is not known here; known are email"),
    ("| | text | email |", "| | integer | email |", "use email is for a question of type text"),
    ("| | date | walked_on |", "| | text | again | Address? | | personal | email | | | |\n| | date | walked_on |",
     "email is for the response itself"),
    ("rank:best:2", "rank:best:3", "line 12: ranking best has gaps: no place 2"),
    ("rank:best:2", "rank:best:0", "rank:<list>:<place>"),
    ("rank:best:2", "rank:best", "rank:<list>:<place>"),
    ("rank:best:2", "rank:best:1", "use rank:best:1 is that of first already"),
    ("rank:best:2 | scheme='topic'", "rank:best:2 | scheme='yes_no'", "all places of best must have the same options"),
    ("code:topic", "code:topics", "topics is no scheme of codebook.csv"),
    ("private | code:topic", "onward | code:topic", "use code: is for answers in own words that are private"),
    ("CON.ANALYSIS", "CON.ANALYSE", "CON.ANALYSE is no consent purpose"),
    ("selected(${uses}, 'ANS.YES')", "selected(${use}, 'ANS.YES')", "line 8: channels: relevant names no question: use"),
    ("selected(${uses}, 'ANS.YES')", "selected(${uses}, 'ANS.MAYBE')", "ANS.MAYBE, which is no code of its options"),
    ("selected(${uses}, 'ANS.YES')", "${hours} > 3", "channels: relevant looks at hours, which is not asked before it"),
    ("selected(${uses}, 'ANS.YES')", "${channels} = 'CHN.WEB'", "could run in a circle"),
    ("selected(${uses}, 'ANS.YES')", "${uses} > 3", "compares uses with a number"),
    ("selected(${uses}, 'ANS.YES')", "${uses} = 'ANS.YES' and", "cannot be worked out here"),
    ("selected(${uses}, 'ANS.YES')", "(${uses} = 'ANS.YES'", "cannot be worked out here"),
    ("selected(${uses}, 'ANS.YES')", "not ${uses} = 'ANS.YES' ${uses} = 'ANS.NO'", "cannot be worked out here"),
    ("selected(${uses}, 'ANS.YES')", "count(${uses}) > 1", "cannot be worked out here"),
    ("${hours} >= 10 and not", "${minutes} >= 10 and not", "minutes, which is not asked before it"),
    ("| | end repeat |", "| | end group |", "(?s)begin repeat walks has no end repeat.*end group ends nothing"),
    ("| Walks | | | | | | |", "| Walks | | | | | | ${uses} = 'ANS.YES' |", "not read for a whole part"),
    ("| settings |", "| setting |", "(?s)table . settings . is missing.*no table . setting . here"),
    ("| settings |", "| survey |", "the table . survey . is there twice"),
    ("| | tried | What", "| | tied | What", "its form_id is tied, and its folder is called tried"),
    ("| | tried | What officers use | 2017-06 |", "| | tried | What officers use | |", "version is empty"),
    ("| | tried | What officers use | 2017-06 |\n", "", "table . settings . is missing or empty"),
)  # fmt: skip

OPTION_LISTS: tuple[Edit, ...] = (
    ("MOOD.BAD", "MOOD.GOOD", "have the same code twice: MOOD.GOOD"),
    ("Not so good – at all", "good", "written alike: MOOD.GOOD and MOOD.BAD"),
    ("MOOD.BAD", "", "has no code, or no label"),
    (",Good", ",", "has no code, or no label"),
    ("list,code", "list,codes", "lacks columns"),
)

MEANT_YML: tuple[tuple[str, str, str], ...] = (
    ("title", "What officers use", "What officers do not use – yet"),
    ("title", "What officers use", "2017-05-10"),
    ("title", "What officers use", "2017"),
    ("licence", "licence: internal", "licence: 'no'"),
    ("consent_version", '"2017-06"', "2017"),
    ("retain_until", "2030-12-31", "'2031-01-01'"),
    ("waves", "opens_on: 2017-05-10", "opens_on: 2017-05-11"),
    ("undated", 'undated: "2018"', "undated: 2017"),
    ("undated", 'undated: "2018"', "undated:"),
    ("decimal_mark", '","', "."),
    ("options_as", "labels", "numbers"),
    ("test_responses", "- trial-1", "- trial-2"),
    ("test_responses", '- "12"', "- 12"),
    ("test_responses", '- "12"', "- 012"),
    ("accepted", "missing: true", "missing: yes"),
    ("source", "asset: aBcD", "asset: 1234"),
    ("source", "https://eu.kobotoolbox.org", "https://kf.kobotoolbox.org/"),
)  # the 12th trial is the same trial with and without quotation marks, and 012 is another

MEANT_FORM: tuple[tuple[str, str], ...] = (
    ("Why so many?", "Why so few? \\| Or many"),
    ("| yes | | |", "| no | | |"),
    ("| private |", "|  |"),
    ("| integer |", "| decimal |"),
    ("${hours} >= 10", "${hours} > 10"),
    ("2017-06 |", "2017-07 |"),
    ("Which comes first?", "Which would you have first?"),
)


def harmless(name: str, text: str) -> Iterator[bytes]:
    """What editors do to a file by themselves."""
    yield text.encode("utf-8-sig")
    yield ("\ufeff" + text).encode("utf-8-sig")
    yield text.replace("\n", "\r\n").encode()
    yield text.replace("\n", "\r\n").encode("utf-8-sig")
    yield (text + "\n\n").encode()
    if name.endswith(".csv"):
        headings, *rows = csv.reader(io.StringIO(text))
        yield _csv([headings, *rows], quoting=csv.QUOTE_ALL)
        yield _csv([row[::-1] for row in (headings, *rows)])
        yield _csv([[f" {cell} " for cell in row] for row in (headings, *rows)])
        yield _csv([headings, *rows, [""] * len(headings)])


def _csv(rows: list[list[str]], **how: int) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n", **how).writerows(rows)  # type: ignore[arg-type]
    return text.getvalue().encode()


def broken(name: str, text: str) -> Iterator[tuple[bytes, str]]:
    """What no reader may swallow in any text file of settings, and what the refusal must say."""
    yield text.rstrip("\n").encode(), "the last line has no end"
    yield text.encode("utf-16"), "UTF-16"
    yield text.encode("utf-16-le"), "a sign that no text has|not in UTF-8"
    yield text.replace("\n", "é\n", 1).encode("cp1252"), r"line 1: it is not in UTF-8: it looks like Windows-1252"
    yield (text + "é").encode()[:-1], "it was cut short"
    yield text.replace("\n", "\0\n", 1).encode(), r"line 1: there is a sign that no text has \(U\+0000\)"
    yield b"PK\x03\x04" + text.encode(), "a workbook"


def broken_table(name: str, text: str) -> Iterator[tuple[bytes, str]]:
    """The same of CSV files."""
    headings, *rows = csv.reader(io.StringIO(text))
    is_strict = name in (*REFERENCE, *LEDGERS, *MARKS)
    yield b"\n", "lacks columns"
    if len(headings) > 1:
        yield text.replace(",", ";").encode(), "semicolons"
        yield text.replace(",", "\t").encode(), "tabs"
        yield _csv([headings[:-1], *(row[:-1] for row in rows)]), "lacks columns"
    yield _csv([[f"{headings[-1]}s", *headings[:-1]], *rows]), f"lacks columns.*{headings[-1]}"
    yield _csv([[*headings, headings[0]], *([*row, row[0]] for row in rows)]), f"column {headings[0]} is there twice"
    yield _csv([[*headings, ""], *([*row, "x"] for row in rows)]), f"column {len(headings) + 1} has no heading"
    if is_strict:
        yield _csv([[*headings, "note_2"], *([*row, "x"] for row in rows)]), "column note_2 is not known here"
    if rows:
        at = len(rows) // 2
        line = sum(cell.count("\n") for row in rows[:at] for cell in row) + at + 2
        yield (
            _csv([headings, *rows[:at], [*rows[at], "x"], *rows[at + 1 :]]),
            f"line {line}: it has {len(headings) + 1} cells",
        )
        yield _csv([headings, *rows[:at], [*rows[at][:-1], f"{rows[at][-1]}\0"], *rows[at + 1 :]]), f"line {line}: "
        if len(headings) > 1:
            yield (
                _csv([headings, *rows[:at], rows[at][:-1], *rows[at + 1 :]]),
                f"line {line}: it has {len(headings) - 1} cells",
            )
        yield text.encode() + b'"' + b",".join([b"x"] * len(headings)) + b"\n", "a quotation mark is not closed"
        first = text.index("\n") + 1
        yield f'{text[:first]}x"{text[first:]}'.encode(), "line 2: a quotation mark"
