"""A year of past requests for the larger demonstration, made by the very commands that make real ones, with a clock
that is put where each of them happened. Nothing is sent and nothing is left open."""

from __future__ import annotations

import io
import random
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pikepdf
from sqlalchemy import func, select

from app.demo import crowd
from app.wiring import Product, build
from workflows.actor import Actor
from workflows.clock import BANGKOK, FixedClock
from workflows.commands.complete_work_item import CompleteWorkItem
from workflows.commands.start_case import StartCase
from workflows.commands.store_document import StoreDocument
from workflows.commands.withdraw_case import WithdrawCase
from workflows.queries import actors, cases
from workflows.records import Account, Case, Membership, OutboxRow
from workflows.rules import citizen_id

_FIRST_SERIAL = 800_000
_ROLES = ("903", "904", "907", "909", "911")
_YEAR = timedelta(days=365)
_DONE_SINCE = timedelta(days=2)
"""How long ago the newest case was begun. All are decided by now."""
_DELAY = timedelta(days=35)
"""How late a region decides the few cases that miss their deadline."""
_DECIDING = {"unit_head", "supervisor", "region_check", "region_decide", "owner_decide"}
_MOST_STEPS = 12


_VISITOR = "visitor:demo-"


def made(product: Product) -> int:
    """How many past cases there are."""
    past = Case.requester.startswith(_VISITOR)
    with product.runtime.reading() as db:
        newest = db.execute(select(func.max(Case.requester)).where(past)).scalar()
    return int(newest.removeprefix(_VISITOR)) + 1 if newest else 0


