"""Take a campaign back."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import update

from workflows.actor import PROCESS_OWNERS
from workflows.chain import Event
from workflows.errors import Conflict, NotAllowed, NotFound, Text
from workflows.records import Campaign
from workflows.work import Work


@dataclass(frozen=True, slots=True)
class WithdrawCampaign:
    """The campaign no longer opens or closes its process; cases started in it keep their due dates.

    For process owners and administrators. Raises NotAllowed, NotFound, Conflict if it is withdrawn already.
    """

    campaign_id: int

    def run(self, work: Work) -> None:
        if not work.actor.roles & set(PROCESS_OWNERS):
            raise NotAllowed()
        wanted = Campaign.__table__.select().where(Campaign.id == self.campaign_id)
        row = work.db.execute(work.lock(wanted)).first()
        if row is None:
            raise NotFound(campaign=self.campaign_id)
        if row.withdrawn_at is not None:
            raise Conflict(Text("รอบนี้ยกเลิกไปแล้ว", "This campaign has already been withdrawn"))
        standing = update(Campaign).where(Campaign.id == self.campaign_id, Campaign.withdrawn_at.is_(None))
        work.write(standing.values(withdrawn_at=work.now, updated_at=work.now, updated_by=work.actor.id), expect=1)
        work.record(self.campaign_id, Event("campaign.withdrawn", name=row.name))
