"""The larger demonstration is fictional, stands in every region, and is made once."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from threading import Event, Thread

from sqlalchemy import func, select

from app.demo import crowd, history
from app.demo.background import Turns, make_past
from app.demo.organisations import DEMO
from app.demo.places import REGIONS
from tests.support.world import World
from workflows.queries import audit, report
from workflows.queries.report import Filters
from workflows.records import Account, Organisation
from workflows.rules import citizen_id


def test_it_is_made_once(world: World) -> None:
    assert crowd.make(world.product) == (crowd.ORGANISATIONS - len(DEMO), 400 - 22)
    assert crowd.make(world.product) == (0, 0)
    with world.runtime.reading() as db:
        assert db.execute(select(func.count()).select_from(Account)).scalar_one() == 400
        units = Organisation.kind.not_in(("nhso", "nhso_region"))
        assert db.execute(select(func.count()).select_from(Organisation).where(units)).scalar_one() == 60
        assert audit.verify(db, world.keyring).broken == ()
    assert world.actor("demo001").groups == {"unit_head:99101"}
    assert world.items("region") == []


def test_a_past_is_made_by_the_real_commands(world: World) -> None:
    world.product = replace(world.product, settings=replace(world.product.settings, demo_history=12))
    stopped = Event()
    assert history.made(world.product) == 0
    past = history.Past(world.product, 5)  # as if it had been stopped after five
    crowd.make(world.product)
    while past.one():
        pass
    past.close()
    assert history.made(world.product) == 5
    make_past(world.product, Turns(), stopped, first_pause=0)
    make_past(world.product, Turns(), stopped, first_pause=0)
    assert history.made(world.product) == 12
    with world.runtime.reading() as db:
        rows = report.page(db, world.actor("auditor"), Filters())
        assert audit.verify(db, world.keyring).broken == ()
    assert len(rows) == 12
    assert {row.state for row in rows} <= {"COMPLETED", "TERMINATED"}
    assert len({row.sent_at.month for row in rows}) > 6
    assert all(row.sent_at < world.clock.now() - timedelta(days=2) for row in rows)
    assert max(row.sent_at for row in rows) > world.clock.now() - timedelta(
        days=40
    )  # a report of last month shows some
    for who in ("requester", "head", "pao", "region", "owner", "owner2", "issuer"):
        assert world.items(who) == []
    world.check()


def test_everybody_is_invented_and_every_region_has_somebody() -> None:
    units = list(crowd.organisations())
    people = list(crowd.persons(units, ""))
    assert {unit.region for unit in units} == {str(number) for number in REGIONS}
    assert all("99101" <= unit.code <= "99199" for unit in units)
    assert all(person.pid.startswith("0") and citizen_id.problem(person.pid) is None for person in people)
    assert len({person.pid for person in people}) == len({person.username for person in people}) == len(people)
    assert all(person.email.endswith("@example.org") for person in people)


def test_ticks_wait_while_a_case_of_the_past_is_made_and_it_for_them() -> None:
    turns, order = Turns(), []

    def tick() -> None:
        with turns.together():
            order.append("tick")

    with turns.alone():
        waiting = Thread(target=tick)
        waiting.start()
        time.sleep(0.05)
        order.append("past")
    waiting.join(60)
    assert order == ["past", "tick"]

    def past() -> None:
        with turns.alone():
            order.append("past")

    with turns.together(), turns.together():
        waiting = Thread(target=past)
        waiting.start()
        time.sleep(0.05)
        order.append("ticks")
    waiting.join(60)
    assert order == ["past", "tick", "ticks", "past"]


def test_no_past_is_sent_to_anybody(world: World) -> None:
    settings = replace(world.product.settings, demo_history=3, sms_url="http://127.0.0.1:9/sms")
    make_past(replace(world.product, settings=settings), Turns(), Event(), first_pause=0)
    assert history.made(world.product) == 0
