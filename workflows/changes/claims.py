"""Corrections, voids and reviews of claim codes: the row, and what it was before, in one transaction.

Every writer names the revision it has seen; where somebody was faster the whole step begins again and sees that.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert, select, update

from workflows.announcing import announce_authentication
from workflows.chain import Event
from workflows.changes.quotas import give_back_of_code
from workflows.changes.registry import writes
from workflows.records import Authentication, AuthenticationChange, new_id, table
from workflows.rules.webhooks import REVIEWED, VOIDED
from workflows.work import Work

_ROWS = table(Authentication)
_KINDS = {
    "opened": "review_opened",
    "appealed": "appealed",
    "unanswered": "appeal_missed",
    "confirmed": "review_confirmed",
    "voided": "review_voided",
}

_ENDED: Mapping[str, tuple[str, str, Mapping[str, None]]] = {
    "smartcard_review": ("review_ended", "review_case", {"review_case": None, "review_stage": None}),
    "authentication_void": ("void_ended", "void_case", {"void_case": None}),
}
"""Of the processes about a claim code: what its history says when one is ended from outside, and what it waits no more
for."""
_TOLD = {"voided": (VOIDED,), "review_confirmed": (REVIEWED,), "review_voided": (REVIEWED, VOIDED)}
"""Lines of the history that are events for the systems of the unit."""


@writes("authentication.review")
def review(work: Work, case: Any, given: Mapping[str, Any], values: dict[str, Any]) -> Event:
    """``verdict``: opened, appealed, unanswered, confirmed or voided."""
    verdict = given["verdict"]
    stored: dict[str, Any] = {"review_case": case.id}
    if verdict == "opened":
        stored["review_stage"] = "appeal"
        values |= _about(work, given["claim_code"])
    elif verdict in ("appealed", "unanswered"):
        stored["review_stage"] = "reviewing"
    else:
        stored |= {"review": verdict, "review_stage": None}
        if verdict == "voided":
            stored |= _void(work, given)
    record(work, given, _KINDS[verdict], given.get("reason", ""), stored)
    return Event(f"authentication.{_KINDS[verdict]}", name=given["claim_code"])


@writes("authentication.ask_void")
def ask_void(work: Work, case: Any, given: Mapping[str, Any], values: dict[str, Any]) -> Event:
    values |= _about(work, given["claim_code"])
    record(work, given, "void_asked", given["reason"], {"void_case": case.id})
    return Event("authentication.void_asked", name=given["claim_code"])


@writes("authentication.keep")
def keep(work: Work, case: Any, given: Mapping[str, Any], values: dict[str, Any]) -> Event:
    record(work, given, "void_refused", given["reason"], {"void_case": None})
    return Event("authentication.void_refused", name=given["claim_code"])


@writes("authentication.void")
def void(work: Work, case: Any, given: Mapping[str, Any], values: dict[str, Any]) -> Event:
    values |= _about(work, given["claim_code"])
    record(work, given, "voided", given["reason"], _void(work, given))
    return Event("authentication.voided", name=given["claim_code"], data={"claim_code": given["claim_code"]})


def left(work: Work, case: Any) -> None:
    """Queue that a claim code no longer waits for a review or a void that an administrator ends: another may begin."""
    ended = _ENDED.get(case.process_id)
    if ended is None or case.pid_index is None:
        return
    kind, column, stored = ended
    mine = _ROWS.c.pid_index == case.pid_index, _ROWS.c[column] == case.id  # the person is indexed, the case is not
    waiting = select(_ROWS.c.claim_code, _ROWS.c.revision).where(*mine, _ROWS.c.state != "void")
    if kind == "review_ended":
        waiting = waiting.where(_ROWS.c.review == "awaiting")
    for row in work.db.execute(work.lock(waiting)).mappings().all():
        record(work, dict(row), kind, "", stored)


def record(
    work: Work,
    given: Mapping[str, Any],
    kind: str,
    reason: str,
    stored: Mapping[str, Any],
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Queue new values of the claim ``given`` names at its ``revision``, and the line of its history. What changes is
    read from the row unless ``before`` and ``after`` say it (sealed columns)."""
    code, revision = given["claim_code"], given["revision"]
    if before is None:
        columns = [_ROWS.c[name] for name in stored]
        row = work.db.execute(select(*columns).where(_ROWS.c.claim_code == code)).mappings().one()
        before, after = {name: _json(row[name]) for name in stored}, {name: _json(stored[name]) for name in stored}
    same = _ROWS.c.claim_code == code, _ROWS.c.revision == revision
    work.write(update(_ROWS).where(*same).values(**stored, revision=revision + 1), expect=1)
    line = {
        "id": new_id(),
        "claim_code": code,
        "at": work.now,
        "actor": work.actor.id,
        "kind": kind,
        "reason": reason,
        "before": dict(before),
        "after": dict(after or {}),
    }
    work.write(insert(AuthenticationChange), line)
    _announce(work, code, kind, stored)


def _announce(work: Work, code: str, kind: str, stored: Mapping[str, Any]) -> None:
    """Tell the unit's own systems what of it concerns them."""
    events = _TOLD.get(kind, ())
    if events:
        row = work.db.execute(select(*_ROWS.c).where(_ROWS.c.claim_code == code)).mappings().one()
        for event in events:
            announce_authentication(work, event, {**row, **stored})


def _void(work: Work, given: Mapping[str, Any]) -> dict[str, Any]:
    give_back_of_code(work, given["claim_code"])
    return {
        "state": "void",
        "voided_at": work.now,
        "voided_by": work.actor.id,
        "void_reason": given["reason"],
        "void_case": None,
        "review_stage": None,
    }


def _about(work: Work, code: str) -> dict[str, Any]:
    """Columns of the case: whom it is about, so that nobody decides about themselves."""
    found = select(Authentication.pid_index, Authentication.pid_masked).where(Authentication.claim_code == code)
    row = work.db.execute(found).one()
    return {"pid_index": bytes(row.pid_index), "pid_masked": row.pid_masked}


def _json(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