class Past:
    """Makes ``count`` past cases, one by one, from the first that is not there. While one is made nobody else may look
    at the time of cases: they would take the deadlines of a year ago for overdue."""

    def __init__(self, installation: Product, count: int) -> None:
        settings = replace(installation.settings, mail=None, sms_url="")
        self.product = build(settings, clock=FixedClock(installation.runtime.clock.now()))
        self.runtime = self.product.runtime
        self.count, self.next = count, made(installation)
        self.deliverer = self.product.deliverer()
        self.now = self.runtime.clock.now()
        self.units = list(crowd.organisations())
        self.chance = random.Random(7)  # noqa: S311 - the same demonstration every time
        self.paper = _paper()
        self._actors: dict[str, Actor] = {}

    def one(self) -> bool:
        """Make the next case from its draft to its end, with what it sends; False when there are enough."""
        if self.next >= self.count:
            return False
        self._case(self.next, self._moment(self.next, self.count))
        self.deliverer.deliver()
        self.next += 1
        return True

    def close(self) -> None:
        """Let go of the database."""
        self.deliverer.stop()
        self.product.database.dispose()

    def _moment(self, number: int, count: int) -> datetime:
        """When a case was begun: office hours, evenly over the year that ended the day before yesterday."""
        day = (self.now - _DONE_SINCE - timedelta(days=1) - _YEAR + _YEAR * number / count).astimezone(BANGKOK)
        return day.replace(hour=8 + self.chance.randrange(8), minute=self.chance.randrange(60))

    def _case(self, number: int, at: datetime) -> None:
        unit, who = self.chance.choice(self.units), Actor(f"{_VISITOR}{number:012d}")
        self._at(at)
        case_id = self.runtime.execute(StartCase("access_request"), who).case_id
        self._answer(case_id, who, nda_accepted="yes")
        self._answer(case_id, who, **self._applicant(number, unit.code))
        self._answer(case_id, who, roles=self.chance.sample(_ROLES, self.chance.choice((1, 1, 2))))
        letter, card = ([self._upload(who, name)] for name in ("letter.pdf", "card.pdf"))
        self._answer(
            case_id, who, letter_number=f"ทด {number + 1}", evidence_kind="citizen_card", letter=letter, id_copy=card
        )
        self._answer(case_id, who, otp_code=self._code(case_id))
        fate = self.chance.random()
        if fate < 0.04:
            self._at(at + timedelta(hours=5))
            self.runtime.execute(WithdrawCase(case_id), who)
            return
        rejected_at = "region_decide" if fate < 0.14 else "owner_decide" if fate < 0.24 else ""
        longest = (self.now - at) / (_MOST_STEPS + 1)  # nothing of the past happens in the future
        late = fate > 0.96 and self.now - at > _DELAY + timedelta(days=30)
        for step in range(_MOST_STEPS):
            at += min(timedelta(hours=self.chance.choice((4, 20, 26, 48))), longest)
            self._at(at + _DELAY if late and step > 2 else at)
            if not self._decide(case_id, rejected_at):
                return

    def _decide(self, case_id: int, rejected_at: str) -> bool:
        """Let everybody whose turn it is act; whether anybody was."""
        with self.runtime.reading() as db:
            items = cases.open_items(db, case_id)
        for item in items:
            no = item["element_id"] == rejected_at and item is items[0]
            answers: dict[str, Any] = {"decision": "reject" if no else "approve"}
            if no:
                answers["comment"] = "เอกสารไม่ตรงกับบทบาทที่ขอ"
            if item["element_id"] not in _DECIDING:
                answers = {"confirm": True}
            self.runtime.execute(CompleteWorkItem(item["id"], answers), self._actor(item["groups"][0]))
        return bool(items)

    def _at(self, moment: datetime) -> None:
        self.runtime.clock.at = moment  # type: ignore[attr-defined]  # a FixedClock, see fill

    def _answer(self, case_id: int, who: Actor, **answers: Any) -> None:
        with self.runtime.reading() as db:
            (item,) = cases.open_items(db, case_id)
        self.runtime.execute(CompleteWorkItem(item["id"], answers), who)

    def _applicant(self, number: int, unit_code: str) -> dict[str, Any]:
        return {
            "request_kind": "new",
            "applicant_type": "unit",
            "pid": citizen_id.make("0", _FIRST_SERIAL + number),
            "title": self.chance.choice(crowd.TITLES),
            "first_name": self.chance.choice(crowd.FIRST_NAMES),
            "last_name": self.chance.choice(crowd.LAST_NAMES),
            "position": self.chance.choice(crowd.POSITIONS),
            "unit_code": unit_code,
            "mobile": f"0891{number:06d}",
            "email": f"past{number:05d}@example.org",
        }

    def _upload(self, who: Actor, name: str) -> dict[str, Any]:
        kept = self.product.documents.put(name, self.paper)
        command = StoreDocument(kept.id, kept.file_name, kept.content_type, kept.size, kept.sha256)
        self.runtime.execute(command, who)
        return {
            "camunda.document.type": "camunda",
            "storeId": "in-house",
            "documentId": kept.id,
            "contentHash": kept.sha256,
            "metadata": {"fileName": kept.file_name, "contentType": kept.content_type, "size": kept.size},
        }

    def _code(self, case_id: int) -> str:
        """The one-time code, from the message that nobody delivered yet."""
        sms = select(OutboxRow.id, OutboxRow.payload).where(OutboxRow.case_id == case_id, OutboxRow.kind == "sms")
        with self.runtime.reading() as db:
            row = db.execute(sms.order_by(OutboxRow.id.desc())).first()
        assert row is not None
        text: str = msgspec.json.decode(self.product.keyring.unseal(f"outbox/{row.id}", row.payload))["text"]
        return next(word for word in text.split() if word.isdigit() and len(word) == 6)

    def _actor(self, group: str) -> Actor:
        """Somebody of a group."""
        if group not in self._actors:
            role, _, scope = group.partition(":")
            wanted = Membership.role == role, Membership.scope == scope, Account.status == "active"
            member = select(Account.id).join(Membership, Membership.account_id == Account.id).where(*wanted)
            with self.runtime.reading() as db:
                account = db.execute(member.order_by(Account.username.desc()).limit(1)).scalar_one()
                found = actors.actor_of(db, account)
            assert found is not None
            self._actors[group] = found
        return self._actors[group]


def _paper() -> bytes:
    """A small PDF."""
    written, pdf = io.BytesIO(), pikepdf.new()
    pdf.add_blank_page()
    pdf.save(written)
    return written.getvalue()
