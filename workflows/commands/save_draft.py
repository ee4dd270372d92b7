"""Keep what a person has typed so far."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select

from workflows.errors import NotAllowed
from workflows.records import Draft, WorkItem
from workflows.work import Work
from workflows.work_rights import gone, may_act


@dataclass(frozen=True, slots=True)
class SaveDraft:
    """Replace the actor's draft answers of a work item;

    they are not validated and go away when the item is completed.
    """

    work_item_id: int
    answers: dict[str, Any]

    def run(self, work: Work) -> None:
        item = work.db.execute(select(*WorkItem.__table__.c).where(WorkItem.id == self.work_item_id)).first()
        if item is None:
            raise gone(work.db, self.work_item_id)
        if not may_act(work.actor, item.assignee, item.users, item.groups):
            raise NotAllowed(work_item=self.work_item_id)
        mine = (Draft.work_item_id == self.work_item_id, Draft.actor == work.actor.id)
        clear = json.dumps(self.answers, ensure_ascii=False).encode()
        place = f"draft/{self.work_item_id}/{work.actor.id}"
        work.write(delete(Draft).where(*mine))
        work.write(
            insert(Draft),
            {
                "work_item_id": self.work_item_id,
                "actor": work.actor.id,
                "answers": work.services.keyring.seal(place, clear),
                "saved_at": work.now,
            },
        )
