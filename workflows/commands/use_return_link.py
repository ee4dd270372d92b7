"""Bring a requester without an account back to their returned request."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update

from workflows.chain import Event
from workflows.errors import NotAllowed, Text
from workflows.records import Case, OneTimeLink
from workflows.work import Work


@dataclass(frozen=True, slots=True)
class UseReturnLink:
    """Use up the one-time link after the one-time code was right.

    Gives (case id, requester id the browser now acts as).
    """

    link_hash: str

    def run(self, work: Work) -> tuple[int, str]:
        statement = select(*OneTimeLink.__table__.c).where(OneTimeLink.token_hash == self.link_hash)
        link = work.db.execute(work.lock(statement)).first()
        if link is None or link.case_id is None or link.used_at is not None or link.expires_at <= work.now:
            raise NotAllowed(
                Text(
                    "ลิงก์นี้ใช้แล้วหรือหมดอายุ กรุณาติดต่อ สปสช. เขต ตามเลขที่คำขอ",
                    "This link has been used or has expired; contact the region with your case number",
                )
            )
        use = update(OneTimeLink).where(OneTimeLink.token_hash == self.link_hash, OneTimeLink.used_at.is_(None))
        work.write(use.values(used_at=work.now), expect=1)
        work.append(link.case_id, Event("requester.returned"))
        requester = work.db.execute(select(Case.requester).where(Case.id == link.case_id)).scalar_one()
        return int(link.case_id), str(requester)
