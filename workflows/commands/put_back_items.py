"""Give the work that somebody had taken back to everybody it is offered to."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update

from workflows.chain import Event
from workflows.errors import NotAllowed
from workflows.projection import inbox_rows
from workflows.records import Case, InboxRow, WorkItem
from workflows.work import Work


@dataclass(frozen=True, slots=True)
class PutBackItems:
    """Release every open item that ``username`` had taken; what the diagram gave to them alone stays. For the system
    itself, after their account ended. Gives how many were released."""

    username: str

    def run(self, work: Work) -> int:
        if not work.actor.is_system:
            raise NotAllowed()
        taken = select(*WorkItem.__table__.c).select_from(Case).join(WorkItem, WorkItem.case_id == Case.id)
        mine = taken.where(WorkItem.assignee == self.username, ~WorkItem.held).order_by(Case.id, WorkItem.id)
        items = [row for row in work.db.execute(work.lock(mine)).all() if row.groups or row.users]
        for item in items:
            swap = update(WorkItem).where(WorkItem.id == item.id, WorkItem.assignee == self.username)
            work.write(swap.values(assignee=None), expect=1)
            work.write(delete(InboxRow).where(InboxRow.work_item_id == item.id))
            rows = inbox_rows({**item._mapping, "assignee": None}, item.case_id)
            if rows:
                work.write(insert(InboxRow), rows)
            work.append(item.case_id, Event("item.released", item.element_id, item.name, item.id))
        return len(items)
