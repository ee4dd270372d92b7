"""Starting, withdrawing and cancelling cases; the calendar and the clock they live by."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.commands import samples
from tests.support.access_requests import begin, send
from tests.support.world import MORNING, World, person
from workflows.actor import CLOCK, Actor
from workflows.commands.amend_calendar import AmendCalendar, Day
from workflows.commands.cancel_case import CancelCase
from workflows.commands.complete_work_item import CompleteWorkItem
from workflows.commands.enrol_people import EnrolPeople
from workflows.commands.load_reference import LoadReference
from workflows.commands.pin_clock import PinClock
from workflows.commands.set_variables import SetVariables
from workflows.commands.start_case import StartCase
from workflows.commands.wake_case import WakeCase
from workflows.commands.withdraw_case import WithdrawCase
from workflows.errors import Conflict, NotAllowed, NotFound, SnapshotRejected
from workflows.pinned_clock import PinnedClock
from workflows.records import Case, Organisation


@pytest.fixture
def world(world: World) -> Iterator[World]:
    world.deploy(two_tasks__bpmn=samples.TWO_TASKS, deadline__bpmn=samples.DEADLINE)
    yield world
    world.check()


def test_a_case_belongs_to_who_started_it(world: World) -> None:
    started = world.execute(StartCase("two_tasks", variables={"requester": "admin", "case_id": "1"}), "head")
    assert world.case(started.case_id)["requester"] == "head"
    assert world.variables(started.case_id) == {"requester": "head", "case_id": str(started.case_id)}
    with pytest.raises(NotFound):
        world.start("no_such_process", "head")
    exact = world.execute(StartCase(definition_key=started.definition_key, business_id="B-1"), "head")
    assert exact.definition_key == started.definition_key
    assert world.case(exact.case_id)["business_id"] == "B-1"


def test_what_a_case_knows_is_unreadable_at_rest_and_bound_to_it(world: World) -> None:
    case_id = world.start("two_tasks", "head", secret="ความลับมาก").case_id
    other = world.start("two_tasks", "head").case_id
    snapshot = bytes(world.case(case_id)["snapshot"])
    assert "ความลับมาก".encode() not in snapshot
    with world.database.begin() as db:
        db.execute(Case.__table__.update().values(snapshot=snapshot).where(Case.id == other))
    world.services.cache.clear()
    with pytest.raises(SnapshotRejected):  # a snapshot copied from another case is refused
        world.do("issuer", "first", other)
    with world.database.begin() as db:
        db.execute(Case.__table__.update().values(snapshot=b"", state="TERMINATED").where(Case.id == other))
        db.exec_driver_sql(f"DELETE FROM work_items WHERE case_id = {other}")


def test_cancelling_takes_everything_away_but_the_history(world: World) -> None:
    case_id = world.start("deadline", "requester").case_id
    item = world.item("issuer", "ask", case_id)["id"]
    for who in ("issuer", "head", "auditor"):
        with pytest.raises(NotAllowed):
            world.execute(CancelCase(case_id), who)
    world.execute(CancelCase(case_id), "admin")
    case = world.case(case_id)
    assert (case["state"], case["wake_at"], case["ended_at"]) == ("TERMINATED", None, world.clock.now())
    with pytest.raises(Conflict, match="no longer needed"):
        world.execute(CompleteWorkItem(item, {}), "issuer")
    with pytest.raises(Conflict):
        world.execute(CancelCase(case_id), "admin")
    with pytest.raises(Conflict):
        world.execute(SetVariables(case_id, {"a": 1}), "admin")
    world.later(hours=2)
    assert (world.tick(), world.execute(WakeCase(case_id), CLOCK)) == (0, False)
    assert world.told(case_id) == ["case.started", "case.cancelled", "cancelled:ask"]


def test_a_requester_drops_a_draft_but_not_what_was_sent(world: World) -> None:
    draft = begin(world, "requester", person(1))
    with pytest.raises(NotAllowed):
        world.execute(CancelCase(draft), "requester2")
    world.execute(CancelCase(draft), "requester")
    sent = send(world, serial=2)
    with pytest.raises(NotAllowed):
        world.execute(CancelCase(sent), "requester")
    world.execute(WithdrawCase(sent), "requester")
    with pytest.raises(NotAllowed):
        world.execute(WithdrawCase(sent), "requester")


def test_variables_are_set_by_process_owners_and_named_in_the_history(world: World) -> None:
    case_id = world.start("two_tasks", "head", amount=1).case_id
    for who in ("head", "issuer", "auditor"):
        with pytest.raises(NotAllowed):
            world.execute(SetVariables(case_id, {"amount": 2}), who)
    world.execute(SetVariables(case_id, {"amount": 2, "note": "ลับ"}), "designer")
    assert world.variables(case_id)["amount"] == 2
    told = world.history(case_id)[-1]
    assert (told["kind"], told["data"]["names"]) == ("variables.set", ["amount", "note"])
    assert "ลับ" not in str(told)
    world.do("issuer", "first", case_id)


@pytest.mark.parametrize("who", ["head", "region", "designer", "auditor", "issuer"])
def test_only_the_administration_keeps_calendar_and_clock(world: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        world.execute(AmendCalendar([Day(date(2026, 11, 20), "holiday", "วันหยุด")]), who)
    with pytest.raises(NotAllowed):
        world.execute(PinClock(MORNING), who)
    for command in (EnrolPeople([]), LoadReference()):
        with pytest.raises(NotAllowed):
            world.execute(command, who)


def test_days_are_declared_changed_and_taken_back(world: World) -> None:
    friday, saturday = date(2026, 11, 20), date(2026, 11, 21)

    def works(day: date) -> bool:
        return world.services.holidays.calendar().is_working(day)

    assert (works(friday), works(saturday)) == (True, False)
    declared = AmendCalendar([Day(friday, "holiday", "วันหยุดพิเศษ"), Day(saturday, "workday", "ทำงานชดเชย")])
    version = world.execute(declared, "admin")
    assert (works(friday), works(saturday)) == (False, True)
    assert world.execute(AmendCalendar([Day(friday, "none"), Day(saturday, "none")]), "admin") == version + 1
    assert (works(friday), works(saturday)) == (True, False)


def test_a_pinned_clock_stands_for_every_process(world: World) -> None:
    here, there = PinnedClock(world.database), PinnedClock(world.database)
    at = datetime(2027, 3, 1, 8, 30, tzinfo=UTC)
    world.execute(PinClock(at), "admin")
    world.execute(PinClock(at + timedelta(days=1)), "admin")
    here.changed()
    assert here.now() == there.now() == at + timedelta(days=1)
    world.execute(PinClock(None), "admin")
    here.changed()
    assert abs(here.now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_reference_data_that_is_there_stays_as_it_was_made(world: World) -> None:
    system = Actor("system:deploy")
    unit = {"code": "99001", "name": "อีกชื่อหนึ่ง", "kind": "clinic", "province": "", "region": "7"}
    assert world.execute(LoadReference(organisations=[unit]), system) == 0
    assert world.execute(LoadReference(organisations=[{**unit, "code": "99099"}]), system) == 1
    with world.runtime.reading() as db:
        names = {row.code: row.name for row in db.execute(select(Organisation.code, Organisation.name))}
    assert (names["99001"], names["99099"]) == ("รพ.สต.ตัวอย่าง ก (สาธิต)", "อีกชื่อหนึ่ง")


def test_conditions_and_tables_count_the_working_days_of_the_office(world: World) -> None:
    fifteen = 'working days after("2026-11-02", 15) = date("2026-11-23")'
    table = samples.TABLE.format(expression=fifteen)
    world.deploy(choice__bpmn=samples.choice(f"={fifteen}"), by_table__bpmn=samples.by_table(), limit__dmn=table)
    for process_id in ("choice", "by_table"):
        case_id = world.start(process_id, "head").case_id
        world.do("issuer", "ask", case_id)
        assert world.item("issuer", "large", case_id)
