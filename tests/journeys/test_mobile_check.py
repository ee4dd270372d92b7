"""Proving a mobile number, as another process asks for it and on its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.support.world import World
from workflows.commands.complete_work_item import CompleteWorkItem
from workflows.errors import InvalidAnswers
from workflows.rules.one_time_code import MOST_ATTEMPTS, MOST_SENDS

MOBILE = "0812345678"


@pytest.fixture
def case_id(world: World) -> Iterator[int]:
    yield world.start("mobile_check", "requester", mobile=MOBILE).case_id
    world.check()


def wrong(world: World) -> str:
    return f"{(int(world.code_for(MOBILE)) + 1) % 10**6:06d}"


def test_the_right_code(world: World, case_id: int) -> None:
    assert world.item("requester", "otp_enter")["due_at"] == world.clock.now().replace(minute=5)
    world.do("requester", "otp_enter", otp_code=world.code_for(MOBILE))
    assert world.case(case_id)["state"] == "COMPLETED"
    assert len(world.sent(MOBILE)) == 1


def test_a_wrong_code_is_refused_by_the_form_and_by_the_case(world: World, case_id: int) -> None:
    with pytest.raises(InvalidAnswers):
        world.do("requester", "otp_enter", otp_code=wrong(world))
    for attempt in range(MOST_ATTEMPTS):
        item = world.item("requester", "otp_enter")["id"]
        world.execute(CompleteWorkItem(item, {"otp_code": wrong(world)}), "requester")
        assert world.variables(case_id)["otp"]["attempts"] == attempt + 1
    item = world.item("requester", "otp_enter")["id"]
    world.execute(CompleteWorkItem(item, {"otp_code": world.code_for(MOBILE)}), "requester")
    assert world.case(case_id)["state"] == "ACTIVE"  # five wrong tries void the code, even the right one
    assert "ผิดหลายครั้ง" in world.variables(case_id)["otp_problem"]["th"]


def test_a_code_ends_after_five_minutes(world: World, case_id: int) -> None:
    code = world.code_for(MOBILE)
    world.later(minutes=5)
    with pytest.raises(InvalidAnswers) as refused:
        world.do("requester", "otp_enter", otp_code=code)
    assert "หมดอายุ" in refused.value.errors["otp_code"].th


def test_a_new_code_voids_the_old_one_and_there_are_only_so_many(world: World, case_id: int) -> None:
    first = world.code_for(MOBILE)
    world.do("requester", "otp_enter", resend=True)
    assert len(world.sent(MOBILE)) == 2
    if first != world.code_for(MOBILE):
        with pytest.raises(InvalidAnswers):
            world.do("requester", "otp_enter", otp_code=first)
    for _ in range(MOST_SENDS - 2):
        world.do("requester", "otp_enter", resend=True)
    assert len(world.sent(MOBILE)) == MOST_SENDS
    world.do("requester", "otp_enter", resend=True)
    assert world.case(case_id)["state"] == "COMPLETED"  # and not verified
    assert len(world.sent(MOBILE)) == MOST_SENDS


def test_the_code_is_nowhere_but_in_the_message(world: World, case_id: int) -> None:
    code = world.code_for(MOBILE)
    kept = f"{world.variables(case_id)} {world.history(case_id)}"
    assert not re.search(rf"\b{code}\b", kept)  # within a long key its digits may stand by chance
