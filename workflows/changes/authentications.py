"""Patients' authentications: opened with their claim code, closed; the evidence that belongs to their case."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, insert, or_, select, update

from workflows.announcing import announce_authentication
from workflows.chain import Event
from workflows.changes.registry import writes
from workflows.errors import Conflict, Text
from workflows.records import Authentication, AuthenticationChange, Reading, RightsAnswer, new_id, table
from workflows.rules import masking
from workflows.rules.webhooks import CLOSED, OPENED
from workflows.work import Work

_NOT_OPEN = Text("รหัสเข้ารับบริการนี้ปิดสิทธิหรือยกเลิกแล้ว", "This claim code is closed or void already")
_ROWS = table(Authentication)
_OPEN = insert(_ROWS)


@writes("authentication.open")
def open_(work: Work, case: Any, given: Mapping[str, Any], values: dict[str, Any]) -> Event:
    """One row; the database lets one patient have one open code for a service at a unit on a day."""
    keyring, code, pid = work.services.keyring, given["claim_code"], given["pid"]
    details = json.dumps(given["details"], ensure_ascii=False).encode()
    plain = ("unit_code", "region", "service_code", "visit_kind", "profession", "method", "source", "rights_class")
    row = {
        "claim_code": code,
        "case_id": case.id,
        **{name: given[name] for name in plain},
        "service_on": date.fromisoformat(given["service_on"]),
        "pid_index": keyring.index("pid", pid),
        "pid_sealed": keyring.seal(f"authentication.pid/{code}", pid.encode()),
        "pid_masked": masking.pid(pid),
        "age": -1 if given["age"] is None else given["age"],
        "details": keyring.seal(f"authentication.details/{code}", details),
        "evidence": given["evidence"],
        "reason": given["reason"],
        "illness": given["illness"],
        "state": "open",
        "review": given["review"],
        "opened_at": work.now,
        "opened_by": work.actor.id,
        "visit_number": "",
        "void_reason": "",
    }
    work.write(_OPEN, row)
    announce_authentication(work, OPENED, row)
    told = {name: given[name] for name in ("claim_code", "unit_code", "service_code", "method", "review")}
    return Event("authentication.opened", name=code, data=told)


@writes("authentication.close")
def close(work: Work, case: Any, given: Mapping[str, Any], values: dict[str, Any]) -> Event:
    """Amounts are in satang; an illness not said stays as it was. Raises Conflict if it is not open any more."""
    found = work.db.execute(work.lock(select(*_ROWS.c).where(_ROWS.c.claim_code == given["claim_code"]))).first()
    if found is None or found.state != "open":
        raise Conflict(_NOT_OPEN, claim_code=given["claim_code"])
    amounts = {name: given[name] for name in ("claimable", "not_claimable", "visit_number")}
    if given["illness"]:
        amounts["illness"] = given["illness"]
    closed = {"closed_at": datetime.fromisoformat(given["closed_at"]), "closed_by": work.actor.id, **amounts}
    same = _ROWS.c.claim_code == given["claim_code"], _ROWS.c.revision == found.revision
    stored = update(_ROWS).where(*same).values(state="closed", revision=found.revision + 1, **closed)
    work.write(stored, expect=1)
    announce_authentication(work, CLOSED, {**found._mapping, "state": "closed"})
    change = {
        "id": new_id(),
        "claim_code": given["claim_code"],
        "at": work.now,
        "actor": work.actor.id,
        "kind": "closed",
        "reason": "",
        "before": {"state": "open"},
        "after": {"state": "closed", "closed_at": given["closed_at"], **amounts},
    }
    work.write(insert(AuthenticationChange), change)
    return Event("authentication.closed", name=given["claim_code"], data={"claim_code": given["claim_code"]})


@writes("ladder.attempt")
def keep_attempt(work: Work, case: Any, given: Mapping[str, Any], values: dict[str, Any]) -> Event:
    """Evidence in the history of the case; nothing in it is personal."""
    return Event("ladder.attempted", name=given["method"], data=dict(given))


_MINE = {
    rows: update(table(rows)).where(
        table(rows).c.id == bindparam("of_row"),
        or_(table(rows).c.case_id.is_(None), table(rows).c.case_id == bindparam("of_case")),
    )
    for rows in (Reading, RightsAnswer)
}


def _binds(kind: str, rows: Any) -> None:
    """A change that ties a piece of evidence to the case; to one case only."""

    @writes(kind)
    def bind(work: Work, case: Any, given: Mapping[str, Any], values: dict[str, Any]) -> None:
        work.write(_MINE[rows], {"of_row": given["id"], "of_case": case.id, "case_id": case.id}, expect=1)


_binds("reading.bind", Reading)
_binds("rights.bind", RightsAnswer)
