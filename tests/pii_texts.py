"""Personal data as people write it, and ordinary sentences and names that must pass."""

from __future__ import annotations

from itertools import cycle, islice, product

from landscape.pii_scan import Known

KNOWN = Known(
    names=frozenset(
        {
            "Perpetua Quillfeather", "José Núñez-O'Brien", "Will Young", "Anna Price", "Jean-Luc van der Berg", "Graham Hill",
            "Dr Siân Ó Murchú", "Müller, Käthe", "Mary Jane Watson", "P. Longbottom", "Anna Constable", "Social Media",
            "West Yorkshire", "Cheshire Constabulary", "Lancaster University",
        }
    ),
    telephones=frozenset({"07700 900417", "+44 113 496 0018"}),
    allowed=frozenset({"team@force.example", "0300 123 4567"}),
)  # fmt: skip
ADDRESS, NUMBER, NAME = "an e-mail address", "a telephone number", "a person's name"

WRITTEN = {
    ADDRESS: (
        "p.quill@post.example", "P.QUILL@POST.EXAMPLE", "p.quill＠post.example", "p.quill﹫post.example",
        "p.quill [at] post.example", "p.quill(at)post(dot)example", "p.quill {at} post {dot} example",
        "p.quill at post dot example", "P.Quill AT Post DOT Example", "p.quill@post dot example",
        "p.quill [at] post [dot] example",
        "p.quill @ post . example", "p.quill @post.example", "p.quill @ post.example", "p.quill@\npost.example",
        "p.quill%40post.example", "p.quill%2540post.example", "имя@почта.рф", "p.quill@почта.рф", "用户@例子.广告",
        "p.quill@xn--80a1.xn--p1ai", "p.quill&#64;post.example", "p.quill&commat;post.example", "p.quill&amp;#64;post.example",
        r"p.quill\u0040post.example", "p.quill@post\u200b.example", "p\u00ad.quill@post.example", "p.quill@post。example",
        "mailto:p.quill@post.example?subject=x", "<p.quill@post.example>", "(p.quill@post.example)", "o'brien@post.example",
        "p_quill+x@post.example", "p.quill@sub.post-office.co.uk.",
    ),
    NUMBER: (
        "07700 900999", "07700900999", "0113 496 0999", "(0113) 496 0999", "0113.496.0999", "0113/496/0999", "0113-496-0999",
        "07 70 09 00 99 9", "077 00 900 999", "0 7 7 0 0 9 0 0 9 9 9", "07700  900  999", "07700\u00a0900\u00a0999",
        "07700\u2009900\u2009999", "０７７００ ９００９９９", "٠٧٧٠٠ ٩٠٠٩٩٩", "0113 – 496 0999", "+44 7700 900999",
        "+44 (0)7700 900999", "+44(0) 113 496 0999", "0044 7700 900999", "(+44) 7700 900999", "44 7700 900999",
        "+33 1 23 45 67 89", "+353 1 234 5678", "020 7946 0999", "01632 960 001", "016977 3999", "(01204) 123456",
        "0800 111 1234", "0300 123 4568", "07700 900999.", "07700 900999, or", "07700 900999;", "07700 900999)", "07700 900999?",
        "07700-900-999!", "tel:07700900999", "Tel.07700 900999", "T:0113 4960999", "07700 900999x12", "07700 900999 12 people",
        "07700 900999 - 0113 496 0998", "7700900417", "113 496 0018",
    ),
    NAME: (
        "Perpetua Quillfeather", "perpetua  quillfeather", "Quillfeather, Perpetua", "QUILLFEATHER Perpetua",
        "Quillfeather Perpetua, Leeds", "P. Quillfeather", "P Quillfeather", "p.quillfeather", "Quillfeather, P.",
        "Perpetua J. Quillfeather", "Perpetua Jane Quillfeather", "Perpetua (Pip) Quillfeather", "Mrs Quillfeather",
        "mrs quillfeather", "PC Quillfeather", "Sgt. Quillfeather", "perpetua-quillfeather", "perpetua.quillfeather",
        "perpetua_quillfeather", "PerpetuaQuillfeather", "Perpetua\nQuillfeather", "Perpetua Quillfeather's",
        "Perp\u00adetua Quill\u200bfeather", "Jose Nunez-OBrien", "José Núñez O’Brien", "JOSE NUNEZ-O'BRIEN",
        "Nuñez O´Brien, José",
        "Jose\u0301 Nu\u0301n\u0303ez-O'Brien", "Will Young", "Young, Will", "Mr Young", "WILL YOUNG", "Anna Price", "A. Price",
        "Ms Price", "Jean-Luc van der Berg", "van der Berg, Jean-Luc", "Jean Luc Van Der Berg", "Sian O Murchu", "O'Murchu, Sian",
        "Kathe Muller", "Müller Käthe", "Mary J Watson", "Mary Watson", "Watson, Mary Jane", "M. J. Watson", "MJ Watson",
        "Mr P. Longbottom", "P Longbottom", "Pat Longbottom", "Anna Constable", "Inspector Graham Hill", "G. Hill",
        "Hill, Graham",
    ),
}  # fmt: skip
"""Each kind in the forms in which it is written."""

