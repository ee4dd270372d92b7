"""Once a year the head of each unit looks at who has what, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta

import pytest
from sqlalchemy import insert, select, update

from app.nightly import sweep
from tests.support.world import World
from workflows.commands.plan_review import PlanReview
from workflows.errors import InvalidAnswers, NotAllowed
from workflows.queries import reviews
from workflows.records import Account, Grant, Membership, new_id

DAY = date(2026, 12, 1)
"""A Tuesday. In the demonstration ``requester`` holds 906 of unit 99001, ``requester2`` 269 and 378 and the head 913 of
99002, ``frontdesk`` 901 of 99003."""


@pytest.fixture(autouse=True)
def planned(world: World) -> Iterator[None]:
    world.execute(PlanReview(DAY), "admin")
    yield
    world.check()


def night(world: World, day: date = DAY) -> None:
    """The night to this day, and the hours in which the cases begin one after the other."""
    with world.database.begin() as db:
        db.execute(update(Account).values(last_used_at=world.clock.now()))
    world.go_to(day, time(1))
    assert sweep(world.product)
    world.later(hours=1)
    world.deliver()


def cases(world: World) -> dict[str, int]:
    """The review of each unit."""
    with world.runtime.reading() as db:
        from workflows.records import Case

        rows = db.execute(select(Case.unit_code, Case.id).where(Case.process_id == "account_review"))
        return dict(rows.all())


def held(world: World, username: str) -> set[str]:
    with world.runtime.reading() as db:
        mine = select(Grant.role_code).join(Account).where(Account.username == username, Grant.revoked_at.is_(None))
        return set(db.execute(mine).scalars())


def test_heads_keep_or_revoke_line_by_line(world: World) -> None:
    night(world)
    found = cases(world)
    assert set(found) == {"99001", "99002", "99003"}
    item = world.item("head2", "keep_or_revoke")
    lines = world.seen("head2", item["id"])["lines"]
    assert [(line["username"], line["role_code"]) for line in lines] == [("requester2", "269"), ("requester2", "378")]
    assert lines[0]["name"] == "นายปิติ ตัวอย่าง"
    assert world.case(found["99002"])["subject"] == "ทบทวนสิทธิ ปี 2569 โรงพยาบาลตัวอย่าง ข (สาธิต)"
    schema = world.form("head2", item["id"], {}).resolved_schema()
    (listed,) = [each for each in schema["components"] if "rows" in each]
    for row, role in zip(listed["rows"], ("269", "378"), strict=True):  # a program reads whose line it decides, too
        who, what = (each["text"] for each in row["components"][:2])
        assert (who.startswith("**นายปิติ ตัวอย่าง**"), what.startswith(f"{role} ")) == (True, True)
    with pytest.raises(InvalidAnswers) as refused:
        world.answer("head2", item["id"], lines=[{"action": "keep"}])
    assert set(refused.value.errors) == {"lines.1.action"}
    world.answer("head2", item["id"], lines=[{"action": "keep"}, {"action": "revoke"}])
    assert held(world, "requester2") == {"269", "378"}, "the head's own line is still open"
    heads = world.item("region", "keep_or_revoke_heads")
    assert heads["case_id"] == found["99002"]
    world.answer("region", heads["id"], lines=[{"action": "keep"}])
    case = world.case(found["99002"])
    assert (case["state"], case["outcome"]) == ("COMPLETED", "reviewed")
    assert (held(world, "requester2"), held(world, "head2")) == ({"269"}, {"913"})
    world.deliver()
    (told,) = world.sent("requester2@example.org")
    assert "378" in told["text"]
    assert "{" not in told["text"]
    assert world.told(found["99002"]).count("grant.revoked") == 1


def test_it_begins_once_a_year(world: World) -> None:
    night(world)
    first = cases(world)
    night(world, DAY + timedelta(days=1))
    world.execute(PlanReview(DAY), "admin")
    night(world, DAY + timedelta(days=2))
    assert cases(world) == first, "the same year again starts nothing"
    with world.runtime.reading() as db:
        assert reviews.plan(db) == {"next": "2027-12-01", "last": "2026-12-01", "units": 3}
        assert reviews.progress(db) == {"waiting": 0, "running": 3, "done": 0}
    with pytest.raises(NotAllowed):
        world.execute(PlanReview(None), "designer")


def test_a_unit_without_a_head_is_skipped_and_the_region_told(world: World) -> None:
    with world.database.begin() as db:
        head = select(Account.id).where(Account.username == "head").scalar_subquery()
        db.execute(update(Membership).where(Membership.account_id == head).values(role="requester"))
    night(world)
    case = world.case(cases(world)["99001"])
    assert (case["state"], case["outcome"]) == ("COMPLETED", "no_head")
    world.deliver()
    assert "รพ.สต.ตัวอย่าง ก" in world.sent("region@example.org")[0]["text"]
    assert held(world, "requester") == {"906"}


def test_who_does_not_answer_is_reminded_and_then_the_next_level_may(world: World) -> None:
    night(world)
    case_id = cases(world)["99001"]
    world.later(days=14)
    world.tick()
    world.deliver()
    assert "99001" not in world.sent("head@example.org")[0]["text"]
    assert "รพ.สต.ตัวอย่าง ก" in world.sent("head@example.org")[0]["text"]
    assert [item for item in world.items("region", "keep_or_revoke") if item["case_id"] == case_id] == []
    world.later(days=14)
    world.tick()
    assert [item["case_id"] for item in world.items("region", "keep_or_revoke")].count(case_id) == 1
    chiefs = world.items("regionchief", "keep_or_revoke_heads")
    assert [item["case_id"] for item in chiefs] == [cases(world)["99002"]]


def test_a_large_unit_comes_in_pages_and_what_is_gone_meanwhile_is_left_alone(world: World) -> None:
    with world.database.begin() as db:
        account = db.execute(select(Account.id).where(Account.username == "requester")).scalar_one()
        role = {"account_id": account, "system_code": "OPPP", "unit_code": "99001", "granted_at": world.clock.now()}
        rest = {"revoked_at": None, "case_id": None, "single_holder": None}
        roles = db.execute(select(Grant.role_code).where(Grant.account_id == account)).scalars().all()
        others = [code for code in ("269", "901", "904", "905", "907", "909", "910", "911") if code not in roles]
        for _ in range(7):
            db.execute(insert(Grant), [{"id": new_id(), **role, **rest, "role_code": code} for code in others])
    night(world)
    case_id = cases(world)["99001"]
    pages = [item for item in world.items("head", "keep_or_revoke") if item["case_id"] == case_id]
    assert sorted(len(world.seen("head", item["id"])["lines"]) for item in pages) == [7, 50]
    with world.database.begin() as db:
        db.execute(update(Grant).where(Grant.role_code == "906").values(revoked_at=world.clock.now()))
    for item in pages:
        count = len(world.seen("head", item["id"])["lines"])
        world.answer("head", item["id"], lines=[{"action": "revoke"}] * count)
    assert world.case(case_id)["outcome"] == "reviewed"
    assert held(world, "requester") == set()
    assert world.variables(case_id)["revoked"] == 56
