"""What `source:` in survey.yml says: a service, its ids, and where its secrets are."""

from __future__ import annotations

import os
import re
from typing import Annotated, Literal, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Discriminator, StringConstraints

from landscape.errors import SourceSkippedError
from landscape.settings.yamlfiles import Settings, Text

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LONGEST_VARIABLE = 60  # tokens are longer
_RPC_WAY = "r=admin/remotecontrol"
_OWN_COMPUTER = {"127.0.0.1", "localhost", "::1"}
_WHERE = "; docs/connecting-a-survey.md says where to find it"


def _variable(value: object) -> object:
    if isinstance(value, str) and _VARIABLE.fullmatch(value.strip()) and len(value) <= _LONGEST_VARIABLE:
        return value
    raise ValueError(
        "is no name of an environment variable, perhaps a secret itself; write the variable's name, such as KOBO_TOKEN; "
        "a secret that was in a file must be replaced"
    )


def _address(text: str) -> str:
    """An address without a slash at its end; secrets travel to it, so it must be encrypted."""
    try:
        parts = urlsplit(text)
        host, user = parts.hostname, parts.username
    except ValueError:
        host = user = None
    is_safe = bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and host in _OWN_COMPUTER))
    if not is_safe or user or parts.query or re.search(r"\s", text):
        raise ValueError(
            "is no address that begins with https://; copy it from the browser as far as the service's name goes, "
            "such as https://eu.kobotoolbox.org"
        )
    return text.rstrip("/")


def _remotecontrol(text: str) -> str:
    """An address of RemoteControl; where the server writes addresses with a question mark, its way comes behind that."""
    base, mark, way = text.partition("?")
    if mark and way != _RPC_WAY:
        raise ValueError(f"may have nothing but {_RPC_WAY} behind its question mark{_WHERE}")
    return f"{_address(base)}{mark}{way}"


def _written(form: str, what: str) -> AfterValidator:
    """An id as its service writes it."""

    def check(value: str) -> str:
        if not re.fullmatch(form, value):
            raise ValueError(f"must be {what}{_WHERE}")
        return value

    return AfterValidator(check)


Variable = Annotated[str, BeforeValidator(_variable), StringConstraints(strip_whitespace=True)]
Address = Annotated[Text, AfterValidator(_address)]
Digits = Annotated[Text, _written(r"[0-9]+", "a number")]
Name = Annotated[Text, _written(r"[\w.-]+", "letters, digits, dots and hyphens alone")]
Key = Annotated[Text, _written(r"[\w!.-]+", "letters, digits, !, dots and hyphens alone")]


class Token(Settings):
    """The variable that holds a token."""

    token: Variable


class Login(Settings):
    """The variables that hold a user's name and password."""

    username: Variable
    password: Variable


class TokenAndSecret(Settings):
    """The variables that hold the two parts of a key."""

    token: Variable
    secret: Variable


class ClientSecret(Settings):
    """The variable that holds an application's secret."""

    client_secret: Variable


class Source(Settings):
    """The service that a survey's responses are pulled from; each service says below what it needs.

    `secrets` names the environment variable of each secret.
    """

    service: str
    secrets: Settings

    @property
    def settings(self) -> dict[str, str]:
        """Ids, addresses and the like, by name."""
        return self.model_dump(exclude={"service", "secrets"})

    @property
    def variables(self) -> dict[str, str]:
        """For each secret, the name of the environment variable that holds it."""
        return self.secrets.model_dump()

    def read_secrets(self) -> dict[str, str]:
        """The secrets themselves, out of the environment.

        Raises:
            SourceSkippedError: Some are not set; all of these variables are named.
        """
        missing = [variable for variable in self.variables.values() if not os.environ.get(variable, "").strip()]
        if missing:
            raise SourceSkippedError(
                "not pulled: the environment variables with its secrets are not set",
                culprits=missing,
                remedy="set them and open a new window (docs/connecting-a-survey.md says how); until then the files "
                "that are there are used",
            )
        return {name: os.environ[variable].strip() for name, variable in self.variables.items()}


class KoboToolbox(Source):
    """A project of KoboToolbox."""

    service: Literal["kobotoolbox"]
    base_url: Address
    asset: Annotated[Text, _written(r"\w+", "letters and digits alone")]
    secrets: Token


class LimeSurvey(Source):
    """A survey of LimeSurvey, with the headings and answers that its questionnaire was drafted from."""

    service: Literal["limesurvey"]
    remotecontrol_url: Annotated[Text, AfterValidator(_remotecontrol)]
    survey_id: Digits
    headings: Literal["code", "full"] = "code"
    answers: Literal["short", "long"] = "short"
    secrets: Login


class MicrosoftForms(Source):
    """The workbook that a form fills, by Microsoft Graph."""

    service: Literal["microsoft_forms"]
    tenant: Name
    client_id: Annotated[Text, _written(r"[\w-]+", "letters, digits and hyphens alone")]
    drive: Key
    item: Key
    base_url: Address = "https://graph.microsoft.com/v1.0"
    login_url: Address = "https://login.microsoftonline.com"
    secrets: ClientSecret


class OdkCentral(Source):
    """A form of ODK Central."""

    service: Literal["odk_central"]
    base_url: Address
    project: Digits
    form: Text
    secrets: Login


class Qualtrics(Source):
    """A survey of Qualtrics."""

    service: Literal["qualtrics"]
    base_url: Address
    survey_id: Annotated[Text, _written(r"SV_\w+", "as in SV_0123456789abcde")]
    secrets: Token


class SmartSurvey(Source):
    """A survey of SmartSurvey, and how many calls a minute its account allows."""

    service: Literal["smartsurvey"]
    survey_id: Digits
    base_url: Address = "https://api.smartsurvey.io/v2"
    requests_per_minute: Annotated[Text, _written(r"[1-9][0-9]{0,5}", "a number from 1")] = "180"
    secrets: TokenAndSecret


_Service = KoboToolbox | LimeSurvey | MicrosoftForms | OdkCentral | Qualtrics | SmartSurvey
SERVICES = tuple(get_args(kind.model_fields["service"].annotation)[0] for kind in get_args(_Service))
"""The tools that have a service."""


def _has_service(value: object) -> object:
    if not isinstance(value, dict) or value.get("service") not in SERVICES:
        raise ValueError(
            f"names no service: {', '.join(SERVICES)} have one; with any other tool, leave `source` out: "
            "export and drop files instead"
        )
    return value


AnySource = Annotated[_Service, Discriminator("service"), BeforeValidator(_has_service)]
