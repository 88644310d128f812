"""What looks like a person's name, address or number, and what only looks so."""

from __future__ import annotations

import re
from collections.abc import Collection

from landscape.surveys.scales import WORDS_OF_SCALES, words

_EMAIL, _TELEPHONE = re.compile(r"\S@\S+\.\S"), re.compile(r"\(?(\+|0)[\d\s().-]{8,}")
_NUMBER = re.compile(r"-?\d+([.,]\d+)?")
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b")
_STREET = re.compile(
    r"\d+[a-z]?,? (?!(minute|min|hour|day|mile|metre|km|people|time|or|to|of|a|the|in)s?\b)"
    r"(\w+['’]?\w* ){1,3}(street|st|road|rd|lane|ln|avenue|ave|close|drive|way|court|terrace|place|crescent"
    r"|gardens|grove|row|mews|walk|square)\b",
    re.IGNORECASE,
)
_PARTICLES = {"al", "bin", "da", "de", "del", "den", "der", "di", "la", "le", "o", "ter", "van", "von"}
_MOST_WORDS_OF_A_NAME = 4
_SHORTEST_TELLING = 4
_HEADING = re.compile(
    r"\b(e-?mail|telephone|phone|mobile number|surname|forename|post ?code|date of birth|home address"
    r"|your address|(postal|street|ip) address|contact details|(collar|warrant|national insurance) number"
    r"|signature|interviewer|(completed|submitted|interviewed|recommended) by"
    r"|(your|first|last|full|family|given|contact|officer|staff|person|respondent)(['’]?s)? names?)\b"
    r"|^names?( of (the )?(person|contact|officer|respondent|interviewer|parent|carer|manager|speaker|author))?\s*(\W|$)"
    r"|\bnames?$",
    re.IGNORECASE,
)
_IN_NO_NAME = WORDS_OF_SCALES | words(
    "abuse african age agency alarm ambulance anti apprenticeship arab asian association background bangladeshi "
    "behaviour bicycle binary british buddhist burglary business caribbean carer charity chinese civil college "
    "commissioner community constable council county crime degree department detective diploma disabled district "
    "divorced domestic drugs education email employed ethnic european face facebook faith female fire force full "
    "gathering government group groups gypsy hate health heritage higher hindu household housing indian inspector "
    "instagram irish jewish knife leaflet letter level local male man married media meeting message mixed mosque muslim "
    "national neighbourhood newspaper nextdoor non nurse officer officers online other owner pakistani parish part "
    "partner partnership patrol patrols police prefer primary private public radio regional religion rented residents "
    "resident retired road roma rural say scottish secondary sector self sergeant service services sikh single social "
    "speeding staff student team telephone television text theft time town traffic training traveller twitter unemployed "
    "university urban vehicle village violence voluntary volunteer watch website whatsapp widowed woman worker "
    "yorkshire youth and for in month not now of on or than the then to week with year"
)
"""Words of options that are in no person's name."""
_IN_SOME_NAMES = words("black central church east english hall night north park south welsh west white")
"""Words that are in some names: an option where it has no others."""


def looks_like_a_name(text: str, words_of_options: Collection[str] = ()) -> bool:
    """Whether a text has the form of a person's name; places and headings in capitals have it too.

    Args:
        text: An answer.
        words_of_options: Words, in small letters, that are known not to be names here.

    >>> [looks_like_a_name(text) for text in ("Jane Smith", "Dr Anna-Lena de Vries", "Strongly agree", "Yes")]
    [True, True, False, False]
    >>> [looks_like_a_name(text) for text in ("Very Often", "White British", "Jane White", "North West", "Red Lion")]
    [False, False, True, False, True]
    """
    words = [word.strip(".,") for word in text.split()]
    if not 1 < len(words) <= _MOST_WORDS_OF_A_NAME:
        return False
    small = [word.casefold() for word in words]
    if any(word in _IN_NO_NAME or word in words_of_options for word in small) or _IN_SOME_NAMES.issuperset(small):
        return False
    return all(re.sub(r"['’-]", "", word).isalpha() and (word[0].isupper() or word in _PARTICLES) for word in words)


def telling_words(text: str) -> set[str]:
    """The words of a question or an option that are not names there: long ones, in small letters."""
    return {word.casefold() for word in re.findall(r"[^\W\d_]+", text) if len(word) >= _SHORTEST_TELLING}


def asks_for_personal_data(heading: str) -> bool:
    """Whether a question asks for a name, an address or a number of a person."""
    return bool(_HEADING.search(heading))


def is_personal(text: str) -> bool:
    """Whether an answer is, or has in it, an address, a postcode or a telephone number.

    >>> [is_personal(text) for text in ("a@example.org", "12 Mill Lane", "07700 900123", "0.123456789", "2 years")]
    [True, True, True, False, False]
    """
    is_fraction = not text.isdigit() and _NUMBER.fullmatch(text)
    is_address = _POSTCODE.search(text) or _STREET.match(text)
    return bool(_EMAIL.search(text) or is_address or (_TELEPHONE.fullmatch(text) and not is_fraction))
