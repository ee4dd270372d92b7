"""A patient comes to the desk of an innovation clinic: the ladder of proofs, the claim code, its closing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from app.demo import services
from tests.support.booking import PATIENT, book, booking, line_actor, qr, register
from tests.support.patients import BIRTH, DESK, DRUG, ENDORSER, MOBILE, PID, UNIT, arrive, card, looked_up, who_comes
from tests.support.world import World
from workflows.actor import DEPLOYER
from workflows.commands.cancel_case import CancelCase
from workflows.commands.keep_thaid_proof import KeepThaidProof
from workflows.commands.load_reference import LoadReference
from workflows.commands.publish_message import PublishMessage
from workflows.commands.scan_unit import ScanUnit
from workflows.commands.set_quota import SetQuota
from workflows.errors import InvalidAnswers, NotFound
from workflows.queries import authentications, claims
from workflows.records import (
    Authentication,
    AuthenticationChange,
    LineFamily,
    OutboxRow,
    Quota,
    Reading,
    RightsAnswer,
    new_id,
)
from workflows.rules import claim_code, qr_codes

TODAY = date(2026, 11, 2)


@pytest.fixture(autouse=True)
def _always_true(world: World) -> Iterator[None]:
    yield
    world.check()


def row(world: World, code: str) -> Any:
    with world.runtime.reading() as db:
        return db.execute(select(*Authentication.__table__.c).where(Authentication.claim_code == code)).one()


def photo(world: World) -> list[dict[str, Any]]:
    return [world.upload(DESK, "face.jpg")]


def code_of(world: World, case_id: int) -> str:
    code = str(world.variables(case_id)["claim_code"])
    assert claim_code.parse(code) == code
    return code


def confirmed(world: World, case_id: int) -> str:
    """The desk confirms what it is shown; gives the claim code."""
    world.do(DESK, "confirm", case_id, confirm=True)
    return code_of(world, case_id)


def tried(world: World, case_id: int) -> list[tuple[str, str]]:
    return [(each["method"], each["result"]) for each in world.variables(case_id)["attempts"]]


def test_the_illness_said_at_the_closing_makes_the_history_of_the_person(world: World) -> None:
    world.runtime.execute(LoadReference(illnesses=services.ILLNESSES), DEPLOYER)
    person = world.keyring.index("pid", PID)

    def treated() -> list[tuple[str, int]]:
        with world.runtime.reading() as db:
            found = claims.illnesses(db, world.actor(DESK), person, TODAY - timedelta(days=365))
        return [(each["code"], each["visits"]) for each in found]

    for illness in ("CI05", None):
        case_id = arrive(world)
        world.do(DESK, "identify", case_id, method="photo", photo=photo(world))
        code = confirmed(world, case_id)
        unknown = {"claimable": 1, "not_claimable": 0, "visit_number": "1", "illness": "CI99"}
        with pytest.raises(InvalidAnswers) as refused:
            world.do(DESK, "close", case_id, **unknown)
        assert set(refused.value.errors) == {"illness"}
        world.do(DESK, "close", case_id, **{**unknown, "illness": illness})
        assert row(world, code).illness == (illness or "")
        assert treated() == [("CI05", 1)]


def test_photo_and_number_to_the_code_and_its_closing(world: World) -> None:
    case_id = arrive(world, about={"abnormal_drugs": [DRUG]})
    item = world.item(DESK, "identify", case_id)
    assert world.seen(DESK, item["id"])["rights"]["main_class"] == "UCS"
    world.do(DESK, "identify", case_id, method="photo", photo=photo(world))
    shown = world.seen(DESK, world.item(DESK, "confirm", case_id)["id"])
    assert shown["rights"]["abnormal_drugs"] == [DRUG]
    code = confirmed(world, case_id)
    found = row(world, code)
    assert (found.state, found.method, found.review) == ("open", "photo", "none")
    assert (found.unit_code, found.region) == (UNIT, "7")
    assert (found.service_on, found.rights_class, found.age, found.source) == (TODAY, "UCS", 36, "desk")
    assert (found.opened_by, found.pid_masked) == (DESK, "000XXXXXXXX" + PID[-2:])
    with world.runtime.reading() as db:
        details = authentications.details_of(db, world.keyring, code)
        assert (details["pid"], details["mobile"], details["first_name"]) == (PID, MOBILE, "สมมติ")
        assert [each["claim_code"] for each in authentications.of_unit_day(db, UNIT, TODAY)] == [code]
        unclosed, more = authentications.unclosed(db, [UNIT])
        assert ([each["claim_code"] for each in unclosed], more) == ([code], None)
        assert unclosed[0]["work_item"] == world.item(DESK, "close", case_id)["id"]
        assert db.execute(select(RightsAnswer.case_id)).scalars().all() == [case_id]
    case = world.case(case_id)
    assert (case["number"], case["state"], case["unit_code"], case["stage"]) == (code, "ACTIVE", UNIT, "รอปิดสิทธิ")
    world.later(hours=2)
    world.do(DESK, "close", case_id, claimable=180.5, not_claimable=20, visit_number="VN-1")
    found = row(world, code)
    assert (found.state, found.claimable, found.not_claimable, found.visit_number) == ("closed", 18050, 2000, "VN-1")
    assert (found.closed_by, found.closed_at) == (DESK, world.clock.now())
    with world.runtime.reading() as db:
        changes = db.execute(select(AuthenticationChange.kind, AuthenticationChange.actor)).all()
        assert [tuple(each) for each in changes] == [("closed", DESK)]
        assert authentications.unclosed(db, [UNIT]) == ([], None)
    assert world.case(case_id)["outcome"] == "closed"


def test_nothing_personal_is_in_the_evidence_or_in_clear(world: World) -> None:
    case_id = arrive(world)
    world.do(DESK, "identify", case_id, method="photo", photo=photo(world))
    found = row(world, confirmed(world, case_id))
    for told in (str(found.evidence), found.details, found.pid_sealed, found.reason, str(world.history(case_id))):
        for secret in (PID, MOBILE, "สมมติ"):
            assert secret not in str(told)
            assert not isinstance(told, bytes) or secret.encode() not in told


def test_the_card_of_the_patient_by_a_user_with_a_dc_account(world: World) -> None:
    case_id = arrive(world)
    wrong = card(world, ENDORSER)
    world.do(DESK, "identify", case_id, method="card", reading_id=wrong)
    shown = world.seen(DESK, world.item(DESK, "identify", case_id)["id"])
    assert "ไม่ใช่ของผู้รับบริการรายนี้" in shown["problem"]["th"]
    right = card(world)
    world.do(DESK, "identify", case_id, method="card", reading_id=right)
    found = row(world, confirmed(world, case_id))
    assert (found.method, found.review) == ("card", "none")
    assert tried(world, case_id) == [("card", "failed"), ("card", "proven")]
    with world.runtime.reading() as db:
        bound = {each.id: each.case_id for each in db.execute(select(Reading.id, Reading.case_id))}
    assert bound == {int(right): case_id, int(wrong): None}
    other = arrive(world, pid=ENDORSER)
    world.do(DESK, "identify", other, method="card", reading_id=right)  # a reading serves one case only
    assert "ใช้กับรายการอื่นแล้ว" in world.seen(DESK, world.item(DESK, "identify", other)["id"])["problem"]["th"]


def test_an_old_reading_proves_nothing(world: World) -> None:
    case_id = arrive(world)
    reading = card(world)
    world.later(minutes=16)
    world.do(DESK, "identify", case_id, method="card", reading_id=reading)
    assert tried(world, case_id) == [("card", "failed")]
    assert "15 นาที" in world.seen(DESK, world.item(DESK, "identify", case_id)["id"])["problem"]["th"]


def test_the_card_tells_the_birth_date_that_the_registry_does_not(world: World) -> None:
    on_card = date(
        2010, 11, 2
    )  # 16 today; the registry knows the year only, so 1 January: 16 as well, but not the words
    reading = card(world, birth=on_card)
    about = {"birth": BIRTH, "birth_year": 2010, "birth_month": None, "birth_day": None}
    case_id = arrive(world, about=about, reading_id=reading)
    variables = world.variables(case_id)
    assert (variables["age"], variables["age_text"]["th"]) == (16, "16 ปี 0 เดือน 0 วัน")


@pytest.mark.parametrize(
    ("years", "days", "group"),
    [
        (6, 0, "special"),
        (7, 0, "special"),
        (14, 0, "special"),
        (15, 0, "special"),
        (15, 364, "special"),
        (16, 0, "general"),
        (60, 0, "general"),
        (60, 364, "general"),
        (61, 0, "special"),
    ],
)
def test_groups_by_age_on_the_day(world: World, years: int, days: int, group: str) -> None:
    birth = date.fromordinal(date(TODAY.year - years, TODAY.month, TODAY.day).toordinal() - days)
    case_id = arrive(world, about={"birth": birth})
    variables = world.variables(case_id)
    ladder = {"special": ("line", "face", "smartcard"), "general": ("face", "line", "endorsed")}[group]
    found = variables["ladder"]
    assert (variables["age"], found["group"]) == (years, group)
    assert (found["first"], found["second"], found["last"]) == ladder
    methods = [each["value"] for each in variables["methods"]]
    assert methods[:2] == list(ladder[:2])
    assert ("smartcard" in methods) == (group == "special")


@pytest.mark.parametrize("flag", ["face_problem", "vulnerable"])
def test_a_recorded_flag_makes_the_group_special(world: World, flag: str) -> None:
    assert world.variables(arrive(world, about={"flags": [flag]}))["ladder"]["group"] == "special"


def test_innovation_services_take_the_ladder_only(world: World) -> None:
    case_id = arrive(world, service_code="SA0020001")
    assert [each["value"] for each in world.variables(case_id)["methods"]] == ["face", "line", "endorsed"]


def test_smart_card_only_after_the_first_two_are_recorded(world: World) -> None:
    case_id = arrive(world, about={"birth": date(1950, 1, 1)})
    last = {"method": "smartcard", "relation": "child", "reason_text": "ลายนิ้วมือและใบหน้าสแกนไม่ได้"}
    form = world.form(DESK, world.item(DESK, "identify", case_id)["id"], {**last, "reading_id": card(world)})
    assert set(form.errors) == {"face_not_possible", "line_not_possible"}
    why = {"face_not_possible": "condition", "line_not_possible": "no_phone"}
    world.do(DESK, "identify", case_id, **last, **why, reading_id=card(world))
    found = row(world, confirmed(world, case_id))
    assert (found.method, found.review, found.reason) == ("smartcard", "awaiting", last["reason_text"])
    assert tried(world, case_id) == [("face", "not_possible"), ("line", "not_possible"), ("smartcard", "proven")]
    assert [(each["method"], each["why"]) for each in found.evidence][:2] == [
        ("face", "condition"),
        ("line", "no_phone"),
    ]
    with world.runtime.reading() as db:
        keys = db.execute(select(OutboxRow.key).where(OutboxRow.kind == "case.start")).scalars().all()
    assert keys == [f"case.start:smartcard_review/{found.claim_code}"]


def test_smart_card_is_not_for_the_general_group(world: World) -> None:
    case_id = arrive(world)
    form = world.form(DESK, world.item(DESK, "identify", case_id)["id"], {"method": "smartcard"})
    assert "ใช้วิธีนี้ไม่ได้" in form.errors["method"].th


def test_somebody_else_confirms_with_their_card(world: World) -> None:
    case_id = arrive(world)
    why = {"face_not_possible": "condition", "line_not_possible": "condition"}
    told = {
        "method": "endorsed",
        "endorser": "guardian",
        "relation": "parent",
        "reason": "unconscious",
        "proof": "card",
    }
    world.do(DESK, "identify", case_id, **told, **why, endorser_reading_id=card(world))  # the patient's own card
    assert "คนละคน" in world.seen(DESK, world.item(DESK, "identify", case_id)["id"])["problem"]["th"]
    world.do(DESK, "identify", case_id, **told, endorser_reading_id=card(world, ENDORSER))  # rungs are on record now
    code = confirmed(world, case_id)
    found = row(world, code)
    assert (found.method, found.reason) == ("endorsed", "ผู้ป่วยไม่รู้สึกตัว")
    with world.runtime.reading() as db:
        identity = authentications.details_of(db, world.keyring, code)["identity"]
    assert (identity["endorser_pid"], identity["relation"], identity["endorser"]) == (ENDORSER, "parent", "guardian")


@pytest.mark.parametrize(("years", "allowed"), [(6, True), (7, False)])
def test_reasons_go_by_age(world: World, years: int, allowed: bool) -> None:
    case_id = arrive(world, about={"birth": date(TODAY.year - years, TODAY.month, TODAY.day)})
    told = {"method": "endorsed", "endorser": "guardian", "relation": "parent", "reason": "under_7", "proof": "card"}
    why = {"face_not_possible": "condition", "line_not_possible": "condition"}
    answers = {**told, **why, "endorser_reading_id": card(world, ENDORSER)}
    errors = world.form(DESK, world.item(DESK, "identify", case_id)["id"], answers).errors
    assert ("reason" not in errors) == allowed


def face(world: World, case_id: int, **result: Any) -> None:
    """The face app answers the question that stands."""
    found = {"matched": True, "at": world.clock.now().isoformat(), "latitude": 16.44, "longitude": 102.83, **result}
    ref = world.variables(case_id)["face_ref"]
    world.execute(PublishMessage("face_result", ref, {"face_result": found}, must_correlate=True), "frontdesk")


def test_the_face_app_answers_in_time(world: World) -> None:
    case_id = arrive(world)
    world.do(DESK, "identify", case_id, method="face")
    with world.runtime.reading() as db:
        assert db.execute(select(OutboxRow.kind)).scalars().all() == ["face.ask"]
    world.do(DESK, "face_wait", case_id, go_on="wait")
    face(world, case_id, transaction="T1")
    found = row(world, confirmed(world, case_id))
    assert found.method == "face"
    assert tried(world, case_id) == [("face", "proven")]


def test_a_time_out_leads_down_the_ladder(world: World) -> None:
    case_id = arrive(world)
    world.do(DESK, "identify", case_id, method="face")
    world.later(minutes=2, seconds=59)
    world.tick()
    world.item(DESK, "face_wait", case_id)
    world.later(seconds=2)
    world.tick()
    shown = world.seen(DESK, world.item(DESK, "identify", case_id)["id"])
    assert (shown["method"], shown["unrecorded"]) == ("line", ["line"])
    assert tried(world, case_id) == [("face", "no_answer")]


@pytest.mark.parametrize(
    ("result", "why"), [({"matched": False, "reason": "score"}, "score"), ({"latitude": None}, "no_place")]
)
def test_a_face_that_does_not_match_or_has_no_place(world: World, result: dict[str, Any], why: str) -> None:
    case_id = arrive(world)
    world.do(DESK, "identify", case_id, method="face")
    face(world, case_id, **result)
    assert tried(world, case_id) == [("face", "failed")]
    assert world.variables(case_id)["attempts"][0]["why"] == why
    world.item(DESK, "identify", case_id)


def test_an_answer_to_an_earlier_question_reaches_nobody(world: World) -> None:
    case_id = arrive(world)
    world.do(DESK, "identify", case_id, method="face")
    old = world.variables(case_id)["face_ref"]
    world.do(DESK, "face_wait", case_id, go_on="other", face_not_possible="device")
    world.do(DESK, "identify", case_id, method="face")
    assert world.variables(case_id)["face_ref"] != old
    with pytest.raises(NotFound):
        world.execute(PublishMessage("face_result", old, {"face_result": {}}, must_correlate=True), "frontdesk")


def test_line_without_a_scan_stays_at_the_ladder(world: World) -> None:
    case_id = arrive(world)
    world.do(DESK, "identify", case_id, method="line")
    assert "ยังไม่พบการสแกน" in world.seen(DESK, world.item(DESK, "identify", case_id)["id"])["problem"]["th"]
    assert tried(world, case_id) == [("line", "failed")]


def test_a_unit_that_is_not_registered_is_refused_with_the_way_out(world: World) -> None:
    stranger = replace(world.actor(DESK), groups=frozenset({"frontdesk:99001"}))
    case_id = world.start("patient_authentication", stranger, **who_comes()).case_id
    case = world.case(case_id)
    assert (case["state"], case["outcome"], case["number"]) == ("COMPLETED", "refused", None)
    assert "OSS" in world.variables(case_id)["problem"]["th"]
    with world.runtime.reading() as db:
        assert db.execute(select(Authentication.claim_code)).all() == []


def test_what_is_missing_is_asked_for(world: World) -> None:
    case_id = world.start("patient_authentication", DESK).case_id
    shown = world.seen(DESK, world.item(DESK, "who", case_id)["id"])
    assert (shown["problem"], shown["unit_code"]) == (None, UNIT)
    world.do(DESK, "who", case_id, **{k: v for k, v in who_comes().items() if v})
    with world.runtime.reading() as db:  # nobody has looked up the rights: the worker does
        assert db.execute(select(OutboxRow.kind)).scalars().all() == ["rights.look_up"]


def test_the_registry_is_silent(world: World) -> None:
    case_id = world.start("patient_authentication", DESK, **who_comes()).case_id
    world.later(seconds=21)
    world.tick()
    world.do(DESK, "rights_silent", case_id, again="again")
    assert world.items(DESK) == []
    world.later(seconds=21)
    world.tick()
    world.do(DESK, "rights_silent", case_id, again="stop")
    assert world.case(case_id)["outcome"] == "rights_unknown"


def test_an_unknown_number_goes_back_to_the_form(world: World) -> None:
    case_id = arrive(world, about={"answer": None})
    shown = world.seen(DESK, world.item(DESK, "who", case_id)["id"])
    assert "ไม่รู้จัก" in shown["problem"]["th"]
    assert (shown["mobile"], shown["profession"]) == (MOBILE, "nursing")


@pytest.mark.parametrize("spoil", ["person", "hour", "asker"])
def test_only_a_fresh_answer_about_this_patient_for_this_desk_counts(world: World, spoil: str) -> None:
    other = {"person": {"pid": ENDORSER}, "asker": {"who": "frontdesk"}, "hour": {}}[spoil]
    if spoil == "asker":
        other = {"who": replace(world.actor(DESK), id="colleague")}
    answer = looked_up(world, **other)
    if spoil == "hour":
        world.later(minutes=16)
    case_id = world.start("patient_authentication", DESK, **who_comes(rights_answer=answer)).case_id
    assert world.items(DESK) == []  # the registry is asked anew
    assert world.variables(case_id).get("rights") is None


def test_no_code_after_the_day(world: World) -> None:
    case_id = arrive(world)
    world.do(DESK, "identify", case_id, method="photo", photo=photo(world))
    world.go_to(date(2026, 11, 3), time(0, 0, 1))
    world.do(DESK, "confirm", case_id, confirm=True)  # before the worker notices midnight
    assert world.case(case_id)["outcome"] == "day_over"
    with world.runtime.reading() as db:
        assert db.execute(select(Authentication.claim_code)).all() == []


def test_midnight_ends_what_has_no_code_and_leaves_what_has_one(world: World) -> None:
    half, whole = arrive(world), arrive(world, pid=ENDORSER)
    world.do(DESK, "identify", whole, method="photo", photo=photo(world))
    code = confirmed(world, whole)
    world.go_to(date(2026, 11, 2), time(23, 59, 59))
    world.tick()
    assert world.case(half)["state"] == "ACTIVE"
    world.go_to(date(2026, 11, 3), time(0, 0, 0))
    world.tick()
    assert (world.case(half)["outcome"], world.case(half)["state"]) == ("day_over", "COMPLETED")
    assert (world.case(whole)["state"], row(world, code).state) == ("ACTIVE", "open")
    world.do(DESK, "close", whole, claimable=0, not_claimable=0, visit_number="1")
    assert row(world, code).state == "closed"


def test_a_second_visit_is_told_the_open_code(world: World) -> None:
    first, second = arrive(world), arrive(world)
    for case_id in (first, second):
        world.do(DESK, "identify", case_id, method="photo", photo=photo(world))
    code = confirmed(world, first)
    assert confirmed(world, second) == code
    assert (world.case(second)["outcome"], world.case(second)["number"]) == ("already", None)
    third = arrive(world)
    assert (world.case(third)["outcome"], code_of(world, third)) == ("already", code)
    arrive(world, service_code="SA0020001")  # another service is another code
    world.do(DESK, "close", first, claimable=1, not_claimable=0, visit_number="1")
    world.item(DESK, "identify", arrive(world))  # closed: the patient may come again the same day


def test_a_closing_before_the_opening_or_in_the_future_is_asked_again(world: World) -> None:
    case_id = arrive(world)
    world.do(DESK, "identify", case_id, method="photo", photo=photo(world))
    code = confirmed(world, case_id)
    for wrong in ("2026-11-02T08:00:00", "2026-11-02T12:00:00"):
        world.do(DESK, "close", case_id, closed_at=wrong, claimable=5, not_claimable=0, visit_number="7")
        shown = world.seen(DESK, world.item(DESK, "close", case_id)["id"])
        assert (shown["visit_number"], "ปิดสิทธิ" in shown["problem"]["th"]) == ("7", True)
    world.later(hours=3)
    world.do(DESK, "close", case_id, closed_at="2026-11-02T11:00:00", claimable=5, not_claimable=0, visit_number="7")
    assert row(world, code).state == "closed"


def left(world: World) -> tuple[int, int, int]:
    wanted = Quota.unit_code == UNIT, Quota.profession == "nursing", Quota.month == "2026-11"
    with world.runtime.reading() as db:
        found = db.execute(select(Quota.total, Quota.held, Quota.used).where(*wanted)).one()
    return int(found.total), int(found.held), int(found.used)


def test_a_place_of_the_quota_is_held_used_and_given_back(world: World) -> None:
    world.execute(SetQuota(UNIT, "nursing", "2026-11", 1, 0), "region")
    case_id = arrive(world)
    assert left(world) == (1, 1, 0)
    refused = arrive(world, pid=ENDORSER)
    item = world.item(DESK, "who", refused)
    assert "เต็มแล้ว" in world.seen(DESK, item["id"])["problem"]["th"]
    world.answer(DESK, item["id"], **who_comes(pid=ENDORSER, profession="pharmacy"))  # has no limit
    assert left(world) == (1, 1, 0)
    world.do(DESK, "identify", case_id, method="photo", photo=photo(world))
    code = confirmed(world, case_id)
    assert left(world) == (1, 0, 1)
    world.start("authentication_void", DESK, claim_code=code, reason="ผิดคน")
    assert left(world) == (1, 0, 0)
    world.deliver()
    world.tick()
    assert (world.case(case_id)["outcome"], row(world, code).state) == ("voided", "void")


def test_a_place_of_the_quota_comes_back_where_no_code_was_given(world: World) -> None:
    first = arrive(world)
    world.do(DESK, "identify", first, method="photo", photo=photo(world))
    second = arrive(world)
    world.do(DESK, "identify", second, method="photo", photo=photo(world))
    confirmed(world, first)
    world.execute(SetQuota(UNIT, "nursing", "2026-11", 5, 0), "region")
    third = arrive(world, service_code="SA0020001")
    assert left(world) == (5, 1, 0)
    world.execute(CancelCase(third), "admin")
    assert left(world) == (5, 0, 0)
    assert "quota.released" in world.told(third)
    late = arrive(world, service_code="SA0020001")
    assert left(world) == (5, 1, 0)
    world.go_to(date(2026, 11, 3))
    world.do(DESK, "confirm", second, confirm=True)
    world.tick()
    assert (world.case(late)["outcome"], left(world)) == ("day_over", (5, 0, 0))
    assert world.case(second)["outcome"] in ("already", "day_over")


def test_a_smart_card_is_reviewed_from_the_counter_to_the_void(world: World) -> None:
    world.execute(SetQuota(UNIT, "nursing", "2026-11", 3, 0), "region")
    case_id = arrive(world, about={"birth": date(1950, 1, 1)})
    last = {"method": "smartcard", "relation": "child", "reason_text": "ลายนิ้วมือและใบหน้าสแกนไม่ได้"}
    why = {"face_not_possible": "condition", "line_not_possible": "no_phone"}
    world.do(DESK, "identify", case_id, **last, **why, reading_id=card(world))
    code = confirmed(world, case_id)
    world.deliver()
    item = world.item(DESK, "appeal")
    world.answer(DESK, item["id"], reason="ผู้ป่วยติดเตียง")
    review = world.item("reviewer", "review")
    world.answer("reviewer", review["id"], decision="reject", comment="ไม่ครบ")
    world.deliver()
    world.tick()
    assert (row(world, code).state, row(world, code).review, left(world)) == ("void", "voided", (3, 0, 0))
    assert world.case(case_id)["outcome"] == "voided"


def scanned(world: World, patient: str = "self", service: str = "PG0060001") -> None:
    """The patient, or who answers for them, scans the QR code of the unit."""
    world.execute(ScanUnit(qr_codes.for_unit(UNIT, service), patient), line_actor(world))


def test_line_by_oneself_proves_once(world: World) -> None:
    register(world, pid=PID)
    case_id = arrive(world)
    scanned(world, service="SA0010001")
    world.do(DESK, "identify", case_id, method="line")  # the QR code of another service
    scanned(world)
    world.do(DESK, "identify", case_id, method="line")
    code = confirmed(world, case_id)
    assert row(world, code).method == "line"
    assert tried(world, case_id) == [("line", "failed"), ("line", "proven")]
    again = arrive(world, service_code="SA0010001")
    world.do(DESK, "identify", again, method="line")
    assert tried(world, again) == [("line", "proven")]  # the other scan is still unused
    third = arrive(world, service_code="PG0130001")
    world.do(DESK, "identify", third, method="line")
    assert tried(world, third) == [("line", "failed")]


@pytest.mark.parametrize(("years", "result"), [(15, "proven"), (16, "failed"), (60, "failed"), (61, "proven")])
def test_a_relative_scans_for_the_special_group_only(world: World, years: int, result: str) -> None:
    owner = register(world)
    id_ = new_id()
    member = {
        "id": id_,
        "person_id": owner,
        "place": 1,
        "relation": "child" if years < 18 else "parent",
        "pid_sealed": world.keyring.seal(f"line.family/{id_}", PID.encode()),
        "pid_index": world.keyring.index("pid", PID),
        "pid_masked": "",
        "name": "",
        "consent_sha256": "0" * 64,
        "added_at": world.clock.now(),
        "removed_at": None,
    }
    with world.database.begin() as db:
        db.execute(insert(LineFamily), member)
    case_id = arrive(world, about={"birth": date(TODAY.year - years, TODAY.month, TODAY.day)})
    scanned(world, str(id_))
    world.do(DESK, "identify", case_id, method="line")
    assert tried(world, case_id) == [("line", result)]


def test_booked_ahead_goes_straight_to_the_confirmation(world: World) -> None:
    booked = book(world, "requester")
    token = qr(world, booked)
    world.go_to(date(2026, 11, 3), time(9))
    about = {"pid": PATIENT["pid"], "booking_token": token}
    early = arrive(world, **about)  # nobody has taken the patient in yet
    assert "ยังไม่ได้บันทึกรับ" in world.seen(DESK, world.item(DESK, "who", early)["id"])["problem"]["th"]
    world.do(DESK, "arrival", booked, result="arrived", qr_text=token, identity_confirmed=True)
    case_id = arrive(world, **about)
    found = row(world, confirmed(world, case_id))
    assert (found.method, found.profession, booking(world, booked)["state"]) == ("booking", "nursing", "used")
    world.do(DESK, "close", case_id, claimable=0, not_claimable=0, visit_number="1")
    again = arrive(world, **about)  # one booking, one code
    assert "ใช้ไม่ได้" in world.seen(DESK, world.item(DESK, "who", again)["id"])["problem"]["th"]


def test_an_endorser_by_thaid_is_used_up(world: World) -> None:
    why = {"face_not_possible": "condition", "line_not_possible": "condition"}
    told = {"method": "endorsed", "endorser": "caretaker", "relation": "caretaker", "reason": "unconscious"}
    answers = {**told, "proof": "thaid", "endorser_pid": ENDORSER}
    case_id = arrive(world)
    world.do(DESK, "identify", case_id, **answers, **why)
    assert "ThaID" in world.seen(DESK, world.item(DESK, "identify", case_id)["id"])["problem"]["th"]
    world.execute(KeepThaidProof("ask-1", DESK, UNIT, ENDORSER, "ผู้ดูแล ตัวอย่าง", "https://thaid.example", "2.3"), DESK)
    world.do(DESK, "identify", case_id, **answers)
    code = confirmed(world, case_id)
    with world.runtime.reading() as db:
        identity = authentications.details_of(db, world.keyring, code)["identity"]
    assert (identity["proof"], identity["endorser_pid"]) == ("thaid", ENDORSER)
    other = arrive(world, service_code="SA0010001")
    world.do(DESK, "identify", other, **answers, **why)
    assert tried(world, other)[-1] == ("endorsed", "failed")


def test_what_is_voided_need_not_be_closed(world: World) -> None:
    case_id = arrive(world)
    world.do(DESK, "identify", case_id, method="photo", photo=photo(world))
    code = confirmed(world, case_id)
    world.execute(PublishMessage("authentication_voided", code, must_correlate=True), DESK)
    assert world.case(case_id)["outcome"] == "voided"
    assert world.items(DESK, "close") == []


def test_the_confirmation_shows_the_abnormal_dispensing(world: World) -> None:
    case_id = arrive(world, about={"abnormal_drugs": [DRUG]})
    world.do(DESK, "identify", case_id, method="photo", photo=photo(world))
    form = world.form(DESK, world.item(DESK, "confirm", case_id)["id"], {})
    (table,) = [shown for line in form.rows for shown in line if shown.kind == "table"]
    shown = {**DRUG, "last_on": "20 ต.ค. 2569"}
    assert [str(value) for value in shown.values()] == list(table.body[0])
    assert len(table.header) == len(DRUG)
