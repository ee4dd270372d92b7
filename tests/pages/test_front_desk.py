"""The front desk without a browser: plain forms lead a patient from the look-up to the code; nobody else sees them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, time, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from app import create_app
from app.adapters.demo_patients import PATIENTS
from app.adapters.rights_demo import answer
from app.pages import front_desk
from tests.house.test_routes import signed_in
from tests.support.booking import PATIENT, TOMORROW, book, booking, qr
from tests.support.world import World
from workflows.clock import bangkok_date
from workflows.queries import desk as at_desk
from workflows.records import Authentication, InnovationUnit, RightsAnswer
from workflows.rules import citizen_id, qr_codes

GENERAL = PATIENTS[0]
SILENT = next(patient for patient in PATIENTS if patient.silent)
DRUGS = next(patient for patient in PATIENTS if patient.drugs)
VACANT = next(patient for patient in PATIENTS if patient.main_class == "VAC")
UNKNOWN = citizen_id.make("0991999", 77)


class Desk:
    """Somebody at the front desk, pressing buttons."""

    def __init__(self, world: World, username: str = "frontdesk") -> None:
        self.world = world
        self.app = create_app(wired=world.product)
        self.app.config["WTF_CSRF_ENABLED"] = False
        self.client: FlaskClient = signed_in(self.app, username)

    def look_up(self, typed: str, **more: str) -> TestResponse:
        return self.client.post("/front-desk/look-up", data={"pid": typed, **more})

    def start(self, page: TestResponse, **answers: str) -> TestResponse:
        fields = {**hidden(page.text), **chosen(page.text), "mobile": "0800000077", **answers}
        return self.client.post("/front-desk/start", data=fields, follow_redirects=True)

    def do(self, page: TestResponse, **answers: str) -> TestResponse:
        action = re.search(r'action="(/front-desk/\d+/\d+)"', page.text)
        assert action is not None, page.text[-3000:]
        return self.client.post(action[1], data=answers, follow_redirects=True)

    def coded(self, pid: str = GENERAL.pid) -> tuple[TestResponse, str]:
        """A patient who was authenticated: the page, and the code."""
        page = self.start(self.look_up(pid))
        photo = self.world.upload("frontdesk", "face.jpg")["documentId"]
        page = self.do(page, method="photo", photo=photo)
        page = self.do(page, confirm="true")
        code = re.search(r'id="claim">([A-Z]{2}\d{10})<', page.text)
        assert code is not None, page.text[-3000:]
        return page, code[1]


def hidden(text: str) -> dict[str, str]:
    form = text[text.index('action="/front-desk/start"') :]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))


def chosen(text: str) -> dict[str, str]:
    """What selects and radios of the page have chosen."""
    selects = re.findall(r'<select[^>]* name="(\w+)".*?<option value="([^"]+)" selected', text, re.DOTALL)
    radios = re.findall(r'<input type="radio" name="(\w+)" value="([^"]+)" checked', text)
    return dict(selects + radios)


@pytest.fixture
def desk(world: World) -> Iterator[Desk]:
    yield Desk(world)
    world.check()


def test_from_the_look_up_to_the_code(desk: Desk) -> None:
    page = desk.look_up(GENERAL.pid)
    assert page.status_code == 200
    for words in ("นายกล้า ตัวอย่าง", "UCS", "36 ปี 3 เดือน 8 วัน", "เกิด กรกฎาคม 2533", "ทะเบียนสาธิต"):
        assert words in page.text
    assert GENERAL.pid not in page.request.path
    page = desk.start(page)
    assert "ยืนยันด้วยวิธีนี้" in page.text
    assert [label in page.text for label in ("สแกนใบหน้า", "LINE", "ภาพถ่ายคู่กับบัตร")] == [True] * 3
    page = desk.do(page, method="line")  # nobody has scanned
    assert "ยังไม่พบการสแกน QR" in page.text
    page, code = desk.coded(DRUGS.pid)
    with desk.world.runtime.reading() as db:
        row = db.execute(select(*Authentication.__table__.c)).one()
    assert (row.claim_code, row.method, row.unit_code, row.rights_class) == (code, "photo", "99003", "UCS")
    assert page.text.count(code) >= 2  # on the screen and in the queue
    assert 'src="data:image/svg+xml;base64,' in page.text
    again = desk.client.get("/front-desk").text
    assert code in again
    assert "กล้า ตัวอย่าง" in again  # begun, and waiting to be taken up again


def test_abnormal_dispensing_is_shown_before_confirming(desk: Desk) -> None:
    page = desk.look_up(DRUGS.pid)
    assert "การรับยาที่ผิดปกติ" in page.text
    assert "tramadol" in page.text
    assert "ไม่พบการรับยาที่ผิดปกติ" in desk.look_up(GENERAL.pid).text
    assert "ว่าง" in desk.look_up(VACANT.pid).text


@pytest.mark.parametrize(
    ("typed", "words", "status"),
    [
        ("", "13 หลัก", 422),
        ("0991000000012", "หลักสุดท้ายไม่ตรง", 422),
        (UNKNOWN, "ไม่รู้จักเลขนี้", 422),
        (SILENT.pid, "ทะเบียนสิทธิไม่ตอบ", 503),
        ("SITTHI:U:99001:PG0060001", "หน่วยบริการอื่น", 422),
        (qr_codes.for_booking("A" * 24), "QR การจองนี้ใช้ไม่ได้", 422),
        ("PP0000000000", "ไม่พบรหัสเข้ารับบริการนี้", 422),
    ],
)
def test_what_does_not_work_says_so_and_keeps_what_was_typed(desk: Desk, typed: str, words: str, status: int) -> None:
    page = desk.look_up(typed)
    assert (page.status_code, words in page.text) == (status, True)
    if typed.isdigit():
        assert f'value="{typed}"' in page.text


def test_a_typed_number_may_have_spaces_dashes_and_thai_digits(desk: Desk) -> None:
    thai = GENERAL.pid.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))
    for typed in (f"{GENERAL.pid[0]}-{GENERAL.pid[1:5]}-{GENERAL.pid[5:]}", f" {GENERAL.pid} ", thai):
        assert "นายกล้า" in desk.look_up(typed).text


def test_scanned_codes_of_the_unit_and_of_slips(desk: Desk) -> None:
    page = desk.look_up("SITTHI:U:99003:SA0020001")
    assert "เลือกบริการ SA0020001" in page.text
    assert chosen(desk.look_up(GENERAL.pid).text)["service_code"] == "SA0020001"
    desk.look_up("SITTHI:U:99003:PG0060001")
    _, code = desk.coded()
    opened = desk.look_up(code.lower())
    assert opened.status_code == 302
    assert code in desk.client.get(opened.location).text


def test_whoever_booked_is_received_and_needs_no_other_proof(desk: Desk) -> None:
    case_id = book(desk.world, "requester")
    text = qr(desk.world, case_id)
    assert "QR การจองนี้ใช้ไม่ได้" in desk.look_up(text).text  # booked for another day
    desk.world.go_to(date.fromisoformat(TOMORROW))
    desk.client = signed_in(desk.app, "frontdesk")
    desk.world.product.rights.look_up = lambda pid, on: answer(GENERAL, on)  # type: ignore[method-assign]
    page = desk.look_up(text)
    assert hidden(page.text)["pid"] == PATIENT["pid"]
    assert 'name="identity_confirmed"' in page.text
    refused = desk.start(page)
    assert (refused.status_code, booking(desk.world, case_id)["state"]) == (422, "booked")
    page = desk.start(page, identity_confirmed="true")
    assert booking(desk.world, case_id)["state"] == "arrived"
    assert "ยืนยันการเข้ารับบริการ ออกรหัส" in page.text
    assert 'id="claim"' in desk.do(page, confirm="true").text
    assert "QR การจองนี้ใช้ไม่ได้" in desk.look_up(text).text  # used up


def test_a_wrong_phone_is_told_and_nothing_is_lost(desk: Desk) -> None:
    page = desk.look_up(GENERAL.pid)
    page = desk.start(page, mobile="12", phones="0800000078")
    assert page.status_code == 422
    assert 'value="12"' in page.text
    assert 'value="0800000078"' in page.text
    assert "นายกล้า ตัวอย่าง" in page.text
    assert hidden(page.text)["pid"] == GENERAL.pid
    assert "ยืนยันด้วยวิธีนี้" in desk.start(page).text


def test_the_same_start_sent_twice_begins_once(desk: Desk) -> None:
    page = desk.look_up(GENERAL.pid)
    first, second = desk.start(page), desk.start(page)  # the first answer was lost on its way
    assert first.request.path == second.request.path


def test_a_returning_patient_brings_the_phone_of_the_last_visit_at_this_unit(desk: Desk) -> None:
    assert 'name="mobile"' in desk.look_up(GENERAL.pid).text
    desk.coded()
    desk.world.later(days=1)
    desk.client = signed_in(desk.app, "frontdesk")
    page = desk.look_up(GENERAL.pid)
    assert 'value="0800000077"' in page.text
    with desk.world.runtime.reading() as db:
        assert at_desk.last_phones(db, desk.world.keyring, ["99001"], GENERAL.pid) == {}


def test_a_second_code_for_the_same_is_not_drawn_but_shown(desk: Desk) -> None:
    _, code = desk.coded()
    page = desk.start(desk.look_up(GENERAL.pid))
    assert "มีรหัสที่ยังไม่ปิดสิทธิ" in page.text
    assert code in page.text


def test_closing_is_a_second_act(desk: Desk) -> None:
    page, code = desk.coded()
    wrong = desk.do(page, claimable="x", not_claimable="0", visit_number="1")
    assert wrong.status_code == 422
    assert '<details class="more" open>' in wrong.text
    desk.world.later(minutes=5)
    page = desk.do(wrong, claimable="250.50", not_claimable="0", visit_number="VN-1")
    assert "ปิดสิทธิแล้ว" in page.text
    with desk.world.runtime.reading() as db:
        row = db.execute(select(Authentication.state, Authentication.claimable)).one()
    assert tuple(row) == ("closed", 25050)
    assert code in desk.client.get("/front-desk").text


def test_what_was_not_closed_yesterday_is_listed(desk: Desk) -> None:
    _, code = desk.coded()
    assert "ค้างปิดสิทธิจากวันก่อน" not in desk.client.get("/front-desk").text
    desk.world.go_to(bangkok_date(desk.world.clock.now()) + timedelta(days=1), time(9))
    desk.client = signed_in(desk.app, "frontdesk")
    page = desk.client.get("/front-desk").text
    assert "ค้างปิดสิทธิจากวันก่อน" in page
    assert code in page


def test_the_slip(desk: Desk) -> None:
    page, code = desk.coded()
    paper = desk.client.get(f"{page.request.path}/slip.pdf")
    assert paper.data.startswith(b"%PDF")
    assert code.encode() not in paper.headers["Content-Type"].encode()
    assert desk.client.get(f"{desk.start(desk.look_up(DRUGS.pid)).request.path}/slip.pdf").status_code == 404


def test_a_unit_that_is_not_active_asks_nothing_about_anybody(desk: Desk) -> None:
    with desk.world.database.begin() as db:
        db.execute(update(InnovationUnit).values(reactivated_at=None))
    assert "ยังไม่ได้เปิดใช้" in desk.client.get("/front-desk").text
    assert desk.look_up(GENERAL.pid).status_code == 422
    with desk.world.runtime.reading() as db:
        assert db.execute(select(RightsAnswer.id)).first() is None


def test_an_answer_that_somebody_else_asked_for_begins_nothing(desk: Desk) -> None:
    page = desk.look_up(GENERAL.pid)
    forged = desk.start(page, rights_answer="1")
    assert forged.status_code == 422
    assert "ตรวจสิทธิก่อน" in forged.text
    other = desk.look_up(DRUGS.pid)
    mixed = desk.start(page, rights_answer=hidden(other.text)["rights_answer"])
    assert "นายกล้า" in mixed.text or "กำลังถามทะเบียนสิทธิ" in mixed.text  # the answer about another is not used
    assert "เกษม" not in re.sub(r"<aside.*", "", mixed.text, flags=re.DOTALL)


def test_only_the_desk_of_the_unit_sees_its_patients(desk: Desk) -> None:
    page, code = desk.coded()
    path = page.request.path
    state = desk.client.get(f"{path}/state")
    assert set(state.get_json()) == {"revision"}
    for username in ("requester", "head", "issuer"):
        client = signed_in(desk.app, username)
        for address in ("/front-desk", path, f"{path}/state", f"{path}/slip.pdf", "/front-desk/photo/1"):
            assert client.get(address).status_code == 403, (username, address)
    assert desk.client.get("/front-desk/1").status_code == 404
    assert desk.client.get("/front-desk/photo/1").status_code == 404
    assert code not in signed_in(desk.app, "region9").get("/queue").text


def test_nobody_reads_out_the_registry(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front_desk, "_LOOK_UPS", (2, timedelta(hours=1)))
    assert [desk.look_up(patient.pid).status_code for patient in PATIENTS[:3]] == [200, 200, 429]
    assert f'value="{PATIENTS[2].pid}"' in desk.look_up(PATIENTS[2].pid).text
