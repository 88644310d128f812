"""The PII scan: no e-mail address, telephone number or name of a person in what is published or in what configuration says.

A text is brought into normal form (`normal`), as a reader sees it, and searched for what anybody would take for an address
or a number (`addresses`) and for people who are known (`names`, `known`). `carriers` reads files of every kind, `scanning`
says which file and row. It cannot know somebody who is on no list: a second person reads every approved text.
"""

from landscape.pii_scan.addresses import addresses_in
from landscape.pii_scan.known import ALLOWED_FILE, Known, Somebody, allowed_addresses, personal_kinds
from landscape.pii_scan.scanning import (
    Scan,
    found_in,
    refuse_personal,
    refuse_personal_history,
    refuse_personal_in,
    refuse_personal_settings,
    scan_with,
)

__all__ = [
    "ALLOWED_FILE",
    "Known",
    "Scan",
    "Somebody",
    "addresses_in",
    "allowed_addresses",
    "found_in",
    "personal_kinds",
    "refuse_personal",
    "refuse_personal_history",
    "refuse_personal_in",
    "refuse_personal_settings",
    "scan_with",
]
