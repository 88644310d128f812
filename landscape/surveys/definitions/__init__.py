"""What survey tools say of their own questionnaires, one module a format; each gives the same plain one (`plain`).

LimeSurvey's structure, Qualtrics' survey file, XLSForms (Kobo, ODK), REDCap's dictionary, Jisc's key. Where there is
such a file nothing has to be guessed from answers, and it is there before the first answer is.
"""

from __future__ import annotations

from typing import Protocol

from landscape.errors import ReceivedFileError
from landscape.surveys.definitions import jisc, limesurvey, qualtrics, redcap, xlsform
from landscape.surveys.definitions.plain import Definition


class _Format(Protocol):
    def recognises(self, data: bytes) -> bool:
        """Whether the bytes are in this format."""

    def read(self, data: bytes) -> Definition:
        """The questionnaire; raises ValueError where it breaks off."""


_FORMATS: tuple[_Format, ...] = (qualtrics, xlsform, limesurvey, redcap, jisc)


def read_definition(data: bytes, name: str) -> Definition | None:
    """Reads what a tool says of its questionnaire, whether it came as a file or from the tool's interface.

    Args:
        data: The bytes.
        name: What messages call them.

    Returns:
        The questionnaire; None where the bytes are in no format known here.

    Raises:
        ReceivedFileError: They are in such a format, and cannot be read or define no question.
    """
    found = next((form for form in _FORMATS if form.recognises(data)), None)
    if found is None:
        return None
    try:
        definition = found.read(data)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReceivedFileError(
            "it defines a questionnaire, and cannot be read", file=name, remedy="export it again from the survey tool"
        ) from error
    if not definition.questions:
        raise ReceivedFileError(
            "it defines no question that is read here",
            file=name,
            culprits=definition.left_out,
            remedy="see that it is the whole questionnaire, and export it again",
        )
    return definition
