"""A round of smart-card rights from opening to its last grant, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select, update

from tests.support import access_requests
from tests.support.rounds import CLOSES, FIRST, GRANTED, SECOND, approve, line, round_case, rounds, send
from tests.support.world import World, person
from workflows.actor import WORKER, Actor
from workflows.changes.registry import WRITERS
from workflows.commands.carry_over_line import CarryOverLines
from workflows.commands.mark_round_lines import MarkRoundLines
from workflows.commands.open_rounds import OpenRounds
from workflows.commands.tell_round_members import TellRoundMembers
from workflows.commands.withdraw_case import WithdrawCase
from workflows.errors import Conflict, InvalidAnswers, NotAllowed, OwnRequest
from workflows.operators.other_cases import start_of_case
from workflows.projection import write_messages
from workflows.queries import linked
from workflows.records import Case, Grant, IssuanceRound, OutboxRow
from workflows.register import Register
from workflows.work import Work


@pytest.fixture(autouse=True)
def _always_true(world: World) -> Iterator[None]:
    yield
    world.check()


def ready(world: World, count: int) -> list[int]:
    """So many requests that everybody has approved, in the first round."""
    world.run_rounds()
    cases = [send(world, serial=serial) for serial in range(1, count + 1)]
    for case_id in cases:
        approve(world, case_id)
    return cases


def outcomes(world: World, cases: list[int]) -> list[str]:
    return [world.case(case_id)["outcome"] for case_id in cases]


def test_it_opens_is_cut_off_closes_and_ends(world: World) -> None:
    world.run_rounds()
    assert rounds(world) == {FIRST: ("open", GRANTED[FIRST])}
    case_id = round_case(world, FIRST)
    assert (world.case(case_id)["number"], world.case(case_id)["stage"]) == (FIRST, "เปิดรับคำขอ")
    world.go_to(date(2026, 11, 10))
    world.run_rounds()
    assert world.case(case_id)["stage"] == "รอปิดรายชื่อ"
    assert set(rounds(world)) == {FIRST, SECOND}  # the next one has opened
    world.go_to(CLOSES[FIRST])
    world.run_rounds()
    assert (world.case(case_id)["state"], world.items("issuer")) == ("COMPLETED", [])  # nobody was in it
    assert rounds(world)[FIRST][0] == "issued"


def test_confirmed_line_by_line_and_the_rest_later(world: World) -> None:
    first, second, third, fourth = ready(world, 4)
    with pytest.raises(Conflict):
        world.execute(MarkRoundLines(FIRST, [first], True), "issuer")  # the list is not closed yet
    world.go_to(CLOSES[FIRST])
    world.run_rounds()
    with pytest.raises(NotAllowed):
        world.execute(MarkRoundLines(FIRST, [first], True), "region")
    with pytest.raises(InvalidAnswers):
        world.execute(MarkRoundLines(FIRST, [first], False), "issuer")
    assert world.execute(MarkRoundLines(FIRST, [first], True), "issuer") == 1
    world.execute(MarkRoundLines(FIRST, [second], False, "บัตรหมดอายุ"), "issuer")
    with pytest.raises(Conflict):
        world.execute(MarkRoundLines(FIRST, [second, third], True), "issuer")
    world.run_rounds()
    assert outcomes(world, [first, second, third]) == ["", "rejected", ""]
    assert "บัตรหมดอายุ" in world.sent(person(2)["email"])[0]["text"]

    world.go_to(GRANTED[FIRST])
    world.run_rounds()
    assert outcomes(world, [first, third]) == ["approved", ""]  # the day does not wait for the rest
    assert world.item("issuer", "confirm")["case_id"] == round_case(world, FIRST)
    world.execute(MarkRoundLines(FIRST, [third], True), "issuer")
    world.run_rounds()
    assert outcomes(world, [third, fourth]) == ["approved", ""]  # confirmed late, granted at once
    world.do("issuer", "confirm", confirm=True)
    world.run_rounds()
    assert outcomes(world, [fourth]) == ["approved"]
    assert rounds(world)[FIRST][0] == "issued"
    told = world.told(round_case(world, FIRST))
    assert told.count("round.marked") == 3


def test_the_last_line_by_line_decision_closes_the_issuers_item(world: World) -> None:
    cases = ready(world, 2)
    world.go_to(CLOSES[FIRST])
    world.run_rounds()
    world.execute(MarkRoundLines(FIRST, cases, True), "issuer")
    world.run_rounds()
    assert world.items("issuer") == []
    assert world.case(round_case(world, FIRST))["stage"] == "รอวันมีผล"
    world.go_to(GRANTED[FIRST])
    world.run_rounds()
    assert outcomes(world, cases) == ["approved", "approved"]
    assert world.case(round_case(world, FIRST))["outcome"] == "issued"


def test_the_last_undecided_line_goes_by_another_way(world: World) -> None:
    first, carried, withdrawn = ready(world, 3)
    world.go_to(CLOSES[FIRST])
    world.run_rounds()
    world.execute(MarkRoundLines(FIRST, [first], True), "issuer")
    world.execute(CarryOverLines(FIRST, [carried], "หน่วยขอเลื่อน"), "issuer")
    world.run_rounds()
    assert [item["element_id"] for item in world.items("issuer")] == ["confirm"]  # one is left
    world.execute(WithdrawCase(withdrawn), "requester")
    world.run_rounds()
    assert world.items("issuer") == []
    assert world.case(round_case(world, FIRST))["stage"] == "รอวันมีผล"
    world.go_to(GRANTED[FIRST])
    world.run_rounds()
    assert outcomes(world, [first, carried, withdrawn]) == ["approved", "", "withdrawn"]
    assert rounds(world)[FIRST][0] == "issued"


def test_nobody_confirms_their_own_line(world: World) -> None:
    world.run_rounds()
    issuer = world.actor("issuer")
    own = send(world, issuer)
    other = send(world, serial=2)
    for case_id in (own, other):
        approve(world, case_id)
    world.go_to(CLOSES[FIRST])
    world.run_rounds()
    with pytest.raises(OwnRequest):
        world.execute(MarkRoundLines(FIRST, [own], True), "issuer")
    world.do("issuer", "confirm", confirm=True)
    assert (line(world, own), line(world, other)) == ({FIRST: ("approved", "")}, {FIRST: ("confirmed", "")})
    assert world.item("issuer", "confirm")  # it waits for somebody else
    colleague = Actor("colleague", "ผู้ออกรหัสอีกคน", frozenset({"issuer"}), account_id=1)
    world.do(colleague, "confirm", confirm=True)
    world.go_to(GRANTED[FIRST])
    world.run_rounds()
    assert outcomes(world, [own, other]) == ["approved", "approved"]


def test_why_a_line_was_carried_over_stays_true(world: World) -> None:
    world.run_rounds()
    case_id = send(world)
    approve(world, case_id, until="owner_decide")
    world.go_to(CLOSES[FIRST])
    world.run_rounds()
    reason = "เลื่อนจากรอบก่อน เพราะเมื่อปิดรายชื่อคำขออยู่ขั้น เจ้าของระบบพิจารณา"
    assert line(world, case_id) == {FIRST: ("carried", reason), SECOND: ("waiting", reason)}
    world.do("owner", "owner_decide", case_id, decision="approve")
    assert line(world, case_id) == {FIRST: ("carried", reason), SECOND: ("approved", "")}


def test_carried_over_by_hand(world: World) -> None:
    (case_id,) = ready(world, 1)
    with pytest.raises(NotAllowed):
        world.execute(CarryOverLines(FIRST, [case_id], "หน่วยขอเลื่อน"), "requester")
    with pytest.raises(InvalidAnswers):
        world.execute(CarryOverLines(FIRST, [case_id], " "), "issuer")
    assert world.execute(CarryOverLines(FIRST, [case_id], "หน่วยขอเลื่อน"), "issuer") == SECOND
    with pytest.raises(Conflict):
        world.execute(CarryOverLines(FIRST, [case_id], "หน่วยขอเลื่อน"), "issuer")
    world.run_rounds()
    assert line(world, case_id)[SECOND] == ("approved", "หน่วยขอเลื่อน")
    assert world.variables(case_id)["effective_on"] == "2026-11-27"
    assert "หน่วยขอเลื่อน" in world.sent(person(1)["email"])[0]["text"]
    assert "round.carried" in world.told(case_id)
    for at in (CLOSES[FIRST], CLOSES[SECOND]):
        world.go_to(at)
        world.run_rounds()
    world.do("issuer", "confirm", confirm=True)
    world.go_to(GRANTED[SECOND])
    world.run_rounds()
    assert outcomes(world, [case_id]) == ["approved"]


def test_a_case_that_begins_after_its_list_closed_is_carried_over(world: World) -> None:
    """The smart-card part of a mixed request, sent in time while no worker ran."""
    world.run_rounds()
    first = access_requests.begin(world, "requester", person(1))
    world.do("requester", "roles", first, roles=["904", "100"])
    files = {name: [world.upload("requester")] for name in ("letter", "letter_smartcard", "id_copy")}
    world.do("requester", "attachments", first, evidence_kind="citizen_card", **files)
    world.do("requester", "otp_enter", first, otp_code=world.code_for(person(1)["mobile"]))
    world.go_to(GRANTED[FIRST])
    for _ in range(3):
        world.tick()  # the round ends, empty
    world.run_rounds()
    with world.runtime.reading() as db:
        (second,) = linked.others(db, first)
    assert {round_id: state for round_id, (state, _) in line(world, second["id"]).items()} == {
        FIRST: "carried",
        SECOND: "waiting",
    }
    assert world.variables(second["id"])["effective_on"] == "2026-11-27"


class CountsFirst:
    """A control: opens a round if none is open, as if nobody else could at the same time."""

    def __init__(self, together: threading.Barrier) -> None:
        self.together = together

    def run(self, work: Work) -> None:
        open_already = work.db.execute(select(IssuanceRound.id)).first()
        self.together.wait()
        if open_already is None:
            write_messages(work, [start_of_case("issuance_round", {}, key=str(threading.get_ident()))], None)


def at_once(act: Callable[[threading.Barrier], object]) -> None:
    """Four nodes do the same at the same moment."""
    together = threading.Barrier(4)
    failures: list[BaseException] = []

    def node() -> None:
        try:
            act(together)
        except BaseException as failure:
            failures.append(failure)

    nodes = [threading.Thread(target=node) for _ in range(4)]
    for each in nodes:
        each.start()
    for each in nodes:
        each.join(60)
    assert failures == []


def starts(world: World) -> int:
    with world.runtime.reading() as db:
        return int(db.execute(select(func.count()).where(OutboxRow.kind == "case.start")).scalar_one())


def test_who_only_looks_first_opens_a_round_four_times(world: World) -> None:
    at_once(lambda together: world.runtime.execute(CountsFirst(together), WORKER))
    assert starts(world) == 4


def test_two_nodes_open_the_same_round_once(world: World) -> None:
    def node(together: threading.Barrier) -> None:
        together.wait()
        for _ in range(3):
            world.runtime.execute(OpenRounds(), WORKER)
            world.deliver()

    at_once(node)
    assert starts(world) == 1
    world.deliver()
    with world.runtime.reading() as db:
        opened = db.execute(select(func.count()).where(Case.process_id == "issuance_round")).scalar()
    assert (opened, list(rounds(world))) == (1, [FIRST])
    with pytest.raises(NotAllowed):
        world.execute(OpenRounds(), "admin")


@pytest.mark.parametrize("guarded", [True, False])
def test_an_approval_while_the_list_closes_is_on_it(
    world: World, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    """Somebody approves between the counting of the list and its closing. Without the guard the round would end with
    that line on it."""
    world.run_rounds()
    case_id = send(world)
    approve(world, case_id, until="owner_decide")
    world.go_to(CLOSES[FIRST])
    count, asked = Register.round_lines, []

    def overtaken(register: Register, round_id: str) -> Mapping[str, int]:
        counted = count(register, round_id)
        asked.append(counted)
        if len(asked) == 1:
            owner = threading.Thread(target=lambda: world.do("owner", "owner_decide", case_id, decision="approve"))
            owner.start()
            owner.join(60)
        return counted

    def unguarded(work: Work, case: Any, given: Mapping[str, Any], values: dict[str, Any]) -> None:
        work.write(update(IssuanceRound).where(IssuanceRound.id == given["round_id"]).values(state="listed"))

    monkeypatch.setattr(Register, "round_lines", overtaken)
    if not guarded:
        monkeypatch.setitem(WRITERS, "round.close", unguarded)
    for _ in range(3):
        world.tick()
    assert line(world, case_id) == {FIRST: ("approved", "")}
    assert rounds(world)[FIRST][0] == ("listed" if guarded else "issued")
    assert len(asked) == (2 if guarded else 1)


def test_a_worker_that_dies_midway_grants_nothing_twice(world: World) -> None:
    cases = ready(world, 5)
    world.go_to(CLOSES[FIRST])
    world.run_rounds()
    world.do("issuer", "confirm", confirm=True)
    world.go_to(GRANTED[FIRST])
    world.tick()
    assert world.runtime.execute(TellRoundMembers(2), WORKER) == 2  # and here it dies
    with world.runtime.reading() as db:
        queued = db.execute(select(func.count()).where(OutboxRow.kind == "case.tell")).scalar()
    world.deliver()
    for _ in range(2):  # two nodes take over and tell everybody once more
        world.run_rounds()
    assert outcomes(world, cases) == ["approved"] * 5
    with world.runtime.reading() as db:
        grants = db.execute(select(func.count()).where(Grant.role_code == "100", Grant.case_id.in_(cases))).scalar()
        told = db.execute(select(func.count()).where(OutboxRow.kind == "case.tell")).scalar()
    assert (grants, told - queued) == (5, 3)