HARMLESS = (
    "ISBN 978-0-306-40615-7", "ISBN 0-306-40615-2", "ISBN-10: 0306406152", "a bus fare of £0.07", "1,234,567,890",
    "18 of 40 chose it; 24.57 per 100,000; 2017-06-20; E23000010; d='M0.123456789 0 12 345'", "01/02/2024 10:30",
    "01.02.2024 to 03.04.2025", "0 1 2 3 4 5 6 7 8 9 10", "in 2017 07 08 2018 01 02", "01-05 06-10 11-15", "0-9, 10-19, 20-29",
    "0.123 0.456 0.789 0.111", "2026-11-27 22:32:38 +0000 - 12345678", "rgb(0,113,496)", "call 101 or 999",
    "a sha256 0123456789abcdef0123456789abcdef and @font-face and user@", "e29b0123-0123-4567-8901-012345678901",
    "repository__repository__@pipelines.definitions", "plotly@7.0.1", "at 10 @ 5.99 each",
    "Write to team@force.example. Police came",
    "0300 123 4567", "meet @ Leeds. The next", "follow us @WestYorksPolice", "look at the dot on the map", "social media",
    "Social Media", "West Yorkshire", "Cheshire Constabulary", "will young people be asked", "What will Young Voices do",
    "at a price",
    "the price, a measure", "The price of a Price", "Grade A Price list", "Chief Constable", "e.g. Hill Street",
    "at 5 p.m. Hill Street", "Hill Dr, Leeds", "Quillfeather Lane and Perpetua Street", "Mary Watkins", "Berg, Anna",
    "per cent at 2.5 dot",
)  # fmt: skip

_WHO = (
    "The neighbourhood team", "Officers", "The force", "The commissioner’s office", "PCSOs", "Volunteers", "The county council",
    "The youth panel", "A working group", "The community safety partnership", "Chief Inspector Okafor", "Sergeant Dyer",
)  # fmt: skip
_DID = (
    "held 12 street surgeries between 09:30 and 16:00 in Hill Street",
    "spent £4,500.00 on leaflets, a price of 0.07 pounds each",
    "asked 1,204 residents, of whom 418 (34.7 per cent) answered",
    "met young people at the Grace Field centre on 03/04/2017",
    "will young people consult on social media before May 2018",
    "published the plan at www.westyorkshire.police.uk on 1 June 2017",
    "answered calls to 101 within 2.5 minutes, and to 999 within 8.1 seconds",
    "moved the meeting from 10.00 to 14.30 in rooms 01–05",
    "reported 0 burglaries, 1 robbery and 2 thefts from vehicles in week 07",
    "visited Price Street, Constable Road and Watson Lane twice",
    "said that trust rose from 0.61 to 0.67 between 2015-04-01 and 2017-03-31",
    "used the hashtag #SaferHill and the account @CumbriaPolice",
    "read “Policing and the public”, ISBN 978-0-306-40615-7, pp. 10–19",
    "found that a quarter, e.g. in Berg and Young’s study, had no opinion",
    "offered the room at the price of the tea and cakes",
    "recorded crime number 13/2017 under E23000002",
    "sent the survey to 71 organisations by post on 01.02.2017",
    "covered wards 1 to 12, with 5, 10, 15 and 20 minute drives",
    "opened the Mary Seacole House hub in West Yorkshire",
    "agreed with A. N. Other Ltd on terms of 30 days",
    "invited the mayor, the dean and a judge of the crown court",
)
_WHERE = (
    "",
    " in Kendal",
    " in South Shields",
    " across the North",
    " in Greater Manchester",
    " near York",
    " for Cheshire",
)

FIRST = (
    "Alice", "Amina", "Ben", "Carla", "David", "Ewa", "Farid", "Gareth", "Hannah", "Imran", "Joan", "Kwame", "Lena", "Mohammed",
    "Nadia", "Oliver", "Priya", "Rachel", "Sam", "Tomasz", "Ursula", "Vikram", "Wendy", "Yusuf", "Zoe",
)  # fmt: skip
LAST = (
    "Adeyemi", "Bell", "Clarke", "Dyer", "Evans", "Foster", "Green", "Hussain", "Iqbal", "Jones", "Khan", "Lister", "Marsh",
    "Nowak", "Okafor", "Patel", "Quinn", "Rahman", "Shaw", "Turner", "Usman", "Vaughan", "Walker", "Yates",
)  # fmt: skip
_PLACES = (
    "Hill",
    "Price Street",
    "Young",
    "Watson Way",
    "Constable Road",
    "Grace Court",
    "Berg House",
    "Mary Street",
    "Graham Park",
)


def sentences(number: int = 500) -> list[str]:
    """Sentences as in the reports of police forces, none of which says whom one could reach or who one of KNOWN is."""
    said = (f"{who} {did}{where}." for who, did, where in product(_WHO, _DID, _WHERE))
    return list(islice(said, 0, None, 3))[:number]


def names(number: int = 1_000) -> list[str]:
    """Names of people nobody asked about, of streets, and of teams."""
    people = (f"{first} {last}" for first, last in product(FIRST, LAST))
    teams = (f"{last} {place}" for last, place in product(LAST, _PLACES))
    turned = (f"{last}, {first}" for first, last in product(FIRST, LAST))
    mixed = (name for trio in zip(cycle(people), teams, turned, strict=False) for name in trio)
    return list(dict.fromkeys([*mixed, *(f"{a} {b}" for a, b in product(FIRST, LAST))]))[:number]
