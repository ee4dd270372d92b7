"""Reports of use: what counts, what is named as wrong, and that a second report changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from app.usage_files import take_over
from tests.support.world import MORNING, World
from workflows.commands.report_usage import ReportUsage
from workflows.errors import FileRejected, NotAllowed
from workflows.records import Account

AT = datetime(2026, 10, 30, 2, 30, tzinfo=UTC)


def last_use(world: World, username: str) -> datetime | None:
    with world.runtime.reading() as db:
        return db.execute(select(Account.last_used_at).where(Account.username == username)).scalar_one()


@pytest.fixture(autouse=True)
def nobody_was_here(world: World) -> None:
    with world.database.begin() as db:
        db.execute(update(Account).values(last_used_at=None))


def test_the_latest_use_counts_however_often_it_is_told(world: World) -> None:
    entries = [
        {"username": "requester", "system": "ECLAIM", "at": "2026-10-01T08:00:00+07:00"},
        {"username": "requester", "system": "ECLAIM", "at": "2026-10-30T09:30:00+07:00"},
        {"username": "head", "system": "ECLAIM", "at": "2026-10-30"},
    ]
    for _ in range(2):
        assert world.execute(ReportUsage(entries), "owner2") == {}
        assert last_use(world, "requester") == AT
        assert last_use(world, "head") == datetime(2026, 10, 29, 17, tzinfo=UTC)
    assert world.execute(ReportUsage(entries[:1]), "owner2") == {}
    assert last_use(world, "requester") == AT, "an older use changes nothing"
    world.check()


def test_each_wrong_entry_is_named_and_the_others_count(world: World) -> None:
    good = {"username": "requester", "system": "ECLAIM", "at": AT.isoformat()}
    entries = [
        good,
        {**good, "username": "nobody"},
        {**good, "system": "NO_SUCH"},
        {**good, "system": "CPP"},
        {**good, "system": None},
        {**good, "at": "yesterday"},
        {**good, "at": (MORNING + timedelta(days=1)).isoformat()},
        {**good, "at": "1999-12-31"},
        {**good, "username": ""},
        {**good, "username": 7},
        "requester",
    ]
    wrong = world.execute(ReportUsage(entries), "owner2")
    assert list(wrong) == list(range(1, len(entries)))
    assert "CPP" not in wrong[3].en
    assert last_use(world, "requester") == AT
    assert world.execute(ReportUsage(entries[3:5]), "admin") == {}


def test_only_owners_and_administrators(world: World) -> None:
    with pytest.raises(NotAllowed):
        world.execute(ReportUsage([]), "requester")


def test_a_file_names_its_wrong_lines(world: World) -> None:
    text = "username,system,at\nrequester,ECLAIM,2026-10-30T09:30:00+07:00\n\nnobody,ECLAIM,2026-10-30\nhead,,x\n"
    done = take_over(world.product, world.actor("admin"), text.splitlines(keepends=True))
    assert (done.taken, done.refused) == (1, 2)
    assert [(line, username) for line, username, _ in done.errors] == [(4, "nobody"), (5, "head")]
    assert last_use(world, "requester") == AT


@pytest.mark.parametrize("text", ["", "name;date\nrequester;2026-10-30\n", 'username,at\n"requester\n'])
def test_what_is_no_such_file_is_refused(world: World, text: str) -> None:
    with pytest.raises(FileRejected):
        take_over(world.product, world.actor("admin"), text.splitlines(keepends=True))
