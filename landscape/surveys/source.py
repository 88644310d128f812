"""What `source:` in survey.yml says: a service, its ids, and where its secrets are. Not here: any secret; calling it."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from landscape.errors import SourceSkippedError, SurveyDefinitionError

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LONGEST_VARIABLE = 60  # tokens are longer
_OWN_COMPUTER = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True)
class Source:
    """The service that a survey's responses are pulled from.

    Args:
        service: One of `landscape.services.catalogue.SERVICES`.
        settings: Ids, addresses and the like, by name.
        secrets: For each secret, the name of the environment variable that holds it.
    """

    service: str
    settings: Mapping[str, str]
    secrets: Mapping[str, str]

    def read_secrets(self) -> dict[str, str]:
        """The secrets themselves, out of the environment.

        Raises:
            SourceSkippedError: Some are not set; all of these variables are named.
        """
        missing = [variable for variable in self.secrets.values() if not os.environ.get(variable, "").strip()]
        if missing:
            raise SourceSkippedError(
                "not pulled: the environment variables with its secrets are not set",
                culprits=missing,
                remedy="set them and open a new window (docs/connecting-a-survey.md says how); until then the files "
                "that are there are used",
            )
        return {name: os.environ[variable].strip() for name, variable in self.secrets.items()}


def read_source(declared: object, tool: str, path: Path) -> Source | None:
    """The source that a survey.yml declares.

    Args:
        declared: What stands under `source:`; None where there is nothing.
        tool: The survey's tool.
        path: The survey.yml, for messages.

    Raises:
        SurveyDefinitionError: The service is not known or not the tool's, something is missing or unknown, an address is
            not secure, or a secret itself stands there.
    """
    from landscape.services.catalogue import SERVICES

    if declared is None:
        return None
    declared = dict(declared) if isinstance(declared, dict) else {}
    name = str(declared.pop("service", ""))
    if name not in SERVICES or name != tool:
        raise SurveyDefinitionError(
            "`source` names no service that this survey's tool has",
            file=path,
            culprits=[name or "no service"],
            remedy=f"with tool: {tool}, "
            + (f"write service: {tool}" if tool in SERVICES else "there is no service: export and drop files instead"),
        )
    service = SERVICES[name]
    secrets = declared.pop("secrets", None)
    secrets = {str(key): str(value) for key, value in secrets.items()} if isinstance(secrets, dict) else {}
    settings = service.DEFAULTS | {str(key): str(value).strip() for key, value in declared.items()}
    _refuse_odd_keys(set(settings), set(service.DEFAULTS) | set(service.NEEDS), set(service.NEEDS), "", path)
    _refuse_odd_keys(set(secrets), set(service.SECRETS), set(service.SECRETS), "secrets: ", path)
    for key, value in settings.items():
        if key.endswith("_url"):
            settings[key] = _address(value, key, path)
    odd = [f"source: {key}" for key, form in service.FORMS.items() if not re.fullmatch(form, settings[key])]
    if odd:
        raise SurveyDefinitionError(
            "a setting is not written as its service writes it",
            file=path,
            culprits=odd,
            remedy="docs/connecting-a-survey.md says where to find it",
        )
    odd = [key for key, value in secrets.items() if not _VARIABLE.fullmatch(value) or len(value) > _LONGEST_VARIABLE]
    if odd:
        raise SurveyDefinitionError(
            "what stands there is no name of an environment variable, perhaps a secret itself",
            file=path,
            culprits=[f"source: secrets: {key}" for key in odd],
            remedy="write the variable's name, such as KOBO_TOKEN; a secret that stood in a file must be made anew",
        )
    return Source(name, settings, secrets)


def _refuse_odd_keys(given: set[str], known: set[str], needed: set[str], where: str, path: Path) -> None:
    odd = [f"source: {where}{key} is missing" for key in sorted(needed - given)]
    odd += [f"source: {where}{key} is not known" for key in sorted(given - known)]
    if odd:
        raise SurveyDefinitionError(
            "the source does not say what its service needs",
            file=path,
            culprits=odd,
            remedy="docs/connecting-a-survey.md has an example for each service",
        )


def _address(text: str, key: str, path: Path) -> str:
    """An address without a slash at its end; secrets travel to it, so it must be encrypted."""
    parts = urlsplit(text)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _OWN_COMPUTER)
    if not is_safe or not parts.hostname or parts.username or parts.query:
        raise SurveyDefinitionError(
            f"{key} is no address that begins with https://",
            file=path,
            culprits=[f"source: {key}"],
            remedy="copy it from the browser as far as the service's name goes, such as https://eu.kobotoolbox.org",
        )
    return text.rstrip("/")
