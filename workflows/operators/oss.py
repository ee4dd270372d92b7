"""Registration and re-activation of innovation units in OSS."""

from __future__ import annotations

from collections.abc import Mapping
from secrets import token_hex
from typing import Any

from workflows.operators.notices import mail
from workflows.operators.registry import operator
from workflows.ports import Change, Context, Message, Result
from workflows.rules import oss, week_hours

_GENERAL = ("address", "phone_nhso", "phone_public", "email", "latitude", "longitude")
_UNIT = ("code", "name", "kind", "province", "region")


@operator(
    "oss.open",
    inputs={"requester": "who asks: a username"},
    outputs={
        "account": "what oss_eligibility is told of the account: username, self_registered, thaid_verified, dc_name, "
        "authority (signatory, delegate or none)",
        "unit": "the unit they act for: code, name, kind, province, region, known, registered",
        "general": "what is registered of it, or what the register of organisations knows: address, phone_nhso, "
        "phone_public, email, latitude, longitude",
        "personnel": "who is registered as serving there, as the form asks for it",
        "holder": "name, email and mobile of the account",
    },
)
def open_registration(inputs: Mapping[str, Any], context: Context) -> Mapping[str, Any]:
    """Take up what is known of the unit that somebody acts for, so that an update begins with what is registered."""
    username = str(inputs["requester"])
    authority = context.lookups.authority(username)
    chosen = oss.chosen_unit(authority)
    code = chosen["unit_code"] if chosen else str(authority["unit_code"] or "")
    unit = context.lookups.unit(code)
    found = oss.facts(context.process_id, username, authority, unit, context.lookups.standing(code))
    known = context.lookups.innovation_unit(code)
    holder = next(iter(context.lookups.accounts_of(username=username)), None)
    return {
        "account": found["account"],
        "unit": {**{key: (unit or {}).get(key) or "" for key in _UNIT}, **found["unit"]},
        "general": _general(known["unit"], unit or {}),
        "personnel": [_asked(person) for person in known["personnel"]],
        "holder": {
            "name": f"{holder['first_name']} {holder['last_name']}" if holder else "",
            "email": holder["email"] if holder else "",
            "mobile": holder["mobile"] if holder else "",
        },
    }


@operator(
    "licence.look_up",
    inputs={"personnel": "the personnel as the form asks for it"},
    outputs={"licences": "for each person found, not_found or unknown (the registry did not answer)"},
)
def look_up_licences(inputs: Mapping[str, Any], context: Context) -> Result:
    """Ask the councils' registry for every licence number; the case waits for the answer."""
    asked = [{key: each[key] for key in ("profession", "licence_number", "pid")} for each in inputs["personnel"]]
    key = f"licence:{context.case_id}:{token_hex(8)}"  # the same people may be asked about again at the same moment
    return Result(messages=(Message("licence.look_up", {"people": asked}, key=key),), wait=True)


@operator(
    "oss.summary",
    inputs={"personnel": "the personnel as the form asks for it", "licences?": "what licence.look_up found"},
    outputs={
        "personnel": "the same, each with licence",
        "listed": "the personnel in words, for a table: name, pid (masked), profession, licence, licence_found, "
        "specialty, types, dates, hours, confirmed",
    },
)
def summarise(inputs: Mapping[str, Any], context: Context) -> Mapping[str, Any]:
    """Join people with what was found about their licences, and put everybody into words for a check list."""
    licences = list(inputs["licences"] or ())
    people = [
        {**each, "licence": licences[number] if number < len(licences) else each.get("licence") or "unknown"}
        for number, each in enumerate(inputs["personnel"])
    ]
    listed = oss.listed(people, {each["code"]: each["name"] for each in context.lookups.professions()})
    shown = [{**each, "shown": words} for each, words in zip(people, listed, strict=True)]
    return {"personnel": shown, "listed": listed}


@operator(
    "oss.write",
    inputs={
        "purpose": "registration or reactivation",
        "unit": "the unit as oss.open gives it",
        "general": "address, phone_nhso, phone_public, email, latitude, longitude",
        "personnel": "everybody of the check list",
        "case_number": "number of the case",
        "name": "who asked",
        "to?": "their e-mail address",
    },
)
def write(inputs: Mapping[str, Any], context: Context) -> Result:
    """Write what the region confirmed into the tables of innovation units, and tell the unit and who asked by mail."""
    purpose, unit, general = str(inputs["purpose"]), inputs["unit"], inputs["general"]
    people = [_stored(each) for each in inputs["personnel"]]
    change = Change(
        "innovation.register",
        {
            "purpose": purpose,
            "unit_code": unit["code"],
            "general": {key: general.get(key) for key in _GENERAL},
            "professions": list(dict.fromkeys(each["profession"] for each in people)),
            "personnel": people,
        },
    )
    values = {
        "name": inputs["name"],
        "case_number": inputs["case_number"],
        "unit_code": unit["code"],
        "unit_name": unit["name"],
        "people": str(len(people)),
        "link": f"{context.base_url}/units/{unit['code']}",
    }
    addresses = dict.fromkeys(each for each in (general.get("email"), inputs["to"]) if each)
    messages = tuple(mail(f"mail.oss_{purpose}", str(to), values, context) for to in addresses)
    return Result(messages=messages, changes=(change,))


def _general(registered: Mapping[str, Any] | None, unit: Mapping[str, Any]) -> dict[str, Any]:
    if registered is not None:
        return {key: registered["general"].get(key) for key in _GENERAL}
    known = {"address": unit.get("address"), "phone_nhso": unit.get("phone"), "email": unit.get("email")}
    return {**dict.fromkeys(_GENERAL), **{key: value for key, value in known.items() if value}}


def _asked(person: Mapping[str, Any]) -> dict[str, Any]:
    """A row of ``unit_personnel`` as the form asks for it."""
    kept = ("profession", "pid", "first_name", "last_name", "licence_number", "specialty", "registration_types")
    return {
        **{key: person[key] for key in kept},
        "starts_on": person["starts_on"].isoformat(),
        "ends_on": person["ends_on"].isoformat() if person["ends_on"] else None,
        "works": "every" if person["every_day"] else "some",
        "hours": week_hours.asked(person["hours"]),
    }


def _stored(person: Mapping[str, Any]) -> dict[str, Any]:
    """An answer of the form as the table keeps it."""
    kept = ("profession", "pid", "first_name", "last_name", "licence_number", "starts_on")
    return {
        **{key: person[key] for key in kept},
        "specialty": person.get("specialty") or "",
        "registration_types": list(person.get("registration_types") or ()),
        "ends_on": person.get("ends_on") or None,
        "every_day": person["works"] == "every",
        "hours": week_hours.kept(person.get("hours")),
        "licence_found": person.get("licence") == "found",
        "confirmed": person.get("action") == "confirm",
    }
