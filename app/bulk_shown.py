"""The persons of a bulk request as pages show them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection

from app.access import product
from workflows.actor import Actor
from workflows.operators.bulk_notes import waits
from workflows.queries import bulk
from workflows.rules import masking

_STATES = {
    "open": (_l("กำลังดำเนินการ"), "", "clock"),
    "returned": (_l("ส่งกลับแก้ไข"), "warn", "back"),
    "rejected": (_l("ไม่อนุมัติ"), "bad", "cross"),
    "removed": (_l("ถอนออก"), "", "cross"),
    "issued": (_l("ออกสิทธิแล้ว"), "ok", "check"),
    "failed": (_l("ออกสิทธิไม่ได้"), "bad", "warn"),
}


def lines(
    db: Connection, case: Mapping[str, Any], variables: Mapping[str, Any], actor: Actor, item: Mapping[str, Any] | None
) -> dict[str, Any] | None:
    """The persons of a case for ``line_table``; None for a case that lists none. ``item``: the open task it is for."""
    process = product().runtime.services.definitions.process(case["definition_key"])
    if process.definition.properties.get("decides") != "lines":
        return None
    found = bulk.lines(db, product().keyring, case["id"])
    level = item["headers"].get("level") if item else None
    system = variables.get("system") if isinstance(variables.get("system"), dict) else None
    names = {
        str(role["code"]): f"{role['name']} · {each['name']}"
        for each in variables.get("requested_systems") or []
        for role in each["roles"]
    }
    systems = {each["code"]: each["name"] for each in variables.get("requested_systems") or []}
    rows = [_row(line, actor, systems, waits=bool(level) and waits(line, str(level), system)) for line in found]
    states = Counter(str(line["state"]) for line in found)
    return {
        "rows": rows,
        "roles": sorted(names.items()),
        "counts": counts(states),
        "may_except": level is not None,
    }


def counts(states: Mapping[str, int]) -> list[tuple[str, str, int]]:
    """How many persons are in which state, as badges: word, tone, number."""
    return [(str(word), tone, states[state]) for state, (word, tone, _) in _STATES.items() if states.get(state)]


def _row(line: Mapping[str, Any], actor: Actor, systems: Mapping[str, str], *, waits: bool) -> dict[str, Any]:
    person = line["person"]
    word, tone, mark = _STATES[line["state"]]
    refused = [code for code, said in line["systems"].items() if said == "reject"]
    why = [f"{systems.get(code, code)}: {line['reasons'].get(code, '-')}" for code in refused]
    if line["state"] in ("returned", "rejected", "failed"):
        why += [reason for key, reason in line["reasons"].items() if key not in refused]
    return {
        "line": line["line"],
        "name": f"{person['title']}{person['first_name']} {person['last_name']}",
        "position": person["position"],
        "pid": line["pid_masked"],
        "roles": line["roles"],
        "state": str(word),
        "tone": tone,
        "mark": mark,
        "why": masking.in_text("; ".join(why)),
        "own": line["pid_index"] == actor.pid_index,
        "waits": waits,
    }
