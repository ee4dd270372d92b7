"""Claim a work item, give it to somebody, or put it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from workflows.actor import PROCESS_OWNERS
from workflows.chain import Event
from workflows.errors import Conflict, NotAllowed, Text
from workflows.projection import inbox_rows
from workflows.records import Account, Case, InboxRow, Membership, WorkItem
from workflows.work import Work
from workflows.work_rights import gone, may_act


@dataclass(frozen=True, slots=True)
class AssignWorkItem:
    """Make ``assignee`` (default: the actor) the one who does the item; ``None`` via ``release`` puts it back.

    Only somebody the item is offered to may do this, and only somebody it is offered to may get it; a process owner may
    give what the diagram offers to nobody to anybody. Raises Conflict when another person has it and ``override`` is
    false.
    """

    work_item_id: int
    assignee: str | None = None
    release: bool = False
    override: bool = False

    def run(self, work: Work) -> None:
        case_first = select(*WorkItem.__table__.c).select_from(Case).join(WorkItem, WorkItem.case_id == Case.id)
        statement = case_first.where(WorkItem.id == self.work_item_id)  # locked in the order in which everybody locks
        item = work.db.execute(work.lock(statement)).first()
        if item is None or item.held:
            raise gone(work.db, self.work_item_id)
        wanted = None if self.release else self.assignee or work.actor.id
        self._check(work, item, wanted)
        if wanted == item.assignee:
            return
        swap = update(WorkItem).where(WorkItem.id == item.id, WorkItem.assignee.is_not_distinct_from(item.assignee))
        work.write(swap.values(assignee=wanted), expect=1)
        work.write(delete(InboxRow).where(InboxRow.work_item_id == item.id))
        rows = inbox_rows({**item._mapping, "assignee": wanted}, item.case_id)
        if rows:
            work.write(insert(InboxRow), rows)
        kind = "item.released" if wanted is None else "item.assigned"
        work.append(
            item.case_id, Event(kind, item.element_id, item.name, item.id, {"assignee": wanted} if wanted else {})
        )

    def _check(self, work: Work, item: Row[Any], wanted: str | None) -> None:
        offered = may_act(work.actor, None, item.users, item.groups)
        has_it = item.assignee == work.actor.id
        if not offered and not has_it:
            raise NotAllowed(work_item=item.id)
        if wanted is None and not item.users and not item.groups and not work.actor.roles & set(PROCESS_OWNERS):
            raise NotAllowed(
                Text("งานนี้มอบให้ท่านโดยตรง จึงคืนเข้าคิวไม่ได้", "This item is yours alone and cannot be put back"),
                work_item=item.id,
            )
        if item.assignee and not has_it and not self.override:
            raise Conflict(
                Text(f"งานนี้มีผู้รับไปแล้ว: {item.assignee}", f"This item has already been taken by {item.assignee}"),
                work_item=item.id,
                who=item.assignee,
            )
        if wanted is not None and wanted != work.actor.id and not self._may_get(work, item, wanted):
            raise NotAllowed(
                Text(
                    f"มอบงานนี้ให้ {wanted} ไม่ได้ เพราะไม่มีบัญชีที่ใช้งานอยู่หรือไม่อยู่ในกลุ่มที่รับงานนี้",
                    f"This item cannot be given to {wanted}: no active account, or not one the item is offered to",
                ),
                work_item=item.id,
            )

    def _may_get(self, work: Work, item: Row[Any], username: str) -> bool:
        rows = work.db.execute(
            select(Account.username, Membership.role, Membership.scope)
            .outerjoin(Membership, Membership.account_id == Account.id)
            .where(Account.username == username, Account.status == "active")
        ).all()
        if not rows:
            return False
        if not item.users and not item.groups:
            return bool(work.actor.roles & set(PROCESS_OWNERS))
        held = {f"{row.role}:{row.scope}" if row.scope else row.role for row in rows if row.role}
        return username in item.users or not held.isdisjoint(item.groups)
