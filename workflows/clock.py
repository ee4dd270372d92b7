"""The one clock of the product: UTC inside, Asia/Bangkok outside, pinnable for demonstrations and tests.

Everything that decides something about a case asks this clock. Sign-in sessions and leases use real time: a pinned
clock must neither sign people out nor hand one job to two workers.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

BANGKOK = ZoneInfo("Asia/Bangkok")


class Clock(Protocol):
    """Tells the product's time, always as an aware UTC datetime."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands still until it is set: for tests and benchmarks."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


def real_now() -> datetime:
    """Real time in UTC, for sessions, leases and heartbeats only."""
    return datetime.now(UTC)


def bangkok_date(instant: datetime) -> date:
    """The calendar day in Bangkok on which an instant falls."""
    return instant.astimezone(BANGKOK).date()
