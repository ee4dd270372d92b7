"""The registry of professional licences: whether a number is known for a profession and a person.

Over HTTP: ``GET <LICENCE_URL>/licences/<number>?profession=<code>`` with a bearer token and the citizen ID in the
header ``X-Citizen-Id`` (never in an address); 200 ``{"status": "active"}`` is found, 404 or another status is not. The
shape is ours: the councils publish none; whatever they offer is put behind it.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from httpx2 import Client, HTTPError, InvalidURL

from config import Settings
from workflows.delivery import Effect
from workflows.ports import LicenceRegistry

log = logging.getLogger(__name__)
_TIMEOUT = 8.0  # seconds for one number


class LicencesSilent(OSError):
    """The registry gave no usable answer; the message says why, without a word about the person."""


class HttpLicences:
    """The port ``LicenceRegistry`` at ``url``. Safe for threads; redirects are not followed, the token stays here."""

    def __init__(self, url: str, token: str, *, timeout: float = _TIMEOUT) -> None:
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        self._http = Client(base_url=url.rstrip("/"), headers=headers, timeout=timeout, follow_redirects=False)

    def is_known(self, profession: str, licence_number: str, pid: str) -> bool:
        """See ``workflows.ports.LicenceRegistry``."""
        path, query = f"/licences/{quote(licence_number, safe='')}", {"profession": profession}
        try:
            answer = self._http.get(path, params=query, headers={"X-Citizen-Id": pid})
        except (HTTPError, InvalidURL) as error:
            raise LicencesSilent(type(error).__name__) from None
        if answer.status_code == 404:
            return False
        if answer.status_code != 200:
            raise LicencesSilent(f"HTTP {answer.status_code}")
        try:
            return bool(answer.json()["status"] == "active")
        except (ValueError, TypeError, KeyError) as error:
            raise LicencesSilent(f"an answer that cannot be read ({type(error).__name__})") from None


class DemoLicences:
    """The registry of a demonstration: it knows every number but those that end in 00."""

    def is_known(self, profession: str, licence_number: str, pid: str) -> bool:
        """See ``workflows.ports.LicenceRegistry``."""
        return not licence_number.strip().endswith("00")


class NoLicences:
    """Stands where no registry is set up: asking it says so."""

    def is_known(self, profession: str, licence_number: str, pid: str) -> bool:
        """Raises LicencesSilent."""
        raise LicencesSilent("LICENCE_URL is not set")


def licence_registry(settings: Settings) -> LicenceRegistry:
    """The registry at LICENCE_URL; else, in a demonstration only, the invented one."""
    if settings.licence_url:
        return HttpLicences(settings.licence_url, settings.licence_token)
    return DemoLicences() if settings.demo else NoLicences()


def looks_up_licences(asked: LicenceRegistry) -> Effect:
    """The effect ``licence.look_up``: ``{people: [{profession, licence_number, pid}]}``.

    The waiting service task gets ``licences``: found, not_found or unknown for each. A registry that is silent holds up
    nobody: the check list says that the number could not be looked up, and the region decides.
    """

    def one(person: Mapping[str, Any]) -> str:
        try:
            known = asked.is_known(str(person["profession"]), str(person["licence_number"]), str(person["pid"]))
        except OSError as silent:
            log.warning("the registry of licences is silent: %s", silent)
            return "unknown"
        return "found" if known else "not_found"

    def look_up(payload: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        return {"licences": [one(person) for person in payload["people"]]}

    return look_up
