"""Start the yearly review, one case for each unit, a page of units at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from workflows.clock import real_now
from workflows.errors import NotAllowed
from workflows.operators.other_cases import start_of_case
from workflows.outgoing import write_messages
from workflows.records import Grant, Organisation
from workflows.work import Work

PROCESS = "account_review"
APART = timedelta(seconds=2)
"""How far apart the cases of two units begin, so that 13,000 units do not fall upon everybody at once."""


@dataclass(frozen=True, slots=True)
class StartReviews:
    """Leave the start of a case for up to ``size`` units that follow the code ``after`` and in whose name somebody
    holds a role. A second start for the same unit and year starts nothing. For the system itself.

    Gives the code of the last unit, None when no unit follows, and how many there were so far (``count`` before).
    """

    year: int
    after: str = ""
    count: int = 0
    size: int = 200

    def run(self, work: Work) -> tuple[str | None, int]:
        if not work.actor.is_system:
            raise NotAllowed()
        holds = select(Grant.id).where(Grant.unit_code == Organisation.code, Grant.revoked_at.is_(None)).exists()
        page = select(Organisation.code).where(Organisation.code > self.after, holds)
        codes = list(work.db.execute(page.order_by(Organisation.code).limit(self.size)).scalars())
        first = real_now()  # what they spare is real: a clock that is pinned keeps no unit waiting
        messages = []
        for number, code in enumerate(codes, self.count):
            variables = {"unit_code": code, "year": self.year}
            start = start_of_case(PROCESS, variables, key=f"{PROCESS}/{code}/{self.year}", at=first + number * APART)
            messages.append(start)
        write_messages(work, messages, None)
        return (codes[-1] if len(codes) == self.size else None), self.count + len(codes)
