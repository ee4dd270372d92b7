"""One page of the nightly sweep: warn who is about to be suspended, suspend who was not used for too long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import exists, insert, literal_column, select, tuple_, update

from workflows.chain import Event
from workflows.changes.provisioning import follow_accounts
from workflows.clock import bangkok_date, real_now
from workflows.errors import NotAllowed
from workflows.operators.notices import fill
from workflows.ports import Message
from workflows.projection import write_messages
from workflows.records import Account, ApiToken, DormancyMark, Membership, Session
from workflows.rules import thai_dates
from workflows.rules.dormancy import STEPS, SUSPEND, latest_use, step_due, suspension_day
from workflows.work import Work

Key = tuple[datetime | None, int]
"""Last use and id of an account: what the pages are ordered by. Those never used come first."""
_THE_USED: Key = (datetime(1970, 1, 1, tzinfo=UTC), 0)

REASON = "dormant"
"""Why a suspended account is suspended, as ``Account.status_reason`` says it."""

_IDLE_SINCE = Account.idle_since()
_COLUMNS = (
    Account.id,
    Account.username,
    Account.title,
    Account.first_name,
    Account.last_name,
    Account.email,
    _IDLE_SINCE.label("last_used"),
)
_SWEPT = (literal_column("status") == literal_column("'active'"), literal_column("realm") == literal_column("'DC'"))
"""Written out, so that the databases see that the partial index covers it."""
_NO_ADMINISTRATOR = ~exists().where(Membership.account_id == Account.id, Membership.role == "admin")
"""Somebody must be left who can let the others in again."""


class Swept(NamedTuple):
    """What one page did, and where the next one begins; None after the last."""

    warned: int
    suspended: int
    next: Key | None


@dataclass(frozen=True, slots=True)
class SweepAccounts:
    """Take every step that is due for up to ``size`` accounts after the key ``after``, the longest unused first.

    A step is marked with the account and the last use it follows from; whoever was faster has marked it already, and
    the runtime starts this page again. For the system itself.
    """

    after: Key | None = None
    size: int = 250

    def run(self, work: Work) -> Swept:
        if not work.actor.is_system:
            raise NotAllowed()
        today = bangkok_date(work.now)
        used, id_ = self.after or (None, 0)
        statement = select(*_COLUMNS).where(*_SWEPT, latest_use(today, max(STEPS)) > _IDLE_SINCE, _NO_ADMINISTRATOR)
        if used is None:
            statement = statement.where(Account.last_used_at.is_(None), Account.id > id_).order_by(Account.id)
        else:
            far_enough = latest_use(today, max(STEPS)) > Account.last_used_at
            statement = statement.where(far_enough, tuple_(Account.last_used_at, Account.id) > (used, id_))
            statement = statement.order_by(Account.last_used_at, Account.id)
        page = work.db.execute(work.lock(statement.limit(self.size))).all()
        done = self._marked(work, page)
        due = [(row, step_due(bangkok_date(row.last_used), today)) for row in page]
        steps = [(row, step) for row, step in due if step is not None and (row.id, row.last_used, step) not in done]
        if steps:
            self._take(work, steps)
        suspended = sum(step == SUSPEND for _, step in steps)
        next_: Key | None = _THE_USED if used is None else None
        if len(page) == self.size:
            next_ = (None if used is None else page[-1].last_used, page[-1].id)
        return Swept(len(steps) - suspended, suspended, next_)

    def _marked(self, work: Work, page: Sequence[Any]) -> set[tuple[Any, ...]]:
        columns = DormancyMark.account_id, DormancyMark.last_used, DormancyMark.step
        marks = select(*columns).where(DormancyMark.account_id.in_([row.id for row in page]))
        return {tuple(mark) for mark in work.db.execute(marks)} if page else set()

    def _take(self, work: Work, steps: Sequence[tuple[Any, int]]) -> None:
        marks = [{"account_id": r.id, "last_used": r.last_used, "step": step, "at": work.now} for r, step in steps]
        work.write(insert(DormancyMark), marks)
        out = [row.id for row, step in steps if step == SUSPEND]
        if out:
            self._suspend(work, out)
        work.record_each({row.id: _event(row, step) for row, step in steps})
        texts = {
            SUSPEND: work.register.text("mail.dormancy_suspended"),
            **dict.fromkeys(STEPS[:-1], work.register.text("mail.dormancy_warning")),
        }
        write_messages(work, [_mail(row, step, texts[step], work.now) for row, step in steps], None)

    def _suspend(self, work: Work, ids: Sequence[int]) -> None:
        """Whoever signed in since they were read is not suspended: then the page is taken again."""
        unused = latest_use(bangkok_date(work.now), SUSPEND)
        still = update(Account).where(Account.id.in_(ids), Account.status == "active", unused > _IDLE_SINCE)
        work.write(still.values(status="suspended", status_reason=REASON), expect=len(ids))
        sessions = update(Session).where(Session.account_id.in_(ids), Session.ended_at.is_(None))
        work.write(sessions.values(ended_at=real_now()))
        tokens = update(ApiToken).where(*ApiToken.living_of(ApiToken.account_id.in_(ids)))
        work.write(tokens.values(revoked_at=real_now()))
        follow_accounts(work, ids, "suspend")


def _event(row: Any, step: int) -> Event:
    last_use = bangkok_date(row.last_used).isoformat()
    if step == SUSPEND:
        return Event("account.suspended", data={"reason": REASON, "last_use": last_use})
    return Event("account.dormancy_warned", data={"days_ahead": step, "last_use": last_use})


def _mail(row: Any, step: int, text: str, now: datetime) -> Message:
    last_use = bangkok_date(row.last_used)
    day = suspension_day(last_use)
    subject, _, body = text.partition("\n")
    values = {
        "name": f"{row.title}{row.first_name} {row.last_name}",
        "username": row.username,
        "days": (day - bangkok_date(now)).days,
        "suspension_day": thai_dates.long(day),
        "last_use": thai_dates.long(last_use),
    }
    payload = {"to": row.email, "subject": fill(subject.strip(), values), "text": fill(body.strip(), values)}
    return Message("mail", payload, key=f"dormancy/{row.id}/{row.last_used.isoformat()}/{step}")
