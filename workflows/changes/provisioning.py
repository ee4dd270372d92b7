"""What the target systems have to follow: a message, or a line of the next file, left with the change itself.

A message says only whose access at which system changed. Whoever delivers it brings the target to what the register
says by then; so messages may come twice, late and in any order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import delete, insert, select

from workflows.chain import Event
from workflows.changes.registry import writes
from workflows.outgoing import write_messages
from workflows.ports import Message
from workflows.records import AcceptedDifference, Account, Grant, Provisioning, ProvisioningTarget, new_id
from workflows.work import Work

MANUAL, CSV, SCIM = "manual", "csv", "scim"


class Step(NamedTuple):
    """One change of one account's access to one system: grant, revoke, suspend, resume."""

    system_code: str
    username: str
    action: str
    role_code: str | None = None
    grant_id: int | None = None


def follow(work: Work, steps: Iterable[Step], case_id: int | None) -> None:
    """Queue what the targets have to follow. Systems that are served by hand get nothing here."""
    rows, messages = [], []
    for step in steps:
        kind = _kinds(work).get(step.system_code, MANUAL)
        if kind == MANUAL:
            continue
        id_ = new_id()
        key = f"provision/{id_}" if kind == SCIM else None
        rows.append({"id": id_, **step._asdict(), "at": work.now, "key": key})
        if key is not None:
            payload = {"system": step.system_code, "username": step.username, "action": step.action}
            payload["role"] = step.role_code or ""
            messages.append(Message(f"provision.{step.action}", payload, key=key))
    if rows:
        work.write(insert(Provisioning), rows)
        write_messages(work, messages, case_id)


def follow_accounts(work: Work, account_ids: Sequence[int], action: str, case_id: int | None = None) -> None:
    """The targets follow what happened to whole accounts: ``suspend`` or ``resume``, once for each of their systems."""
    held = (
        select(Grant.system_code, Account.username)
        .join(Account, Account.id == Grant.account_id)
        .where(Grant.account_id.in_(account_ids), Grant.revoked_at.is_(None))
        .distinct()
    )
    follow(work, [Step(system, username, action) for system, username in work.db.execute(held)], case_id)


@writes("provision.again")
def bring_again(work: Work, case: Any, given: Mapping[str, Any], values: dict[str, Any]) -> Event:
    """Bring an account's access at a system to what the register says once more; also one that we do not know."""
    step = Step(given["system_code"], given["username"], given["action"], given["role_code"])
    follow(work, [step], case.id)
    return Event("provision.again", data={"system": step.system_code, "role": step.role_code, "action": step.action})


@writes("difference.accept")
def accept_difference(work: Work, case: Any, given: Mapping[str, Any], values: dict[str, Any]) -> Event:
    """Remember that the owner of a system accepts a difference, so that it is not brought up again."""
    place = {name: given[name] for name in ("system_code", "username", "role_code")}
    known = [getattr(AcceptedDifference, name) == value for name, value in place.items()]
    work.write(delete(AcceptedDifference).where(*known))
    row = {**place, "side": given["side"], "reason": given["reason"], "accepted_by": work.on_behalf_of, "at": work.now}
    work.write(insert(AcceptedDifference), row)
    data = {"system": row["system_code"], "role": row["role_code"], "side": row["side"]}
    return Event("difference.accepted", data=data, private={"comment": row["reason"]})


def _kinds(work: Work) -> Mapping[str, str]:
    """Which adapter serves which system; read once in a unit of work."""
    if work.adapters is None:
        rows = work.db.execute(select(ProvisioningTarget.system_code, ProvisioningTarget.kind))
        work.adapters = {row.system_code: row.kind for row in rows}
    return work.adapters
