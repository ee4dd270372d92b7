"""Attempts, sessions, tokens and passwords: each limited, each ended at once, nothing kept in clear."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app import passwords
from tests.support.races import at_once
from tests.support.world import World
from workflows.clock import real_now
from workflows.commands.count_attempt import CountAttempt
from workflows.commands.end_sessions import EndSessions
from workflows.commands.make_token import MakeToken
from workflows.commands.open_session import OpenSession
from workflows.commands.revoke_token import RevokeToken
from workflows.commands.set_password import SetPassword
from workflows.commands.touch_session import TouchSession
from workflows.errors import NotAllowed, NotFound, TooMany
from workflows.queries import actors
from workflows.records import Account, ApiToken, Attempt, Session


@pytest.fixture
def world(shared_world: World) -> Iterator[World]:
    yield shared_world
    shared_world.check()


def account_id(world: World, who: str) -> int:
    found = world.actor(who).account_id
    assert found is not None
    return found


def lives(world: World, token: str, after: timedelta = timedelta()) -> bool:
    with world.runtime.reading() as db:
        return actors.living_session(db, token, real_now() + after) is not None


def test_attempts_are_counted_and_end_with_their_window(world: World) -> None:
    attempt = CountAttempt("test/attempts", 3, timedelta(minutes=10))
    assert [world.execute(attempt, "head") for _ in range(3)] == [1, 2, 3]
    with pytest.raises(TooMany) as refused:
        world.execute(attempt, "head")
    assert 1 <= refused.value.details["retry_after"] <= 600
    world.execute(CountAttempt("test/other", 3, timedelta(minutes=1)), "head")
    with world.database.begin() as db:  # as if the window had been opened ten minutes earlier
        ended = update(Attempt).where(Attempt.key == "test/attempts").values(window_ends_at=real_now())
        assert db.execute(ended).rowcount == 1
    assert world.execute(attempt, "head") == 1


def test_attempts_at_once_are_all_counted(world: World) -> None:
    attempt = CountAttempt("test/at-once", 3, timedelta(minutes=1))
    results = at_once(*(lambda: world.execute(attempt, "head") for _ in range(8)))
    assert sorted(result for result in results if isinstance(result, int)) == [1, 2, 3]
    assert sum(isinstance(result, TooMany) for result in results) == 5


def test_a_session_lives_an_idle_hour_and_twelve_hours_at_most(world: World) -> None:
    token = world.execute(OpenSession(account_id(world, "head")), world.visitor())
    assert lives(world, token)
    assert lives(world, token, timedelta(minutes=59))
    assert not lives(world, token, timedelta(minutes=61))
    assert not lives(world, "x" * len(token))
    with world.database.begin() as db:  # as if it had been opened eleven and three quarter hours ago
        change = Session.__table__.update().values(created_at=real_now() - timedelta(hours=11, minutes=45))
        db.execute(change.where(Session.account_id == account_id(world, "head")))
    world.execute(TouchSession(token), "head")
    assert lives(world, token, timedelta(minutes=14))
    assert not lives(world, token, timedelta(minutes=16))


def test_signing_out_ends_one_session_or_all(world: World) -> None:
    mine, other = (world.execute(OpenSession(account_id(world, "pao")), world.visitor()) for _ in range(2))
    stranger = world.execute(OpenSession(account_id(world, "owner")), world.visitor())
    world.execute(EndSessions(account_id(world, "pao"), stranger), "pao")
    assert lives(world, stranger)  # nobody ends somebody else's session
    world.execute(EndSessions(account_id(world, "pao"), mine), "pao")
    assert (lives(world, mine), lives(world, other)) == (False, True)
    world.execute(EndSessions(account_id(world, "pao")), "pao")
    assert not lives(world, other)


def test_a_new_password_ends_the_sessions_and_is_confirmed(world: World) -> None:
    token = world.execute(OpenSession(account_id(world, "owner2")), world.visitor())
    world.execute(SetPassword(passwords.hashed("a long new password"), account_id(world, "owner2")), "owner2")
    assert not lives(world, token)
    with world.runtime.reading() as db:
        found = actors.sign_in_account(db, "owner2")
    assert found is not None
    assert passwords.matches(found["password_hash"], "a long new password")
    assert not passwords.matches(found["password_hash"], "sitthi-demo")
    assert "a long new password" not in world.sent("owner2@example.org")[0]["text"]


def test_an_unknown_link_sets_no_password(world: World) -> None:
    with pytest.raises(NotAllowed):
        world.execute(SetPassword(passwords.hashed("a long new password"), link_hash="0" * 64), world.visitor())


@pytest.mark.parametrize("as_client", [False, True])
def test_a_token_works_until_it_is_revoked_or_too_old(world: World, as_client: bool) -> None:
    mine = account_id(world, "designer")
    id_, client_id, secret = world.execute(MakeToken(mine, "robot", timedelta(days=1), as_client), "designer")

    def works(after: timedelta = timedelta()) -> bool:
        with world.runtime.reading() as db:
            now = real_now() + after
            held = actors.bearer(db, secret, now)
            if not as_client:
                return held is not None and held.account_id == mine
            assert held is None  # a client's secret is no bearer token
            assert actors.client_token(db, client_id, "wrong", now) is None
            found = actors.client_token(db, client_id, secret, now)
            client = actors.client(db, found, now) if found is not None else None
            return client is not None and (client.id, client.account_id) == (id_, mine)

    assert works()
    assert not works(timedelta(days=1))
    with pytest.raises(NotFound):
        world.execute(RevokeToken(account_id(world, "head"), id_), "head")
    world.execute(RevokeToken(mine, id_), "designer")
    assert not works()
    with world.runtime.reading() as db:
        listed = actors.tokens_of(db, mine)
        stored = db.execute(select(*ApiToken.__table__.c).where(ApiToken.id == id_)).one()
    assert secret not in f"{listed} {stored}"


@pytest.mark.parametrize("status", ["pending", "suspended", "cancelled"])
def test_only_an_active_account_acts(world: World, status: str) -> None:
    def set_to(value: str) -> None:
        with world.database.begin() as db:
            db.execute(Account.__table__.update().values(status=value).where(Account.username == "head4"))

    set_to(status)
    with world.runtime.reading() as db:
        found = actors.sign_in_account(db, "head4")
        assert found is not None
        assert actors.actor_of(db, found["id"]) is None
    set_to("active")
