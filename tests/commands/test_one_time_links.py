"""Links that work once, when two press at the same moment."""

from __future__ import annotations

from threading import Barrier

import pytest
from sqlalchemy import select, update

from tests.support.races import at_once
from tests.support.world import World
from workflows.commands.keep_password import KeepPassword
from workflows.commands.set_password import SetPassword
from workflows.errors import NotAllowed
from workflows.records import Account, OneTimeLink

ADDRESS = "requester@example.org"


@pytest.fixture
def link(world: World) -> str:
    world.start("password_reset", world.visitor(), reset_by="mailbox", email=ADDRESS)
    world.deliver()
    return world.link_for(ADDRESS, "reset")


def test_one_of_many_sets_the_password(world: World, link: str) -> None:
    hashes = [f"hash {n}" for n in range(4)]
    results = at_once(*(lambda h=h: world.execute(SetPassword(h, link_hash=link), world.visitor(h)) for h in hashes))
    assert sum(isinstance(result, NotAllowed) for result in results) == 3
    with world.runtime.reading() as db:
        kept = db.execute(select(Account.password_hash).where(Account.username == "requester")).scalar_one()
    assert kept == next(h for h, result in zip(hashes, results, strict=True) if isinstance(result, int))
    world.check()


def test_a_control_that_only_looks_first_lets_several_through(world: World, link: str) -> None:
    def naive(new: str) -> bool:
        with world.database.begin() as db:
            used = db.execute(select(OneTimeLink.used_at).where(OneTimeLink.token_hash == link)).scalar_one()
        if used is not None:
            return False
        at_the_same_time.wait(30)
        with world.database.begin() as db:
            db.execute(update(OneTimeLink).where(OneTimeLink.token_hash == link).values(used_at=world.clock.now()))
            db.execute(update(Account).where(Account.username == "requester").values(password_hash=new))
        return True

    at_the_same_time = Barrier(2)
    assert at_once(lambda: naive("a"), lambda: naive("b")) == [True, True]


def test_keeping_and_setting_at_once_leaves_one_of_them(world: World, link: str) -> None:
    keep = world.link_for(ADDRESS, "keep-password")
    results = at_once(
        lambda: world.execute(SetPassword("hash", link_hash=link), world.visitor("a")),
        lambda: world.execute(KeepPassword(keep), world.visitor("b")),
    )
    assert sum(isinstance(result, NotAllowed) for result in results) == 1
    with world.runtime.reading() as db:
        account = db.execute(select(*Account.__table__.c).where(Account.username == "requester")).one()
    assert account.password_void_at is None
    assert (account.password_hash == "hash") == isinstance(results[1], NotAllowed)
    world.check()
