"""What people of LINE do in the browser: bound to the account that LINE confirmed, told what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, insert, select

from app import create_app
from app.adapters.demo_patients import OWN_BLOCK, PATIENTS
from app.adapters.line_simulated import USERS
from app.wiring import build
from tests.support.booking import PATIENT, book, booking, line_actor
from tests.support.world import World
from workflows.operators.texts import version_of
from workflows.queries import line_proofs
from workflows.queue_register import QueueRegister
from workflows.records import Authentication, HistoryRow, LineFamily, LinePerson
from workflows.register import Register
from workflows.rules import citizen_id, masking

ADULT, SSS, VACANT, CHILD = PATIENTS[0], PATIENTS[11], PATIENTS[17], PATIENTS[19]
FIFTEEN = next(each for each in PATIENTS if each.age == 15)
FOURTEEN = next(each for each in PATIENTS if each.age == 14)
SILENT = next(each for each in PATIENTS if each.silent)
UNIT_QR = "SITTHI:U:99003:PG0060001"
NOBODY = citizen_id.make(OWN_BLOCK, 9999)
"""The registry of the demonstration does not know this number."""


@pytest.fixture
def phone(world: World) -> Iterator[FlaskClient]:
    app = create_app(wired=world.product)
    app.config["WTF_CSRF_ENABLED"] = False
    yield app.test_client()
    world.check()


def sign_in(phone: FlaskClient, user: str = "user1") -> None:
    """As the simulator does it: LINE's page, a choice, back with a code."""
    page = phone.get("/line/sign-in", follow_redirects=True).text
    asked = dict(re.findall(r'name="(state|nonce)" value="([^"]+)"', page))
    answer = phone.post("/demo/line/sign-in", data={**asked, "user": user})
    assert phone.get(answer.location).location == "/line"


def version(phone: FlaskClient) -> str:
    found = re.search(r'name="version" value="([0-9a-f]{64})"', phone.get("/line/register").text)
    assert found is not None
    return found[1]


def register(phone: FlaskClient, pid: str, **other: str) -> tuple[int, str]:
    data = {"pid": pid, "mobile": "0800000071", "consent": "yes", "version": version(phone), **other}
    answer = phone.post("/line/register", data=data)
    return answer.status_code, answer.text


def add(phone: FlaskClient, pid: str, relation: str, sha256: str, **other: str) -> tuple[int, str]:
    data = {"pid": pid, "relation": relation, "consent": "yes", "version": sha256, **other}
    answer = phone.post("/line/family", data=data)
    return answer.status_code, answer.text


def people(world: World) -> int:
    with world.runtime.reading() as db:
        return int(db.execute(select(func.count()).select_from(LinePerson)).scalar_one())


def test_nothing_without_signing_in_with_line(world: World, phone: FlaskClient) -> None:
    for path in ("/line/register", "/line/family", "/line/scan", "/line/codes"):
        assert phone.get(path).location == "/line"
    for path in ("/line/register", "/line/family", "/line/family/1/remove", "/line/scan", "/line/book", "/line/leave"):
        assert phone.post(path, data={"pid": ADULT.pid}).status_code == 403
    assert people(world) == 0


def test_a_code_or_state_of_another_browser_lets_nobody_in(world: World, phone: FlaskClient) -> None:
    other = create_app(wired=world.product)
    other.config["WTF_CSRF_ENABLED"] = False
    thief = other.test_client()
    page = thief.get("/line/sign-in", follow_redirects=True).text
    asked = dict(re.findall(r'name="(state|nonce)" value="([^"]+)"', page))
    back = thief.post("/demo/line/sign-in", data={**asked, "user": "user2"}).location
    phone.get(back)  # a link sent to a victim: no state of theirs
    assert "ยังไม่ได้ลงทะเบียน" not in phone.get("/line").text
    phone.get("/line/sign-in")
    with phone.session_transaction() as session:
        state = session["line_asked"][0]
    phone.get(f"/line/callback?state={state}&code={re.search('code=([^&]+)', back)[1]}")  # type: ignore[index]
    assert "ยังไม่ได้ลงทะเบียน" not in phone.get("/line").text


def test_whoever_has_the_universal_right_registers(world: World, phone: FlaskClient) -> None:
    sign_in(phone)
    assert register(phone, ADULT.pid)[0] == 302
    page = phone.get("/line").text
    assert masking.pid(ADULT.pid) in page
    assert ADULT.pid not in page
    with world.runtime.reading() as db:
        (me,) = QueueRegister(db, world.keyring).people(line_actor(world, USERS[0].user_id))
        kept = db.execute(select(LinePerson.consent_sha256, LinePerson.consent_at)).one()
    assert (me["pid"], me["phone"]) == (ADULT.pid, "0800000071")
    assert kept == (version_kept(world), world.clock.now())


def version_kept(world: World) -> str:
    with world.runtime.reading() as db:
        return version_of(Register(db, world.keyring, locked=False).text("line_consent"))


