"""The registry of health-care rights over HTTP: ``GET …/api/v2/right-search?pid&checkDate`` with a bearer token.

The shape of its answers is that of the public interface which hospital programs call: a person (``tname fname lname
sex nation birthDate``) with ``funds``, a list or a single fund; nobody is a person without a name and without funds.
Abnormal dispensing, quotas and flags are not part of that interface; a registry that knows them says so in the members
``abnormalDrugs``, ``quotaLeft`` and ``flags`` beside the funds.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from httpx2 import Client, HTTPError, InvalidURL

from workflows.rules import rights

_PATH = "/api/v2/right-search"
_TIMEOUT = 8.0  # seconds; a patient stands at the desk
_LONGEST = 200_000  # characters of an answer
_BUDDHIST_ERA = 543
_SEXES = {"1": "male", "ชาย": "male", "male": "male", "2": "female", "หญิง": "female", "female": "female"}
_EXTRAS = {"abnormalDrugs": "abnormal_drugs", "quotaLeft": "quota_left", "flags": "flags"}
_DRUG = {
    "gpu_id": "gpuId",
    "fsn": "fsn",
    "units": "units",
    "days": "days",
    "visits": "visits",
    "quantity": "quantity",
    "last_unit": "lastUnit",
    "last_on": "lastDate",
    "last_quantity": "lastQuantity",
}


class RegistrySilent(OSError):
    """The registry gave no usable answer; the message says why, without a word about the person."""


class HttpRegistry:
    """The port ``RightsRegistry`` at ``url``. Safe for threads; redirects are not followed, the token stays here."""

    def __init__(self, url: str, token: str, *, timeout: float = _TIMEOUT) -> None:
        self.source = urlsplit(url).hostname or url
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        self._http = Client(base_url=url.rstrip("/"), headers=headers, timeout=timeout, follow_redirects=False)

    def look_up(self, pid: str, on: date) -> Mapping[str, Any] | None:
        """See ``workflows.ports.RightsRegistry``."""
        try:
            answer = self._http.get(_PATH, params={"pid": pid, "checkDate": f"{on.isoformat()}T00:00:00"})
        except (HTTPError, InvalidURL) as error:
            raise RegistrySilent(type(error).__name__) from None  # its words may hold the address, and so the number
        if answer.status_code == 404:
            return None
        if answer.status_code != 200 or len(answer.text) > _LONGEST:
            raise RegistrySilent(f"HTTP {answer.status_code}")
        try:
            return _person(answer.json())
        except (ValueError, TypeError, AttributeError, KeyError) as error:
            raise RegistrySilent(f"an answer that cannot be read ({type(error).__name__})") from None


def _person(found: Any) -> dict[str, Any] | None:
    if isinstance(found, list):
        found = found[0] if found else {}
    fund = _first(found.get("funds"))
    if not fund and not (found.get("fname") or found.get("lname")):
        return None
    year, month, day = _birth(found)
    code, name = _named(fund.get("mainInscl"))
    sub_code, sub_name = _named(fund.get("subInscl"))
    return {
        "title": _text(found.get("tname")),
        "first_name": _text(found.get("fname")),
        "last_name": _text(found.get("lname")),
        "sex": _sex(found.get("sex")),
        "birth_year": year,
        "birth_month": month,
        "birth_day": day,
        "address": _text(found.get("fullAddress")),
        "main_class": code or rights.VACANT,
        "main_name": name or rights.CLASSES.get(code or rights.VACANT, ""),
        "sub_class": sub_code,
        "sub_name": sub_name,
        "starts_on": _day(fund.get("startDateTime")),
        "ends_on": _day(fund.get("expireDateTime")),
        "model": _text(fund.get("paidModel")),
        "primary": _hospital(fund.get("hospSub")),
        "regular": _hospital(fund.get("hospMainOp")),
        "referral": _hospital(fund.get("hospMain")),
        "flags": [_text(flag) for flag in found.get("flags") or []],
        "quota_left": {_text(code): int(left) for code, left in (found.get("quotaLeft") or {}).items()},
        "abnormal_drugs": [
            {ours: row.get(theirs) for ours, theirs in _DRUG.items()} for row in found.get("abnormalDrugs") or []
        ],
        "not_told": [ours for theirs, ours in _EXTRAS.items() if found.get(theirs) is None],
    }


def _first(funds: Any) -> dict[str, Any]:
    """The fund that pays: the first of a list, or the only one."""
    fund = funds[0] if isinstance(funds, list) and funds else funds or {}
    if not isinstance(fund, dict):
        raise TypeError("no fund")
    return fund


def _named(inscl: Any) -> tuple[str, str]:
    """``{"id", "name"}``, ``{"rightId", "rightName"}``, ``"(UCS) name"`` or a bare code: code and name."""
    if isinstance(inscl, dict):
        code = inscl.get("id") or inscl.get("rightId") or inscl.get("inscl")
        return _text(code), _text(inscl.get("name") or inscl.get("rightName") or inscl.get("insclName"))
    text = _text(inscl)
    if text.startswith("(") and ")" in text:
        code, _, name = text[1:].partition(")")
        return code.strip(), name.strip()
    return text, ""


def _birth(found: Mapping[str, Any]) -> tuple[int | None, int | None, int | None]:
    """Year of the common era, month, day, each None where it is unknown: zeros, or blank."""
    parts = found.get("birthDateNew")
    if isinstance(parts, dict):
        numbers = [int(parts.get(name) or 0) for name in ("year", "month", "day")]
    else:
        digits = "".join(letter for letter in _text(found.get("birthDate")) if letter.isdigit())[:8].ljust(8, "0")
        numbers = [int(digits[:4]), int(digits[4:6]), int(digits[6:])]
    year, month, day = numbers
    if year > 2400:
        year -= _BUDDHIST_ERA
    if not 1 <= month <= 12:
        return (year or None), None, None
    try:
        date(year, month, day)
    except ValueError:
        return (year or None), month, None
    return year, month, day


def _sex(value: Any) -> str:
    said = value.get("name") or value.get("id") if isinstance(value, dict) else value
    return _SEXES.get(_text(said).lower(), "")


def _day(value: Any) -> str | None:
    """An ISO date from ``2026-11-02T00:00:00``; None where there is none."""
    try:
        return date.fromisoformat(_text(value)[:10]).isoformat()
    except ValueError:
        return None


def _hospital(value: Any) -> dict[str, str] | None:
    if not isinstance(value, dict) or not value.get("hcode"):
        return None
    return {"code": _text(value["hcode"]), "name": _text(value.get("hname"))}


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()[:500]
