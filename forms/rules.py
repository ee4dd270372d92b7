"""Domain rules that go by the key of a field, whichever form it stands in.

A rule goes by the last word or words of a key: ``pid`` and ``endorser_pid`` are both citizen IDs. ``rewrite`` gives the
one form that is stored. The custom property ``check`` of a field names rules whatever its key is (``citizen_id``,
``email_free``, ``new_account`` …, with spaces between them).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from forms import messages_th as say
from forms.schema import Component
from workflows.errors import Text
from workflows.ports import Lookups
from workflows.rules import citizen_id, email_address, masking, phone
from workflows.rules.thai_text import arabic_digits, normalise

Check = Callable[[Any, Mapping[str, Any], Lookups], Text | None]
DECISIONS_WITH_REASON = ("return", "reject")
# Answers that belong to one moment: a form never offers what someone answered before
NEVER_PREFILLED = frozenset({"decision", "comment", "otp_code", "resend"})


@dataclass(frozen=True, slots=True)
class Rule:
    """How a kind of answer is written and checked. A check gets the answer, the scope of its form and the register."""

    rewrite: Callable[[str], str]
    check: Check
    attributes: tuple[tuple[str, str], ...] = ()


def rules_of(component: Component) -> list[Rule]:
    """Every rule of a field: those its property ``check`` names, then the one its key has."""
    named = [RULES[name] for name in str(component.custom("check") or "").split() if name in RULES]
    by_key = (rule for key, rule in _BY_KEY.items() if component.key == key or component.key.endswith(f"_{key}"))
    return list(dict.fromkeys([*named, *by_key]))


def _code(text: str) -> str:
    return arabic_digits(normalise(text)).replace(" ", "")


def _phone(text: str) -> str:
    found = phone.parse(text)
    return found.national if found else normalise(text)


def _phones(text: str) -> str:
    found = phone.parse_list(text)
    return ",".join(each.national for each in found) if found else normalise(text)


def _check_pid(pid: str, scope: Mapping[str, Any], lookups: Lookups) -> Text | None:
    """Correct and, in a form that asks for a new account (``request_kind`` is "new"), without one yet."""
    if wrong := citizen_id.problem(pid):
        return wrong
    return _check_new_account(pid, scope, lookups) if scope.get("request_kind") == "new" else None


def _check_mobile(text: str, _scope: Mapping[str, Any], _lookups: Lookups) -> Text | None:
    found = phone.parse(text)
    return None if found and found.kind == "mobile" else phone.NOT_A_MOBILE


def _check_phones(text: str, _scope: Mapping[str, Any], _lookups: Lookups) -> Text | None:
    return None if phone.parse_list(text) else phone.NOT_A_PHONE


def _check_email(address: str, scope: Mapping[str, Any], lookups: Lookups) -> Text | None:
    """Correct and, where the form knows whose it is, nobody else's. Without a PID nothing is said about the register:
    a page for a forgotten password must not tell which addresses exist."""
    if wrong := email_address.problem(address):
        return wrong
    pid = scope.get("pid")
    if isinstance(pid, str) and citizen_id.problem(pid) is None and lookups.email_taken(address, pid):
        return say.EMAIL_TAKEN
    return None


def _check_unit(code: str, _scope: Mapping[str, Any], lookups: Lookups) -> Text | None:
    if len(code) != 5 or not (code.isascii() and code.isdigit()):
        return say.NOT_A_UNIT_CODE
    unit = lookups.unit(code)
    if unit is None:
        return say.UNKNOWN_UNIT.format(code=code)
    return say.CLOSED_UNIT.format(code=code) if unit.get("active") is False else None


def _check_otp(code: str, _scope: Mapping[str, Any], _lookups: Lookups) -> Text | None:
    return None if len(code) == 6 and code.isascii() and code.isdigit() else say.NOT_AN_OTP


def _check_new_account(pid: str, scope: Mapping[str, Any], lookups: Lookups) -> Text | None:
    """One account per person and realm (ADM007), but for one that is cancelled, which a new request brings back. The
    realm is the form's ``realm``, else the Data Center."""
    if wrong := citizen_id.problem(pid):
        return wrong
    realm = scope.get("realm")
    taken = lookups.account_of(pid, realm if isinstance(realm, str) and realm else "DC")
    there = taken is not None and taken["status"] != "cancelled"
    return say.ADM007.format(pid=masking.pid(pid)) if there else None


_PID = Rule(citizen_id.clean, _check_pid, (("inputmode", "numeric"), ("autocomplete", "off")))
_EMAIL = Rule(email_address.clean, _check_email, (("inputmode", "email"), ("autocomplete", "email")))
_MOBILE = Rule(_phone, _check_mobile, (("inputmode", "tel"), ("autocomplete", "tel-national")))
_PHONES = Rule(_phones, _check_phones, (("inputmode", "tel"),))
_UNIT = Rule(_code, _check_unit, (("data-suggest", "units"), ("autocomplete", "off")))
_OTP = Rule(_code, _check_otp, (("inputmode", "numeric"), ("autocomplete", "one-time-code"), ("maxlength", "6")))

_BY_KEY = {
    "pid": _PID,
    "email": _EMAIL,
    "mobile": _MOBILE,
    "phone": _PHONES,
    "phones": _PHONES,
    "unit_code": _UNIT,
    "otp_code": _OTP,
}
#: What the property ``check`` may name.
RULES = {
    "citizen_id": _PID,
    "new_account": Rule(citizen_id.clean, _check_new_account, _PID.attributes),
    "email": _EMAIL,
    "email_free": _EMAIL,
    "mobile": _MOBILE,
    "phones": _PHONES,
    "unit": _UNIT,
    "otp": _OTP,
}
