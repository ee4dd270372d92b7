"""A place in a unit's queue: consent, held, booked, reminded of, come or not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time

import pytest
from sqlalchemy import select

from tests.support.booking import (
    PATIENT,
    TOMORROW,
    UNIT,
    USER,
    add_person,
    book,
    booking,
    line_actor,
    qr,
    register,
    to_slots,
)
from tests.support.patients import arrive as come
from tests.support.world import World
from workflows.commands.cancel_case import CancelCase
from workflows.commands.publish_message import PublishMessage
from workflows.commands.set_quota import SetQuota
from workflows.commands.withdraw_case import WithdrawCase
from workflows.errors import InvalidAnswers
from workflows.records import Consent, Quota
from workflows.rules import citizen_id, qr_codes

DAY = date.fromisoformat(TOMORROW)


@pytest.fixture(autouse=True)
def _always_true(world: World) -> Iterator[None]:
    yield
    world.check()


def slots(world: World, who: str, case_id: int) -> list[str]:
    item = world.item(who, "choose_slot", case_id)["id"]
    return [each["value"] for each in world.seen(who, item)["slots"]]


def arrive(world: World, case_id: int, text: str) -> None:
    world.do("frontdesk", "arrival", case_id, result="arrived", qr_text=text, identity_confirmed=True)


def test_an_officer_books_for_a_patient_who_comes(world: World) -> None:
    case_id = book(world, "requester")
    case = world.case(case_id)
    assert (case["unit_code"], case["region"], case["pid_masked"]) == (
        UNIT,
        "7",
        f"{PATIENT['pid'][:3]}XXXXXXXX{PATIENT['pid'][-2:]}",
    )
    assert case["number"]
    found = booking(world, case_id)
    assert (found["state"], found["slot"], found["pid"]) == ("booked", "09:00", PATIENT["pid"])
    (told,) = world.sent(PATIENT["mobile"])
    assert f"/booking/{found['token']}" in told["text"]
    world.go_to(DAY, time(8, 50))
    arrive(world, case_id, qr(world, case_id).lower())
    found = booking(world, case_id)
    assert (found["state"], found["arrived_by"]) == ("arrived", "frontdesk")
    assert world.case(case_id)["outcome"] == "arrived"
    assert "booking.arrived" in world.told(case_id)


def test_without_consent_nothing_is_kept_but_the_refusal(world: World) -> None:
    case_id = world.start("queue_booking", "frontdesk").case_id
    world.do("frontdesk", "consent", case_id, accepted="no")
    assert world.case(case_id)["outcome"] == "declined"
    with world.runtime.reading() as db:
        kept = db.execute(
            select(Consent.accepted, Consent.text_key, Consent.at).where(Consent.case_id == case_id)
        ).one()
    assert kept == (False, "booking_consent", world.clock.now())


def test_a_stranger_proves_the_mobile_first(world: World) -> None:
    case_id = book(world, world.visitor())
    assert booking(world, case_id)["relation"] == "other"


def test_somebody_of_line_books_for_themselves_and_is_told_there(world: World) -> None:
    person, me = register(world), line_actor(world)
    case_id = world.start("queue_booking", me).case_id
    world.do(me, "consent", case_id, accepted="yes")
    item = world.item(me, "patient", case_id)["id"]
    assert PATIENT["pid"] not in str(world.seen(me, item)["people"])
    with pytest.raises(InvalidAnswers):
        world.answer(me, item, patient="12345")
    world.answer(me, item, patient="self", pid="0990000000011")  # what is hidden is as if it were not there
    world.do(me, "where", case_id, profession="nursing", unit_code=UNIT, service_on=TOMORROW)
    world.do(me, "choose_slot", case_id, slot="10:00")
    world.do(me, "confirm", case_id, confirmed="yes")
    found = booking(world, case_id)
    assert (found["pid"], found["line_person_id"], found["line_to"]) == (PATIENT["pid"], person, USER)
    assert "จองคิวสำเร็จ" in world.sent(USER)[0]["text"]
    assert world.sent(PATIENT["mobile"]) == []


def test_only_units_that_stand_and_what_they_offer(world: World) -> None:
    case_id = world.start("queue_booking", "requester").case_id
    world.do("requester", "consent", case_id, accepted="yes")
    world.do("requester", "patient", case_id, **PATIENT)
    item = world.item("requester", "where", case_id)["id"]
    for wrong in (
        {"unit_code": "99001"},
        {"profession": "dental"},
        {"service_on": "2026-11-16"},
        {"province": "กรุงเทพมหานคร"},
    ):
        with pytest.raises(InvalidAnswers):
            world.answer(
                "requester", item, **{"profession": "nursing", "unit_code": UNIT, "service_on": TOMORROW, **wrong}
            )


def test_the_hours_of_the_personnel_count_where_they_are_known(world: World) -> None:
    add_person(world, "nursing", {"1": [["08:30", "10:00"], ["13:00", "14:00"]]})
    add_person(world, "nursing", {"every": [["09:00", "10:00"]]})
    add_person(world, "nursing", {"1": [["18:00", "20:00"]]}, ends_on=date(2026, 10, 31))
    case_id = to_slots(world, "requester")
    item = world.item("requester", "choose_slot", case_id)["id"]
    assert world.seen("requester", item)["capacity"] == {"08:30": 1, "09:00": 2, "09:30": 2, "13:00": 1, "13:30": 1}


def test_a_day_on_which_nobody_serves_leads_back(world: World) -> None:
    sunday = "2026-11-08"
    case_id = to_slots(world, "requester", service_on=sunday)
    again = world.item("requester", "where", case_id)["id"]
    assert "ไม่มีช่วงเวลาว่าง" in world.seen("requester", again)["queue_problem"]["th"]
    world.answer("requester", again, profession="nursing", unit_code=UNIT, service_on=TOMORROW)
    assert "08:30" in slots(world, "requester", case_id)


def test_a_full_time_is_not_offered_and_is_free_again_when_it_is_let_go(world: World) -> None:
    first = to_slots(world, "requester")
    second = to_slots(world, "requester2", {**PATIENT, "pid": "0990000000011"})
    world.do("requester", "choose_slot", first, slot="09:00")
    world.do("requester2", "choose_slot", second, slot="09:00")  # it was free when the page was made
    problem = world.seen("requester2", world.item("requester2", "choose_slot", second)["id"])["queue_problem"]
    assert "เต็ม" in problem["th"]
    assert "09:00" not in slots(world, "requester2", second)
    world.later(minutes=11)
    world.tick()
    assert booking(world, first)["state"] == "expired"
    assert (
        "หมดเวลา" in world.seen("requester", world.item("requester", "choose_slot", first)["id"])["queue_problem"]["th"]
    )
    world.do("requester2", "choose_slot", second, slot="08:30")
    world.do("requester2", "confirm", second, confirmed="no")
    assert "09:00" in slots(world, "requester2", second)
    world.do("requester2", "choose_slot", second, slot="09:00")
    world.do("requester2", "confirm", second, confirmed="yes")
    assert booking(world, second)["state"] == "booked"


def test_a_hold_whose_case_was_cancelled_takes_no_seat(world: World) -> None:
    first = to_slots(world, "requester")
    world.do("requester", "choose_slot", first, slot="09:00")
    world.execute(CancelCase(first), "requester")
    second = book(world, "requester2", "09:00")
    assert booking(world, second)["state"] == "booked"


@pytest.mark.parametrize("booked", [True, False])
def test_an_administrator_ends_the_case_of_a_booking(world: World, booked: bool) -> None:
    world.execute(SetQuota(UNIT, "nursing", "2026-11", 1, 0), "region")
    case_id = to_slots(world, "requester")
    world.do("requester", "choose_slot", case_id, slot="09:00")
    if booked:
        world.do("requester", "confirm", case_id, confirmed="yes")
    before = len(world.sent(PATIENT["mobile"]))
    world.execute(CancelCase(case_id), "admin")
    found = booking(world, case_id)
    assert (found["state"], found["place"]) == ("cancelled", None)
    news = world.sent(PATIENT["mobile"])
    news = news[: len(news) - before]  # the newest come first
    assert [("ผู้ดูแลระบบยกเลิก" in each["text"]) for each in news] == [True] * booked
    assert {"booking.cancelled", "quota.released"} <= set(world.told(case_id))
    with world.runtime.reading() as db:
        assert db.execute(select(Quota.held)).scalar_one() == 0
    again = book(world, "requester2", "09:00")  # the seat, and the only place of the month, are free
    assert booking(world, again)["state"] == "booked"


def test_confirmed_a_moment_too_late(world: World) -> None:
    case_id = to_slots(world, "requester")
    world.do("requester", "choose_slot", case_id, slot="09:00")
    world.later(minutes=10)  # nobody has woken the case yet
    world.do("requester", "confirm", case_id, confirmed="yes")
    assert "09:00" in slots(world, "requester", case_id)
    assert world.case(case_id)["number"] is None


def test_one_place_a_day_for_the_same_person_and_profession(world: World) -> None:
    book(world, "requester")
    second = to_slots(world, "requester2")
    world.do("requester2", "choose_slot", second, slot="11:00")
    problem = world.seen("requester2", world.item("requester2", "choose_slot", second)["id"])["queue_problem"]
    assert "จองคิววิชาชีพเดียวกัน" in problem["th"]
    world.do("requester2", "choose_slot", second, slot="other")
    world.do("requester2", "where", second, profession="pharmacy", unit_code=UNIT, service_on=TOMORROW)
    world.do("requester2", "choose_slot", second, slot="11:00")
    world.do("requester2", "confirm", second, confirmed="yes")
    assert booking(world, second)["profession"] == "pharmacy"


def test_reminded_the_evening_before_and_missed_at_the_end_of_the_day(world: World) -> None:
    case_id = book(world, "requester")
    world.go_to(date(2026, 11, 2), time(18, 1))
    world.tick()
    assert len(world.sent(PATIENT["mobile"])) == 2
    assert world.sent(PATIENT["mobile"])[0]["text"].startswith("แจ้งเตือนคิว")
    world.go_to(date(2026, 11, 4), time(0, 1))
    world.tick()
    assert (booking(world, case_id)["state"], world.case(case_id)["outcome"]) == ("no_show", "no_show")
    assert world.items("frontdesk", "arrival") == []


def test_who_books_for_soon_is_not_told_twice(world: World) -> None:
    case_id = book(world, "requester", "09:30", service_on="2026-11-02")
    world.tick()
    assert len(world.sent(PATIENT["mobile"])) == 1
    assert world.item("frontdesk", "arrival", case_id)


def test_the_patient_cancels(world: World) -> None:
    case_id = book(world, "requester")
    world.execute(PublishMessage("withdraw", str(case_id), {"cancel_reason": "ติดธุระ"}), world.visitor())
    found = booking(world, case_id)
    assert (found["state"], found["end_reason"], found["place"]) == ("cancelled", "ติดธุระ", None)
    assert "ยกเลิกคิว" in world.sent(PATIENT["mobile"])[0]["text"]


def test_nobody_failed_to_come_before_it_was_time(world: World) -> None:
    case_id = book(world, "requester", "10:00")  # tomorrow
    item_id = world.item("frontdesk", "arrival", case_id)["id"]
    for moment in (time(9), time(9, 59, 59)):
        world.go_to(date.fromisoformat(TOMORROW), moment)
        with pytest.raises(InvalidAnswers) as early:
            world.answer("frontdesk", item_id, result="no_show")
        assert set(early.value.errors) == {"result"}
        assert "ยังไม่ถึงเวลาที่จองไว้" in early.value.errors["result"].th
        assert "booked time is still ahead" in early.value.errors["result"].en
    assert booking(world, case_id)["state"] == "booked"
    world.go_to(date.fromisoformat(TOMORROW), time(10))
    world.answer("frontdesk", item_id, result="no_show")
    assert (booking(world, case_id)["state"], world.case(case_id)["outcome"]) == ("no_show", "no_show")


def test_the_unit_cancels_and_the_patient_is_told_why(world: World) -> None:
    case_id = book(world, "requester")
    with pytest.raises(InvalidAnswers):
        world.do("frontdesk", "arrival", case_id, result="cancel")
    world.do("frontdesk", "arrival", case_id, result="cancel", comment="พยาบาลลาป่วย")
    assert "พยาบาลลาป่วย" in world.sent(PATIENT["mobile"])[0]["text"]
    assert booking(world, case_id)["state"] == "cancelled"


def test_another_qr_or_another_day_is_refused_at_the_desk(world: World) -> None:
    case_id = book(world, "requester")
    arrive(world, case_id, qr(world, case_id))
    problem = world.seen("frontdesk", world.item("frontdesk", "arrival", case_id)["id"])["arrival_problem"]
    assert "3 พฤศจิกายน 2569" in problem["th"]
    world.go_to(DAY)
    for wrong in (qr_codes.for_booking(qr_codes.new_token()), "PP1234567890", "99003"):
        arrive(world, case_id, wrong)
        problem = world.seen("frontdesk", world.item("frontdesk", "arrival", case_id)["id"])["arrival_problem"]
        assert "ไม่ใช่ของการจอง" in problem["th"]
    arrive(world, case_id, qr(world, case_id))
    assert booking(world, case_id)["state"] == "arrived"


def test_a_draft_is_given_up_after_a_day_with_what_it_held(world: World) -> None:
    case_id = to_slots(world, "requester")
    world.do("requester", "choose_slot", case_id, slot="09:00")
    world.later(hours=25)
    world.tick()
    assert (world.case(case_id)["outcome"], booking(world, case_id)["state"]) == ("expired", "expired")


def left(world: World) -> tuple[int, int, int]:
    wanted = Quota.unit_code == UNIT, Quota.profession == "nursing", Quota.month == "2026-11"
    with world.runtime.reading() as db:
        row = db.execute(select(Quota.total, Quota.held, Quota.used).where(*wanted)).one()
    return int(row.total), int(row.held), int(row.used)


def test_a_booking_holds_a_place_of_the_quota_until_its_code_uses_it(world: World) -> None:
    world.execute(SetQuota(UNIT, "nursing", "2026-11", 1, 0), "region")
    case_id = book(world, "requester")
    assert left(world) == (1, 1, 0)
    other = to_slots(world, "requester2", {**PATIENT, "pid": citizen_id.make("0", 7002)})
    world.do("requester2", "choose_slot", other, slot="10:00")
    item = next(item for item in world.items("requester2") if item["case_id"] == other)
    assert "เต็มแล้ว" in str(world.seen("requester2", item["id"]))
    world.go_to(DAY, time(8, 50))
    arrive(world, case_id, qr(world, case_id))
    visit = come(world, pid=PATIENT["pid"], booking_token=booking(world, case_id)["token"])
    assert left(world) == (1, 1, 0)  # the visit has taken over what was booked
    world.do("frontdesk", "confirm", visit, confirm=True)
    assert left(world) == (1, 0, 1)


@pytest.mark.parametrize("how", ["patient", "hold over"])
def test_a_booking_that_ends_gives_its_place_of_the_quota_back(world: World, how: str) -> None:
    world.execute(SetQuota(UNIT, "nursing", "2026-11", 5, 0), "region")
    if how == "patient":
        case_id = book(world, "requester")
        assert left(world) == (5, 1, 0)
        world.execute(WithdrawCase(case_id), "requester")
    else:
        case_id = to_slots(world, "requester")
        world.do("requester", "choose_slot", case_id, slot="09:00")
        assert left(world) == (5, 1, 0)
        world.later(hours=1)
        world.tick()
    assert left(world) == (5, 0, 0)
