"""Bulk requests: a list of persons that is read, decided line by line or together, and issued in small parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workflows.operators import catalogue
from workflows.operators.bulk_file import (
    NO_BUNDLE,
    assigned,
    bundle_of,
    check,
    is_returned,
    refusal,
    roles_of,
    sender_level,
    summary,
)
from workflows.operators.bulk_notes import lines_of, note, rejection, waits
from workflows.operators.registry import both, operator
from workflows.ports import BpmnError, Change, Context, Result
from workflows.rules import bulk_list
from workflows.rules.line_numbers import parse


@operator(
    "bulk.open",
    inputs={
        "bundle": "the uploaded ZIP: a list with one document reference",
        "unit_code?": "the unit of the request, when a corrected file comes in",
    },
    outputs={
        "unit": "as unit.load gives it",
        "sender": "{name, email, mobile, level}: who sent it, and what they are to the unit (unit, head or supervisor)",
        "roles": "codes of all roles in the list",
    },
    errors={"BULK_REFUSED": "it is no bundle, or not the sender's to send; variable problem says so"},
)
def open_bundle(inputs: Mapping[str, Any], context: Context) -> Mapping[str, Any]:
    """Read which unit a bundle is from, whether the sender may send it, and which roles its list asks for."""
    found = bundle_of(inputs["bundle"], context.lookups)
    unit = context.lookups.unit(found["unit_code"]) if found else None
    wrong = refusal(found, unit, context.actor, inputs["unit_code"])
    if wrong is not None or found is None or unit is None:
        raise BpmnError("BULK_REFUSED", wrong or NO_BUNDLE, {"problem": both(wrong or NO_BUNDLE)})
    kept = ("code", "name", "kind", "province", "region", "supervisor", "supervisor_name")
    return {
        "unit": {key: unit[key] for key in kept},
        "sender": {
            "name": context.actor.name,
            "email": context.actor.email,
            "mobile": next(
                (str(each["mobile"]) for each in context.lookups.accounts_of(username=context.actor.id)), None
            ),
            "level": sender_level(context.actor, unit),
        },
        "roles": roles_of(bulk_list.read(found["rows"])[0]),
    }


@operator(
    "bulk.load",
    inputs={
        "bundle": "the uploaded ZIP: a list with one document reference",
        "unit": "the unit as bulk.open gives it",
        "role_checks": "one {role, allowed, reason_th, reason_en} per role, from the table of eligible roles",
        "system?": "the system whose owner returned lines; none = a level returned them, or the list is new",
    },
    outputs={
        "line_count": "how many persons the request has",
        "requested_systems": "one {code, name, realm, roles: [{code, name, single_holder}]} per system",
        "request_form": "number of the request form that belongs to the roles (the highest of theirs)",
    },
    errors={"BULK_ROWS": "rows of the list are wrong; variable problem says which"},
)
def load(inputs: Mapping[str, Any], context: Context) -> Result:
    """Make a line of every person of the list, or correct the lines that were returned. All rows or none.

    Lines that were not returned stay as they are: a corrected file may leave them out or repeat them unchanged.
    """
    found = bundle_of(inputs["bundle"], context.lookups) or {"rows": [], "letter_id": ""}
    unit, system, lookups = inputs["unit"], inputs["system"], context.lookups
    persons, problems = check(found["rows"], unit, inputs["role_checks"], lookups, context.case_id, system=system)
    if problems:
        text = summary(problems)
        raise BpmnError("BULK_ROWS", text, {"problem": both(text)})
    present = lines_of(context)
    given = assigned(persons, present, system)
    untouched = [line for line in present if line["line"] not in given]
    kept = [line for line in untouched if line["state"] == "open" and not is_returned(line, system)]
    roles = [role for listed in given.values() for role in listed.roles] + [r for line in kept for r in line["roles"]]
    wanted = {
        "unit": unit,
        "roles": list(dict.fromkeys(roles)),
        "role_checks": (),
        "handover": True,
        "channel": "regular",
    }
    systems = catalogue.group_by_system(wanted, context)
    removed = [line["line"] for line in untouched if is_returned(line, system)]
    note(context, [_as_loaded(number, person, present, system) for number, person in given.items()])
    note(context, [{"line": number, "state": "removed"} for number in removed])
    values = {
        "lines": {str(line): person.to_json() for line, person in given.items()},
        "removed": removed,
        "known": [line["line"] for line in present],
        "system": system,
        "letter_id": found["letter_id"],
    }
    return Result(
        {
            "line_count": len(given) + len(kept),
            "requested_systems": systems["requested_systems"],
            "request_form": systems["request_form"],
        },
        changes=(Change("bulk.load", values),),
    )


@operator(
    "bulk.decide",
    inputs={
        "level": "key of the level that decides, such as head",
        "review": "{decision, comment, exceptions: [{lines, decision, comment}]}",
        "system?": "the system ({code, name, roles}) whose owner decides; none = the level decides about whole lines",
        "case_number": "number of the case",
        "unit_name": "name of the unit",
    },
    outputs={
        "returned": "how many lines were returned for correction",
        "left": "how many lines go on",
        "return_comment": "what has to be corrected, line by line, or null",
    },
)
def decide(inputs: Mapping[str, Any], context: Context) -> Result:
    """Decide every line that waits at this level: all alike, but for the exceptions. Nobody decides a line about
    themselves. Who is rejected is told at once, at their own address."""
    level, system, review = inputs["level"], inputs["system"], inputs["review"]
    lines = lines_of(context)
    special = _exceptions(review)
    state_of = {line["line"]: line["state"] for line in lines}
    decided, told, returned = [], [], []
    for line in lines:
        if not waits(line, level, system) or line["pid_index"] == context.actor.pid_index:
            continue
        decision, comment = special.get(line["line"], (review["decision"], review.get("comment")))
        change = _decided(line, level, system, decision, comment)
        state_of[line["line"]] = change["state"]
        decided.append(change)
        if decision == "return":
            returned.append((line["line"], comment))
        if change["state"] == "rejected":
            told.append(rejection(line, comment, inputs["case_number"], inputs["unit_name"], context))
    note(context, decided)
    values = {"level": f"owner:{system['code']}" if system else level, "lines": decided}
    return Result(
        {
            "returned": len(returned),
            "left": sum(state == "open" for state in state_of.values()),
            "return_comment": _by_comment(returned),
        },
        messages=tuple(told),
        changes=(Change("bulk.decide", values),),
    )


@operator("bulk.withdraw")
def withdraw(inputs: Mapping[str, Any], context: Context) -> Result:
    """The sender took the request back: no line of it is decided any more."""
    return Result(changes=(Change("bulk.withdraw", {}),))


def _as_loaded(
    number: int, person: bulk_list.Listed, present: Sequence[Mapping[str, Any]], system: str | None
) -> dict[str, Any]:
    """A line as the register will have it: undecided, but for what other owners said."""
    before = next((line for line in present if line["line"] == number), None)
    kept = before["systems"] if before and system else {}
    return {
        "line": number,
        "state": "open",
        "level": before["level"] if before and system else "",
        "roles": list(person.roles),
        "systems": {code: said for code, said in kept.items() if code != system},
        "pid_index": None,
        "person": person.to_json(),
        "reasons": {},
    }


def _exceptions(review: Mapping[str, Any]) -> dict[int, tuple[str, str | None]]:
    """Line number → its own decision and comment."""
    return {
        number: (each["decision"], each.get("comment"))
        for each in review.get("exceptions") or ()
        for number in parse(str(each.get("lines") or "")) or ()
    }


def _decided(
    line: Mapping[str, Any], level: str, system: Mapping[str, Any] | None, decision: str, comment: str | None
) -> dict[str, Any]:
    """What a decision makes of a line. The word of an owner is about one system; a level's is about the line."""
    key = system["code"] if system else level
    reasons = {name: why for name, why in line["reasons"].items() if name != key}
    if decision != "approve" and comment:
        reasons[key] = comment
    change = {"line": line["line"], "state": line["state"], "level": line["level"], "systems": line["systems"]}
    if system:
        change["systems"] = {**line["systems"], key: decision}
    elif decision == "approve":
        change["level"] = level
    else:
        change["state"] = "returned" if decision == "return" else "rejected"
    return {**change, "reasons": reasons, "decision": decision}


def _by_comment(returned: Sequence[tuple[int, str | None]]) -> str | None:
    """What to correct, the lines of one comment together."""
    lines: dict[str, list[str]] = {}
    for number, comment in returned:
        lines.setdefault(comment or "-", []).append(str(number))
    return "; ".join(f"ลำดับ {', '.join(numbers)}: {comment}" for comment, numbers in lines.items()) or None
