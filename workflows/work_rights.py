"""Who may act on a work item, and what to say to somebody who comes too late."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from workflows.actor import PROGRAM, Actor
from workflows.errors import AlreadyDone, Conflict, NotFound, SitthiError, Text
from workflows.projection import candidate_groups
from workflows.records import Account, HistoryRow


def may_act(actor: Actor, assignee: str | None, users: Sequence[str], groups: Sequence[str]) -> bool:
    """Whether a work item is offered to this actor: to the assignee alone, else to all candidates."""
    if assignee:
        return assignee == actor.id
    return actor.id in users or not actor.groups.isdisjoint(candidate_groups(users, groups))


_ENDS = ("item.completed", "item.cancelled", "incident.raised")


def gone(db: Connection, work_item_id: int) -> SitthiError:
    """The error for a work item that is no longer open: AlreadyDone with who and what, Conflict when it ended without
    an answer, or NotFound."""
    row = db.execute(
        select(*HistoryRow.__table__.c)
        .where(HistoryRow.work_item_id == work_item_id, HistoryRow.kind.in_(_ENDS))
        .order_by(HistoryRow.seq.desc())
        .limit(1)
    ).first()
    if row is None:
        return NotFound(work_item=work_item_id)
    if row.kind == "item.cancelled":
        return Conflict(
            Text(
                f"งาน “{row.name}” ไม่ต้องทำแล้ว เพราะเรื่องเดินต่อหรือสิ้นสุดไปก่อน",
                f"“{row.name}” is no longer needed: the case has moved on or ended",
            ),
            work_item=work_item_id,
            case=row.subject_id,
            at=row.at,
        )
    who = _name(db, row.data.get("by") or row.actor)
    return AlreadyDone(
        Text(
            f"งาน “{row.name}” มีผู้ดำเนินการแล้ว: {who}" if row.name else f"งานนี้มีผู้ดำเนินการแล้ว: {who}",
            f"“{row.name}” has already been done by {who}",
        ),
        work_item=work_item_id,
        case=row.subject_id,
        who=who,
        at=row.at,
        decision=row.data.get("decision", ""),
    )


def _name(db: Connection, actor: str) -> str:
    """Who acted, for people; the id of a visitor is nobody's business."""
    person = db.execute(select(Account.first_name, Account.last_name).where(Account.username == actor)).first()
    if person is not None:
        return f"{person.first_name} {person.last_name}"
    if actor.startswith(PROGRAM):
        return "ระบบของหน่วยบริการ"
    return "ผู้ขอ" if actor.startswith("visitor:") else "ระบบ" if actor.startswith("system:") else actor
