"""Forget calls that will not come again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete

from workflows.clock import real_now
from workflows.records import IdempotentCall
from workflows.work import Work

KEPT = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class ForgetCalls:
    """Keys of calls are free again after two days (real time)."""

    def run(self, work: Work) -> None:
        work.write(delete(IdempotentCall).where(IdempotentCall.made_at < real_now() - KEPT))
