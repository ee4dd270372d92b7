"""Proving that one holds an account, as other processes ask for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.account_life import MANEE
from tests.support.world import World
from workflows.commands.complete_work_item import CompleteWorkItem
from workflows.errors import InvalidAnswers
from workflows.queries import outbox
from workflows.rules import citizen_id
from workflows.rules.one_time_code import MOST_SENDS

NOBODY = citizen_id.make("0", 4242)


@pytest.fixture(autouse=True)
def _always_true(world: World) -> Iterator[None]:
    yield
    world.check()


def begin(world: World, pid: str, by: str = "mobile") -> int:
    return world.start("identity_check", "designer", pid=pid, prove_by=by).case_id


@pytest.mark.parametrize("by", ["mobile", "email"])
def test_the_code_goes_to_what_the_register_knows(world: World, by: str) -> None:
    case_id = begin(world, MANEE["pid"], by)
    known = str(world.seen("designer", world.item("designer", "code_enter")["id"]))
    assert MANEE["mobile"] not in known  # who typed the citizen ID learns neither
    assert MANEE["email"] not in known
    world.do("designer", "code_enter", otp_code=world.code_for(MANEE[by]))
    assert world.case(case_id)["state"] == "COMPLETED"
    assert [len(world.sent(MANEE[channel])) for channel in ("mobile", "email")] == [by == "mobile", by == "email"]


def test_without_an_account_everything_looks_the_same_and_no_code_is_right(world: World) -> None:
    seen = []
    for pid in (MANEE["pid"], NOBODY):
        case_id = begin(world, pid)
        item = world.item("designer", "code_enter", case_id)
        otp = world.seen("designer", item["id"])["otp"]
        seen.append((item["name"], item["due_at"], sorted(otp), otp["attempts"], len(otp["digest"])))
        with pytest.raises(InvalidAnswers):
            world.do("designer", "code_enter", case_id, otp_code="12345x")
        for code in ("000000", "999999"):
            world.execute(CompleteWorkItem(item["id"], {"otp_code": code}), "designer")
            item = world.item("designer", "code_enter", case_id)
    assert seen[0] == seen[1]
    with world.runtime.reading() as db:
        assert len(outbox.messages(db, world.keyring)) == 1


def test_there_are_only_so_many_codes(world: World) -> None:
    case_id = begin(world, MANEE["pid"])
    for _ in range(MOST_SENDS):
        world.do("designer", "code_enter", resend=True)
    assert world.case(case_id)["state"] == "COMPLETED"  # and not proven
    assert len(world.sent(MANEE["mobile"])) == MOST_SENDS
