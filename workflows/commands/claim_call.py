"""Begin a call that may come twice, or find what it was answered before."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import insert, select, update

from workflows.clock import real_now
from workflows.errors import Conflict, Text
from workflows.records import IdempotentCall
from workflows.work import Work

LEASE = timedelta(seconds=30)
"""How long (real time) a call is taken to be under way; a worker that died leaves it to the next try."""
_OTHER_BODY = Text(
    "Idempotency-Key นี้ใช้กับคำขออื่นแล้ว ใช้ค่าใหม่สำหรับคำขอใหม่",
    "This Idempotency-Key was used for another request; use a new one for a new request",
)
_UNDER_WAY = Text("คำขอนี้กำลังทำอยู่ ลองใหม่อีกครู่หนึ่ง", "This very request is under way; try again in a moment")


class Claimed(NamedTuple):
    """``answer`` of an earlier call, or None; ``attempt`` names what is begun under the key until it is freed."""

    answer: dict[str, Any] | None
    attempt: str


@dataclass(frozen=True, slots=True)
class ClaimCall:
    """Gives the earlier answer of the call with this key, or none: then it is the caller's to do, as the same attempt
    that a worker which died had begun.

    ``key`` and ``request`` are keyed digests. Raises Conflict when the key was used for another request, or when the
    same is under way.
    """

    key: str
    request: str

    def run(self, work: Work) -> Claimed:
        this = IdempotentCall.key == self.key
        row = work.db.execute(work.lock(select(*IdempotentCall.__table__.c).where(this))).first()
        now = real_now()
        if row is None:
            times = {"made_at": now, "lease_until": now + LEASE}
            work.write(insert(IdempotentCall), {"key": self.key, "request": self.request, **times, "answer": None})
            return Claimed(None, _attempt(now))
        if row.request != self.request:
            raise Conflict(_OTHER_BODY)
        if row.answer is not None:
            clear = work.services.keyring.unseal(f"call/{self.key}", bytes(row.answer))
            return Claimed(json.loads(clear), _attempt(row.made_at))
        if row.lease_until > now:
            raise Conflict(_UNDER_WAY, retry_after=2)
        same = update(IdempotentCall).where(this, IdempotentCall.lease_until == row.lease_until)
        work.write(same.values(lease_until=now + LEASE), expect=1)
        return Claimed(None, _attempt(row.made_at))


def _attempt(made_at: datetime) -> str:
    return str(int(made_at.timestamp() * 1_000_000))
