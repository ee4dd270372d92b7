"""Announce a campaign, or change one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from workflows import campaigns
from workflows.actor import PROCESS_OWNERS
from workflows.chain import Event
from workflows.deadlines import end_of_day
from workflows.errors import InvalidAnswers, NotAllowed, NotFound
from workflows.records import NO_DUE_DATE, Campaign, Case, InboxRow, WorkItem, new_id, table
from workflows.rules.campaign_window import LEVELS, problems
from workflows.work import Work

_ITEMS, _INBOX = table(WorkItem), table(InboxRow)
_MOVE = update(_ITEMS).where(_ITEMS.c.id == bindparam("of_item")).values(due_at=bindparam("due"))
_MOVE_ROWS = update(_INBOX).where(_INBOX.c.work_item_id == bindparam("of_item")).values(due_at=bindparam("due_by"))


@dataclass(frozen=True, slots=True)
class SaveCampaign:
    """A new campaign, or the one with this ``campaign_id`` changed: then the open work of its cases is due anew.

    For process owners and administrators. Raises NotAllowed, NotFound, InvalidAnswers for days that do not fit.
    """

    name: str
    process_id: str
    opens_on: date
    closes_on: date
    units_by: date | None = None
    supervisors_by: date | None = None
    message: str = ""
    campaign_id: int | None = None

    def run(self, work: Work) -> int:
        """Gives the id of the campaign."""
        if not work.actor.roles & set(PROCESS_OWNERS):
            raise NotAllowed()
        wrong = problems(self.opens_on, self.closes_on, self.units_by, self.supervisors_by)
        if wrong:
            raise InvalidAnswers(wrong)
        work.services.definitions.latest_process(self.process_id)
        values: dict[str, Any] = {
            name: getattr(self, name)
            for name in ("name", "process_id", "opens_on", "closes_on", "units_by", "supervisors_by", "message")
        }
        told = {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
        values |= {"updated_at": work.now, "updated_by": work.actor.id}
        if self.campaign_id is None:
            id_ = new_id()
            work.write(insert(Campaign), {"id": id_, "withdrawn_at": None, **values})
        else:
            id_ = self.campaign_id
            if campaigns.by_id(work.db, id_) is None:
                raise NotFound(campaign=id_)
            work.write(update(Campaign).where(Campaign.id == id_).values(**values), expect=1)
            self._move_due(work, id_)
        work.record(id_, Event("campaign.saved", name=self.name, data=told))
        return id_

    def _move_due(self, work: Work, campaign_id: int) -> None:
        rows = work.db.execute(
            select(WorkItem.id, WorkItem.headers)
            .join(Case, Case.id == WorkItem.case_id)
            .where(Case.campaign_id == campaign_id)
        )
        moved = [
            {"of_item": row.id, "due": due, "due_by": due or NO_DUE_DATE}
            for row in rows
            if (level := LEVELS.get(row.headers.get("level", "")))
            and (due := end_of_day(getattr(self, level) or self.closes_on))
        ]
        if moved:
            work.write(_MOVE, [{"of_item": row["of_item"], "due": row["due"]} for row in moved])
            work.write(_MOVE_ROWS, [{"of_item": row["of_item"], "due_by": row["due_by"]} for row in moved])
