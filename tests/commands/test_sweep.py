"""The nightly sweep: who is warned, who is suspended, each once, and what that means for them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from app.nightly import sweep, sweep_accounts
from tests.support.world import World
from workflows.clock import BANGKOK, real_now
from workflows.commands.note_use import NoteUse
from workflows.commands.open_session import OpenSession
from workflows.queries import actors, sweeps
from workflows.records import Account, DormancyMark, HistoryRow

DAY_0 = date(2026, 1, 10)
EVERYBODY = ("requester", "requester2", "head", "head2")


@pytest.fixture(autouse=True)
def everybody_was_here_on_day_0(world: World) -> Iterator[None]:
    """The four whom the tests look at were last here on day 0; the others are here all the time."""
    used(world, EVERYBODY, datetime.combine(DAY_0, time(23, 59), BANGKOK))
    yield
    world.check()


def used(world: World, who: tuple[str, ...], at: datetime | None) -> None:
    with world.database.begin() as db:
        others = Account.username.not_in(EVERYBODY)
        db.execute(update(Account).where(others).values(last_used_at=datetime(2030, 1, 1, tzinfo=BANGKOK)))
        db.execute(update(Account).where(Account.username.in_(who)).values(last_used_at=at, activated_at=None))


def night(world: World, day: int, *, size: int = 3) -> bool:
    """The sweep of so many days after day 0."""
    world.go_to(DAY_0 + timedelta(days=day), time(1))
    return sweep(world.product, size=size)


def account(world: World, username: str) -> Any:
    with world.runtime.reading() as db:
        return db.execute(select(*Account.__table__.c).where(Account.username == username)).one()


def mails(world: World, who: str) -> list[str]:
    world.deliver()
    return [message["subject"] for message in reversed(world.sent(f"{who}@example.org"))]


def test_a_life_of_warnings_and_a_suspension(world: World) -> None:
    told = []
    for day in range(149, 184):
        night(world, day)
        told += [(day, subject) for subject in mails(world, "requester")[len(told) :]]
    assert [(day, subject.rpartition("บัญชี requester ")[2]) for day, subject in told] == [
        (151, "จะถูกระงับใน 30 วัน"),
        (174, "จะถูกระงับใน 7 วัน"),
        (180, "จะถูกระงับใน 1 วัน"),
        (181, "ถูกระงับแล้ว"),
    ]
    assert account(world, "requester").status == "suspended"
    assert account(world, "requester").status_reason == "dormant"
    text = world.sent("requester@example.org")[1]["text"]
    assert "10 กรกฎาคม 2569" in text
    assert "{" not in text


def test_suspension_ends_sessions_and_is_audited(world: World) -> None:
    id_ = account(world, "head").id
    token = world.execute(OpenSession(id_), "head")
    used(world, EVERYBODY, datetime.combine(DAY_0, time(9), BANGKOK))
    night(world, 181)
    with world.runtime.reading() as db:
        assert actors.living_session(db, token, real_now()) is None
        assert actors.actor_of(db, id_) is None
        last = db.execute(select(*HistoryRow.__table__.c).where(HistoryRow.subject_id == id_)).all()[-1]
        assert (last.kind, last.actor) == ("account.suspended", "system:clock")
        assert last.data == {"reason": "dormant", "last_use": "2026-01-10"}
        done = sweeps.last(db)
    assert done is not None
    assert (done["warned"], done["suspended"]) == (0, 4)


def test_a_sweep_of_the_same_day_does_nothing_more(world: World) -> None:
    assert night(world, 181)
    assert not night(world, 181)
    assert sweep_accounts(world.product) == {"warned": 0, "suspended": 0}


def test_after_downtime_only_the_newest_step_is_taken(world: World) -> None:
    night(world, 176)
    assert mails(world, "requester") == ["บัญชี requester จะถูกระงับใน 5 วัน"]
    night(world, 177)
    assert len(mails(world, "requester")) == 1
    night(world, 300)
    assert mails(world, "requester")[1:] == ["บัญชี requester ถูกระงับแล้ว"]


def test_a_use_in_time_begins_anew(world: World) -> None:
    night(world, 151)
    world.go_to(DAY_0 + timedelta(days=152))
    world.execute(NoteUse(account(world, "requester").id), "requester")
    night(world, 181)
    assert account(world, "requester").status == "active"
    assert account(world, "requester2").status == "suspended"
    night(world, 152 + 151)
    assert len(mails(world, "requester")) == 2


def test_whoever_was_never_here_counts_from_the_activation(world: World) -> None:
    used(world, ("requester", "head"), None)
    with world.database.begin() as db:
        born = datetime.combine(DAY_0 + timedelta(days=2), time(8), BANGKOK)
        db.execute(update(Account).where(Account.username == "head").values(activated_at=born))
        db.execute(update(Account).where(Account.username == "requester").values(created_at=born))
    night(world, 182, size=1)
    assert [account(world, who).status for who in EVERYBODY] == ["active", "suspended", "active", "suspended"]
    night(world, 183, size=1)
    assert [account(world, who).status for who in EVERYBODY] == ["suspended"] * 4


def test_only_active_accounts_that_sign_in_here(world: World) -> None:
    with world.database.begin() as db:
        db.execute(update(Account).where(Account.username == "requester").values(realm="NDC"))
        db.execute(update(Account).where(Account.username == "head").values(status="pending"))
        db.execute(update(Account).where(Account.username == "head2").values(status="cancelled"))
    night(world, 181)
    assert [account(world, who).status for who in EVERYBODY] == ["active", "suspended", "pending", "cancelled"]


def test_not_before_one_in_the_morning_and_again_when_the_clock_was_moved(world: World) -> None:
    world.go_to(DAY_0 + timedelta(days=181), time(0, 59))
    assert not sweep(world.product)
    assert night(world, 400)
    assert night(world, 181), "a clock that was set back sweeps the day it stands at"
    with world.runtime.reading() as db:
        assert len(db.execute(select(DormancyMark.account_id)).all()) == 4


def test_an_administrator_is_never_too_long_away(world: World) -> None:
    with world.database.begin() as db:
        long_ago = datetime.combine(DAY_0, time(9), BANGKOK)
        db.execute(update(Account).where(Account.username.in_(("admin", "auditor"))).values(last_used_at=long_ago))
    night(world, 200)
    assert (account(world, "admin").status, account(world, "auditor").status) == ("active", "suspended")