@pytest.mark.parametrize(
    ("who", "says"),
    [(SSS, "สิทธิประกันสังคม"), (FOURTEEN, "15 ปีบริบูรณ์"), (SILENT, "ไม่ตอบ"), (None, "ไม่พบเลข")],
    ids=["another right", "too young", "registry silent", "unknown"],
)
def test_whoever_may_not_is_told_why_and_loses_nothing(
    world: World, phone: FlaskClient, who: object, says: str
) -> None:
    sign_in(phone)
    pid = who.pid if who is not None else NOBODY  # type: ignore[attr-defined]
    status, page = register(phone, pid)
    assert (status, people(world)) == (422, 0)
    assert says in page
    assert f'value="{pid}"' in page


@pytest.mark.parametrize("who", [VACANT, FIFTEEN], ids=["a vacant right", "fifteen today"])
def test_the_edges_of_who_may(world: World, phone: FlaskClient, who: object) -> None:
    sign_in(phone)
    assert register(phone, who.pid)[0] == 302  # type: ignore[attr-defined]


def test_declining_keeps_the_refusal_and_nothing_else(world: World, phone: FlaskClient) -> None:
    sign_in(phone)
    answer = phone.post("/line/register", data={"_go": "decline", "pid": ADULT.pid}, follow_redirects=True)
    assert "ไม่ยินยอม" in answer.text
    assert people(world) == 0
    with world.runtime.reading() as db:
        assert db.execute(select(HistoryRow.kind).where(HistoryRow.kind == "line.declined")).all()


def test_consent_is_to_the_text_that_was_read(world: World, phone: FlaskClient) -> None:
    sign_in(phone)
    assert register(phone, ADULT.pid, consent="")[0] == 422
    assert register(phone, ADULT.pid, version="0" * 64)[0] == 422
    assert people(world) == 0


def test_one_account_one_person(world: World, phone: FlaskClient) -> None:
    sign_in(phone)
    sha256 = version(phone)
    assert register(phone, ADULT.pid)[0] == 302
    sign_in(phone, "user2")
    status, page = register(phone, ADULT.pid)
    assert status == 422
    assert "บัญชี LINE อื่น" in page
    sign_in(phone, "user1")
    again = phone.post(
        "/line/register", data={"pid": VACANT.pid, "mobile": "0800000071", "consent": "yes", "version": sha256}
    )
    assert again.status_code == 422
    phone.post("/line/leave")
    assert register(phone, VACANT.pid)[0] == 302  # after leaving, both are free again
    sign_in(phone, "user2")
    assert register(phone, ADULT.pid)[0] == 302


def test_five_members_and_no_more(world: World, phone: FlaskClient) -> None:
    sign_in(phone)
    sha256 = version(phone)
    register(phone, ADULT.pid)
    wrong = {
        (ADULT.pid, "child"): "ท่านเอง",
        (CHILD.pid, "cousin"): "เลือกความสัมพันธ์",
        (NOBODY, "parent"): "ไม่พบเลข",
        ("123", "parent"): "13 หลัก",
    }
    for (pid, relation), says in wrong.items():
        status, page = add(phone, pid, relation, sha256)
        assert status == 422
        assert says in page
    family = [each for each in PATIENTS if each.pid not in (ADULT.pid, SILENT.pid) and not each.silent][:6]
    for each in family[:5]:
        assert add(phone, each.pid, "parent", sha256)[0] == 302
    assert "อยู่ในครอบครัวของท่านแล้ว" in add(phone, family[0].pid, "parent", sha256)[1]
    assert "ครบ 5 คนแล้ว" in add(phone, family[5].pid, "child", sha256)[1]
    with world.runtime.reading() as db:
        first = db.execute(select(LineFamily.id).where(LineFamily.place == 1)).scalar_one()
    phone.post(f"/line/family/{first}/remove")
    page = add(phone, family[5].pid, "child", sha256)[1]  # the eleventh look-up of the registry in a quarter of an hour
    assert "ลองหลายครั้งเกินไป" in page


def test_a_member_of_another_family_is_nobodys_to_remove_or_to_scan_for(world: World, phone: FlaskClient) -> None:
    sign_in(phone)
    sha256 = version(phone)
    register(phone, ADULT.pid)
    add(phone, CHILD.pid, "child", sha256)
    with world.runtime.reading() as db:
        member = db.execute(select(LineFamily.id)).scalar_one()
    sign_in(phone, "user2")
    register(phone, VACANT.pid)
    assert phone.post(f"/line/family/{member}/remove").status_code == 404
    assert phone.post("/line/scan", data={"qr_text": UNIT_QR, "patient": str(member)}).status_code == 404


