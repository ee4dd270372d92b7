"""Accounts of the regular channel by rounds, every working day in region 7, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select, update

from tests.support import access_requests
from tests.support.rounds import line, round_case, rounds
from tests.support.world import World, person
from workflows.actor import WORKER, Actor
from workflows.changes.registry import WRITERS
from workflows.commands.amend_calendar import AmendCalendar, Day
from workflows.commands.cancel_case import CancelCase
from workflows.commands.complete_work_item import CompleteWorkItem
from workflows.commands.mark_round_lines import MarkRoundLines
from workflows.commands.tell_round_members import TellRoundMembers
from workflows.errors import Conflict, NotFound
from workflows.queries import rounds as queries
from workflows.records import Case, Grant, IssuanceRound, RoundMember
from workflows.register import Register
from workflows.work import Work

MONDAY, TUESDAY, WEDNESDAY = "daily.2026-11-02", "daily.2026-11-03", "daily.2026-11-04"
"""A world begins on Monday the 2nd; what is approved then is issued on Tuesday."""
DAY = {TUESDAY: date(2026, 11, 3), WEDNESDAY: date(2026, 11, 4)}


@pytest.fixture(autouse=True)
def _always_true(world: World) -> Iterator[None]:
    yield
    world.check()


def approved(world: World, count: int) -> list[int]:
    """So many requests that everybody has approved."""
    cases = [access_requests.send(world, "requester", serial=serial) for serial in range(1, count + 1)]
    for case_id in cases:
        access_requests.approve(world, case_id)
    return cases


def outcomes(world: World, cases: list[int]) -> list[str]:
    return [world.case(case_id)["outcome"] for case_id in cases]


def grants(world: World, cases: list[int]) -> int:
    with world.runtime.reading() as db:
        counted = select(func.count()).select_from(Grant).where(Grant.case_id.in_(cases), Grant.role_code == "904")
        return int(db.execute(counted).scalar_one())


def state(world: World, case_id: int) -> dict[str, str]:
    return {round_id: found for round_id, (found, _) in line(world, case_id).items()}


def test_issued_at_once_by_its_own_item(world: World) -> None:
    """The round needs no case then: it ends by itself on its day."""
    (case_id,) = approved(world, 1)
    assert state(world, case_id) == {TUESDAY: "approved"}
    assert world.variables(case_id)["issue_expected_on"] == "2026-11-03"
    world.do("issuer", "issue", case_id, request_kind="new", confirm=True)
    assert (outcomes(world, [case_id]), state(world, case_id)) == (["approved"], {TUESDAY: "singly"})
    world.go_to(DAY[TUESDAY])
    world.run_rounds()
    assert rounds(world)[TUESDAY][0] == "issued"
    with world.runtime.reading() as db:
        assert db.execute(select(IssuanceRound.case_id).where(IssuanceRound.id == TUESDAY)).scalar() is None
        assert [row["id"] for row in queries.rounds(db, ended=True)] == []  # nobody was issued by it


def test_confirmed_in_the_round(world: World) -> None:
    first, second, third = cases = approved(world, 3)
    world.run_rounds()
    assert rounds(world)[TUESDAY] == ("open", DAY[TUESDAY])
    with pytest.raises(Conflict):
        world.execute(MarkRoundLines(TUESDAY, [first], True), "issuer")  # its day has not come
    world.go_to(DAY[TUESDAY])
    world.run_rounds()
    assert world.case(round_case(world, TUESDAY))["stage"] == "ผู้ออกรหัสยืนยัน"
    with world.runtime.reading() as db:
        listed = list(queries.batch(world.services, db, TUESDAY))
    assert len(listed) == 6  # three persons with two roles each
    world.execute(MarkRoundLines(TUESDAY, [first], True), "issuer")
    world.execute(MarkRoundLines(TUESDAY, [second], False, "บัตรหมดอายุ"), "issuer")
    world.run_rounds()
    assert outcomes(world, cases) == ["approved", "rejected", ""]
    assert "บัตรหมดอายุ" in world.sent(person(2)["email"])[0]["text"]
    assert [item["case_id"] for item in world.items("issuer", "issue")] == [third]
    world.do("issuer", "confirm", confirm=True)
    world.run_rounds()
    assert outcomes(world, [third]) == ["approved"]
    assert (world.items("issuer"), rounds(world)[TUESDAY][0]) == ([], "issued")
    assert grants(world, cases) == 2
    assert [world.sla(case_id)["state"] for case_id in cases] == ["met", "met", "met"]  # type: ignore[index]


def test_what_nobody_confirms_on_the_day_goes_to_the_next(world: World) -> None:
    """Straight to the round of the day that begins, not to the one after it, whichever of the two cases wakes first."""
    (case_id,) = approved(world, 1)
    world.run_rounds()
    world.go_to(DAY[TUESDAY])
    world.run_rounds()
    late = access_requests.send(world, "requester", serial=2)
    access_requests.approve(world, late)
    world.run_rounds()
    assert state(world, late) == {WEDNESDAY: "approved"}
    world.go_to(DAY[WEDNESDAY])
    world.run_rounds()
    world.run_rounds()
    reason = "ผู้ออกรหัสยังไม่ได้ยืนยันภายในวันของรอบ"
    assert line(world, case_id) == {TUESDAY: ("carried", reason), WEDNESDAY: ("approved", reason)}
    assert rounds(world)[TUESDAY][0] == "issued"
    assert world.variables(case_id)["issue_expected_on"] == "2026-11-04"
    assert reason in world.sent(person(1)["email"])[0]["text"]
    assert world.item("issuer", "issue", case_id)  # and can still be issued by itself
    world.do("issuer", "confirm", confirm=True)
    world.run_rounds()
    assert outcomes(world, [case_id, late]) == ["approved", "approved"]


def test_the_worker_comes_days_late(world: World) -> None:
    (case_id,) = approved(world, 1)
    world.go_to(date(2026, 11, 6))
    for _ in range(3):
        world.run_rounds()
    assert state(world, case_id) == {TUESDAY: "carried", "daily.2026-11-06": "approved"}
    world.do("issuer", "confirm", confirm=True)
    world.run_rounds()
    assert (outcomes(world, [case_id]), grants(world, [case_id])) == (["approved"], 1)


def test_tuesday_and_friday_in_region_9(world: World) -> None:
    visitor = world.visitor()
    officer = Actor("nine", groups=frozenset({"unit_head:99005", "region_officer:9"}), account_id=1)
    case_id = access_requests.send(world, visitor, unit_code="99005", roles=("904",))
    row = world.case(case_id)
    assert row["region"] == "9"
    with world.runtime.reading() as db:
        found = queries.of_case(db, case_id)
    assert found is None  # in no round before everybody has approved
    for element in ("unit_head", "region_check", "region_decide"):
        world.do(officer, element, case_id, decision="approve")
    world.do("owner2", "owner_decide", case_id, decision="approve")
    assert state(world, case_id) == {"region9.2026-11-03": "approved"}


def test_the_day_becomes_a_holiday(world: World) -> None:
    (case_id,) = approved(world, 1)
    world.run_rounds()
    world.execute(AmendCalendar([Day(DAY[TUESDAY], "holiday", "วันหยุดพิเศษ")]), "admin")
    world.run_rounds()
    assert state(world, case_id) == {TUESDAY: "carried", WEDNESDAY: "approved"}
    assert world.variables(case_id)["issue_expected_on"] == "2026-11-04"


def test_a_cancelled_case_leaves_its_round(world: World) -> None:
    (case_id,) = approved(world, 1)
    world.execute(CancelCase(case_id), "admin")
    assert state(world, case_id) == {TUESDAY: "left"}


def test_issuing_meets_a_problem_after_the_round_confirmed(world: World) -> None:
    first, second = approved(world, 2)
    with world.runtime.reading() as db:
        assert db.execute(select(Case.pid_index).where(Case.id == first)).scalar() is not None
    third = access_requests.send(world, world.visitor("c"), serial=1, email="other@example.org")
    access_requests.approve(world, third)
    world.go_to(DAY[TUESDAY])
    world.run_rounds()
    world.do("issuer", "confirm", confirm=True)
    world.run_rounds()
    (again,) = [case_id for case_id in (first, third) if not world.case(case_id)["outcome"]]
    assert world.variables(again)["issue_problem"]["th"]
    world.do("issuer", "issue", again, request_kind="more", confirm=True)  # by itself, as the round has spoken
    assert outcomes(world, [first, second, third]) == ["approved"] * 3


def confirm_singly(world: World, case_id: int) -> None:
    world.do("issuer", "issue", case_id, request_kind="new", confirm=True)


@pytest.mark.parametrize("confirmed", [True, False])
def test_the_round_has_decided_but_the_case_does_not_know_yet(world: World, confirmed: bool) -> None:
    """The issuer completes the item although the round decided the line a moment ago: the case waits for its word."""
    (case_id,) = approved(world, 1)
    world.go_to(DAY[TUESDAY])
    world.run_rounds()
    world.execute(MarkRoundLines(TUESDAY, [case_id], confirmed, "" if confirmed else "บัตรหมดอายุ"), "issuer")
    confirm_singly(world, case_id)
    assert (outcomes(world, [case_id]), grants(world, [case_id])) == ([""], 0)
    world.run_rounds()
    assert outcomes(world, [case_id]) == ["approved" if confirmed else "rejected"]
    assert grants(world, [case_id]) == int(confirmed)


def test_the_word_comes_first_and_the_item_is_gone(world: World) -> None:
    (case_id,) = approved(world, 1)
    world.go_to(DAY[TUESDAY])
    world.run_rounds()
    item = world.item("issuer", "issue", case_id)["id"]
    world.execute(MarkRoundLines(TUESDAY, [case_id], True), "issuer")
    world.run_rounds()
    with pytest.raises((Conflict, NotFound)):
        world.execute(CompleteWorkItem(item, {"request_kind": "new", "confirm": True}), "issuer")
    assert (outcomes(world, [case_id]), grants(world, [case_id])) == (["approved"], 1)


@pytest.mark.parametrize("guarded", [True, False])
def test_the_line_is_refused_while_its_item_is_completed(
    world: World, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    """Two issuing officers at the same moment. Who goes by what was read at first would give an account to somebody to
    whom the round says no."""
    (case_id,) = approved(world, 1)
    world.go_to(DAY[TUESDAY])
    world.run_rounds()
    look, asked = Register.round_line, []

    def overtaken(register: Register, case: int) -> str | None:
        seen = look(register, case)
        asked.append(seen)
        if len(asked) == 1:
            refusing = MarkRoundLines(TUESDAY, [case_id], False, "บัตรหมดอายุ")
            other = threading.Thread(target=lambda: world.execute(refusing, "issuer"))
            other.start()
            other.join(60)
        return seen if guarded else asked[0]

    def unguarded(work: Work, case: Any, given: Mapping[str, Any], values: dict[str, Any]) -> None:
        free = RoundMember.case_id == case.id, RoundMember.state.in_(("approved", "confirmed"))
        work.write(update(RoundMember).where(*free).values(state="singly"))

    monkeypatch.setattr(Register, "round_line", overtaken)
    if not guarded:
        monkeypatch.setitem(WRITERS, "round.take", unguarded)
    confirm_singly(world, case_id)
    world.run_rounds()
    said, got = state(world, case_id)[TUESDAY], outcomes(world, [case_id])[0]
    assert (said, got) == (("refused", "rejected") if guarded else ("refused", "approved"))
    assert grants(world, [case_id]) == (0 if guarded else 1)


def test_everybody_presses_at_once_and_each_is_issued_once(world: World) -> None:
    """The round confirms all, the officer issues some singly, two workers tell: no account is made twice."""
    cases = approved(world, 4)
    world.go_to(DAY[TUESDAY])
    world.run_rounds()
    together = threading.Barrier(4)
    failures: list[BaseException] = []

    def at_once(act: Any) -> None:
        together.wait()
        try:
            act()
        except (Conflict, NotFound):
            pass  # the other way was quicker
        except BaseException as failure:
            failures.append(failure)

    acts = (
        lambda: confirm_singly(world, cases[0]),
        lambda: world.do("issuer", "confirm", confirm=True),
        lambda: world.execute(MarkRoundLines(TUESDAY, [cases[1]], True), "issuer"),
        lambda: [world.runtime.execute(TellRoundMembers(), WORKER) for _ in range(3)],
    )
    threads = [threading.Thread(target=at_once, args=(act,)) for act in acts]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert failures == []
    for _ in range(2):
        world.run_rounds()
    if left := [case_id for case_id in cases if not world.case(case_id)["outcome"]]:
        world.execute(MarkRoundLines(TUESDAY, left, True), "issuer")
        world.run_rounds()
    assert (outcomes(world, cases), grants(world, cases)) == (["approved"] * 4, 4)
    assert set(state(world, cases[1]).values()) == {"effective"}
