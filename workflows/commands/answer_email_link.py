"""Bring the answer from a mailbox to the case that asked whether its address may change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select, update

from workflows.actions import Action
from workflows.advance import advance
from workflows.chain import Event
from workflows.errors import Conflict, NotAllowed, Text
from workflows.records import OneTimeLink
from workflows.work import Work


@dataclass(frozen=True, slots=True)
class AnswerEmailLink:
    """Use the link up and tell its case yes or no. Gives whether the other address has still to answer, so that nobody
    takes a first yes for the change itself. Raises NotAllowed for a used or expired link, Conflict when the
    case no longer waits."""

    link_hash: str
    answer: Literal["yes", "no"]

    def run(self, work: Work) -> bool:
        statement = select(*OneTimeLink.__table__.c).where(
            OneTimeLink.token_hash == self.link_hash,
            OneTimeLink.purpose.in_(("email_old", "email_new")),
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > work.now,
        )
        link = work.db.execute(work.lock(statement)).first()
        if link is None or link.case_id is None:
            raise NotAllowed(
                Text(
                    "ลิงก์นี้ใช้แล้วหรือหมดอายุ ติดตามคำขอด้วยเลขเรื่องในอีเมล",
                    "This link has been used or has expired; follow the request by the number in the mail",
                )
            )
        use = update(OneTimeLink).where(OneTimeLink.token_hash == self.link_hash, OneTimeLink.used_at.is_(None))
        work.write(use.values(used_at=work.now), expect=1)
        case = work.case(link.case_id)
        name = f"{link.purpose}_answer"
        action = Action("deliver", name=name, key=str(case.id), variables={"answer": self.answer})
        told = Event("message.received", data={"name": name, "answer": self.answer})
        other = select(OneTimeLink.token_hash).where(
            OneTimeLink.case_id == case.id,
            OneTimeLink.purpose.in_({"email_old", "email_new"} - {link.purpose}),
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > work.now,
        )
        awaited = self.answer == "yes" and work.db.execute(other).first() is not None
        if case.revision == 0 or not advance(work, case, [action], [told]).correlated:
            raise Conflict(Text("คำขอนี้สิ้นสุดแล้ว ไม่ต้องยืนยันอีก", "The request has ended; nothing is left to confirm"))
        return awaited