def test_scanning_for_the_family_is_proof_for_that_day(world: World, phone: FlaskClient) -> None:
    sign_in(phone)
    sha256 = version(phone)
    register(phone, ADULT.pid)
    add(phone, CHILD.pid, "child", sha256)
    with world.runtime.reading() as db:
        member = db.execute(select(LineFamily.id)).scalar_one()
    for wrong in ("SITTHI:U:99001:PG0060001", "SITTHI:U:99003:PG0090001", "SITTHI:B:" + "A" * 24, "PP1234567890", ""):
        assert phone.post("/line/scan", data={"qr_text": wrong, "patient": str(member)}).status_code == 422
    page = phone.post("/line/scan", data={"qr_text": UNIT_QR, "patient": str(member)})
    assert (page.status_code, "ยืนยันแล้ว" in page.text) == (200, True)
    today = date(2026, 11, 2)
    with world.runtime.reading() as db:
        found = line_proofs.proof(db, world.keyring, "99003", CHILD.pid, today)
        assert line_proofs.proof(db, world.keyring, "99003", ADULT.pid, today) is None
        assert line_proofs.proof(db, world.keyring, "99003", CHILD.pid, date(2026, 11, 3)) is None
    assert found is not None
    assert (found["relation"], found["scanned_by"]) == ("child", masking.pid(ADULT.pid))
    phone.post("/line/leave")
    with world.runtime.reading() as db:
        assert line_proofs.proof(db, world.keyring, "99003", CHILD.pid, today) is None


def test_codes_of_the_family_masked_and_of_nobody_else(world: World, phone: FlaskClient) -> None:
    codes = {ADULT.pid: "PP1111111111", VACANT.pid: "PP2222222222"}
    with world.database.begin() as db:
        for pid, code in codes.items():
            db.execute(insert(Authentication), authentication(world, pid, code))
    sign_in(phone)
    register(phone, ADULT.pid)
    page = phone.get("/line/codes").text
    assert "PPXXXXXXXX11" in page
    assert "PPXXXXXXXX22" not in page
    assert codes[VACANT.pid] not in page
    assert codes[ADULT.pid] not in page


def authentication(world: World, pid: str, code: str) -> dict[str, object]:
    made = dict.fromkeys(("reason", "illness", "visit_number", "void_reason"), "")
    nothing = dict.fromkeys(
        ("case_id", "closed_at", "closed_by", "claimable", "not_claimable", "voided_at", "voided_by")
    )
    return {
        **made,
        **nothing,
        "claim_code": code,
        "unit_code": "99003",
        "region": "7",
        "service_on": date(2026, 11, 2),
        "service_code": "PG0060001",
        "visit_kind": "general",
        "profession": "nursing",
        "method": "line",
        "source": "desk",
        "pid_index": world.keyring.index("pid", pid),
        "pid_sealed": b"",
        "pid_masked": masking.pid(pid),
        "age": 36,
        "rights_class": "UCS",
        "details": b"",
        "evidence": [],
        "state": "open",
        "review": "none",
        "opened_at": world.clock.now(),
        "opened_by": "frontdesk",
        "revision": 1,
    }


def test_the_page_of_a_booking_shows_its_qr_and_cancels(world: World, phone: FlaskClient) -> None:
    case_id = book(world, "requester")
    token = booking(world, case_id)["token"]
    page = phone.get(f"/booking/{token}")
    assert page.status_code == 200
    assert PATIENT["pid"] not in page.text
    assert f"{PATIENT['first_name']} {PATIENT['last_name']}" not in page.text
    assert phone.get(f"/booking/{token}/qr.svg").content_type == "image/svg+xml"
    assert phone.get(f"/booking/{token}/qr.png").data.startswith(b"\x89PNG")
    assert phone.get("/booking/" + "A" * 24).status_code == 404
    phone.post(f"/booking/{token}/cancel", data={"reason": "ติดธุระ"})
    assert booking(world, case_id)["state"] == "cancelled"
    assert phone.get(f"/booking/{token}/qr.svg").status_code == 404
    again = phone.post(f"/booking/{token}/cancel", follow_redirects=True)
    assert "ยกเลิกคิวนี้ไม่ได้แล้ว" in again.text


def test_the_simulator_is_for_demonstrations_only(world: World, phone: FlaskClient) -> None:
    real = build(replace(world.product.settings, demo=False), clock=world.clock)
    app = create_app(wired=real)
    app.config["WTF_CSRF_ENABLED"] = False
    browser = app.test_client()
    for path in ("/demo/line", "/demo/line/chat", "/demo/line/sign-in", "/line/sign-in", "/line/callback"):
        assert browser.get(path).status_code == 404
    for path in ("/demo/line/sign-in", "/demo/line/send", "/line/webhook"):
        assert browser.post(path).status_code == 404
    real.database.dispose()


def test_the_chat_of_the_simulator(world: World, phone: FlaskClient) -> None:
    sign_in(phone)
    register(phone, ADULT.pid)
    phone.post("/demo/line/send", data={"text": UNIT_QR})
    world.deliver()
    world.deliver()
    assert "แจ้งเจ้าหน้าที่" in phone.get("/demo/line").text
    sign_in(phone, "user2")
    assert "แจ้งเจ้าหน้าที่" not in phone.get("/demo/line").text
