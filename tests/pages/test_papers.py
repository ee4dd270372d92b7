"""Where people get their papers: letters to be signed, papers of a case, the page that says whether one is genuine."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app import create_app
from app.pages import verify
from app.rate import Limiter
from tests.house.test_routes import signed_in
from tests.support.access_requests import approve, begin, send
from tests.support.papers import squeezed, text_of
from tests.support.world import World, person
from workflows.actor import Actor
from workflows.commands.save_draft import SaveDraft

LETTER = re.compile(r"/work/\d+/letters/\d\.pdf")
PAPER = re.compile(r"/cases/[^/\"]+/papers/(\w+)\.pdf")


@pytest.fixture
def web(world: World) -> Flask:
    return create_app(wired=world.product)


def visiting(web: Flask, visitor: Actor) -> FlaskClient:
    """The browser of somebody without an account."""
    client = web.test_client()
    with client.session_transaction() as session:
        session["visitor"] = visitor.id.removeprefix("visitor:")
    return client


def pdf(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf"), address
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    return squeezed(text_of(answer.data))


def code_in(paper: str) -> str:
    found = re.search(r"/verify/([0-9a-f-]+)ค่าแฮช", paper)
    assert found is not None, paper
    return found[1]


def choosing(world: World, who: str | Actor, serial: int) -> int:
    """A draft whose roles need two letters, at the step that asks for them; gives the work item."""
    case_id = begin(world, who, person(serial))
    world.do(who, "roles", case_id, roles=["901", "904", "328"], new_authen_use="reserve")
    return int(world.item(who, "attachments", case_id)["id"])


def test_the_letters_of_a_draft_are_filled_in_for_its_requester_alone(world: World, web: Flask) -> None:
    visitor = world.visitor()
    item = choosing(world, visitor, 41)
    mine = visiting(web, visitor)
    addresses = LETTER.findall(mine.get(f"/work/{item}").text)
    assert addresses == [f"/work/{item}/letters/{form}.pdf" for form in (1, 3)]
    general, nap = (pdf(mine, address) for address in addresses)
    assert "ผู้บันทึกE-Claim" in general
    assert "(ใช้จองสิทธิ)" in general
    assert "DMIS_NAP" not in general
    assert "DMIS_NAP" in nap
    assert "E-Claim" not in nap
    for letter in (general, nap):
        assert squeezed("เรียน ผู้อำนวยการสำนักงานหลักประกันสุขภาพแห่งชาติ เขต ๗ ขอนแก่น") in letter
        assert squeezed("นายทดสอบ ระบบดี41") in letter
        assert squeezed("รพ.สต.ตัวอย่าง ก (สาธิต)") in letter
        assert person(41)["pid"] not in letter
    assert mine.get(f"/work/{item}/letters/2.pdf").status_code == 404
    assert visiting(web, world.visitor("b")).get(addresses[0]).status_code == 403
    for other in ("requester2", "head", "region"):
        assert signed_in(web, other).get(addresses[0]).status_code == 403


def test_the_number_of_a_saved_draft_is_on_the_letter(world: World, web: Flask) -> None:
    item = choosing(world, "requester", 42)
    client = signed_in(web, "requester")
    assert "ขก๑/๒" not in pdf(client, f"/work/{item}/letters/1.pdf")
    world.execute(SaveDraft(item, {"letter_number": "ขก ๑/๒", "evidence_kind": "civil_servant_card"}), "requester")
    letter = pdf(client, f"/work/{item}/letters/1.pdf")
    assert "ที่ขก๑/๒" in letter
    assert "สำเนาบัตรประจำตัวข้าราชการจำนวน๑ฉบับ" in letter


def test_a_step_that_asks_for_no_letter_offers_none(world: World, web: Flask) -> None:
    case_id = begin(world, "requester", person(43))
    page = signed_in(web, "requester").get(f"/work/{world.item('requester', 'roles', case_id)['id']}").text
    assert not LETTER.search(page)


def test_who_may_see_a_case_gets_its_papers(world: World, web: Flask) -> None:
    case_id = send(world, "requester", 44)
    number = world.case(case_id)["number"]
    for who in ("requester", "head", "region", "auditor"):
        client = signed_in(web, who)
        assert PAPER.findall(client.get(f"/cases/{number}").text) == ["receipt", "agreement"]
        receipt = pdf(client, f"/cases/{number}/papers/receipt.pdf")
        assert squeezed(f"เลขเรื่อง {number}") in receipt
        assert squeezed("เรื่อง ทดสอบ ระบบดี44") in receipt
        agreement = pdf(client, f"/cases/{number}/papers/agreement.pdf")
        assert squeezed("ข้อตกลงรักษาข้อมูลไว้เป็นความลับ") in agreement
        for paper in (receipt, agreement):
            assert person(44)["pid"] not in paper
            assert person(44)["mobile"] not in paper
        assert client.get(f"/cases/{number}/papers/notice.pdf").status_code == 404
        assert client.get(f"/cases/{number}/papers/other.pdf").status_code == 404
    for who in ("requester2", "frontdesk"):
        for name in ("receipt", "agreement"):
            assert signed_in(web, who).get(f"/cases/{number}/papers/{name}.pdf").status_code == 404


def test_a_draft_has_no_papers(world: World, web: Flask) -> None:
    case_id = begin(world, "requester", person(45))
    client = signed_in(web, "requester")
    for name in ("receipt", "agreement", "notice"):
        assert client.get(f"/cases/{case_id}/papers/{name}.pdf").status_code == 404


def test_the_agreement_is_the_text_that_was_accepted(world: World, web: Flask) -> None:
    case_id = send(world, "requester", 46)
    with world.database.connect() as db:
        db.execute(text("UPDATE texts SET body = 'ข้อความใหม่ที่ไม่มีใครยอมรับ' WHERE key = 'nda'"))
        db.commit()
    later = send(world, "requester", 47)
    client = signed_in(web, "requester")
    old, new = (pdf(client, f"/cases/{world.case(id_)['number']}/papers/agreement.pdf") for id_ in (case_id, later))
    assert "ข้อความใหม่" in new
    assert "ข้อความใหม่" not in old
    assert squeezed("6. หากข้อใดไม่สมบูรณ์หรือเป็นโมฆะ ข้ออื่นยังใช้บังคับได้") in old


def test_a_partly_approved_request_has_a_notice_for_each_system(world: World, web: Flask) -> None:
    case_id = send(world, "requester", 48)
    approve(world, case_id, until="owner_decide")
    world.do("owner", "owner_decide", case_id, decision="approve")
    world.do("owner2", "owner_decide", case_id, decision="reject", comment="มีผู้บันทึกแล้ว")
    number, client = world.case(case_id)["number"], signed_in(web, "requester")
    assert client.get(f"/cases/{number}/papers/notice.pdf").status_code == 404  # decided, but not yet issued
    world.do("issuer", "issue", case_id, confirm=True)
    username = world.variables(case_id)["usernames"][0]["username"]
    notice = pdf(client, f"/cases/{number}/papers/notice.pdf")
    for part in ("อนุมัติบางระบบ", "มีผู้บันทึกแล้ว", username, f"ที่ {number}", "เรียน นายทดสอบ ระบบดี48"):
        assert squeezed(part) in notice


def test_a_refused_request_has_a_notice_that_says_why(world: World, web: Flask) -> None:
    case_id = send(world, "requester", 49)
    pid = person(3)["pid"]
    world.do("head", "unit_head", case_id, decision="reject", comment=f"ผู้ขอ {pid} ย้ายหน่วยงานแล้ว")
    number = world.case(case_id)["number"]
    notice = pdf(signed_in(web, "requester"), f"/cases/{number}/papers/notice.pdf")
    assert squeezed("พิจารณาแล้ว ไม่อนุมัติ เนื่องจาก ผู้ขอ") in notice
    assert "ย้ายหน่วยงานแล้ว" in notice
    assert pid not in notice
    assert "รหัสผู้ใช้ของท่าน" not in notice


def test_who_tracks_a_request_gets_a_masked_receipt(world: World, web: Flask) -> None:
    web.config["WTF_CSRF_ENABLED"] = False
    case_id = send(world, "requester", 50)
    given = {"case": world.case(case_id)["number"], "phone": person(50)["mobile"]}
    client = web.test_client()
    assert "/track/receipt.pdf" in client.post("/track", data=given).text
    answer = client.post("/track/receipt.pdf", data=given)
    assert answer.mimetype == "application/pdf"
    receipt = squeezed(text_of(answer.data))
    assert given["case"] in receipt
    assert "ระบบดี50" not in receipt
    wrong = client.post("/track/receipt.pdf", data=given | {"phone": "0800000099"})
    assert (wrong.status_code, wrong.mimetype) == (404, "text/html")


def test_the_code_of_each_paper_is_genuine_and_shows_nothing_of_the_person(world: World, web: Flask) -> None:
    case_id = send(world, "requester", 51)
    number, applicant = world.case(case_id)["number"], person(51)
    client = signed_in(web, "requester")
    for name in ("receipt", "agreement"):
        paper = pdf(client, f"/cases/{number}/papers/{name}.pdf")
        answer = web.test_client().get(f"/verify/{code_in(paper)}")
        assert answer.status_code == 200
        assert number in answer.text
        shown = re.search(r"<code>([0-9a-f ]+)</code>", answer.text)
        assert shown is not None
        assert squeezed(shown[1]) in paper
        for secret in ("first_name", "last_name", "pid", "mobile", "email", "position"):
            assert applicant[secret] not in answer.text.replace("ทดสอบระบบ", "")
    typed = web.test_client().get("/verify", query_string={"code": f" https://sitthi.example/verify/{code_in(paper)} "})
    assert number in typed.text
    english = web.test_client()
    english.set_cookie("lang", "en")
    assert "was issued by this system" in english.get(f"/verify/{code_in(paper)}").text


@pytest.mark.parametrize("code", ["none", "69-000001-1-1-" + "0" * 32, "%F0%9F%98%80", "<script>", "a" * 4000])
def test_an_unknown_code_gets_a_clear_answer(world: World, web: Flask, code: str) -> None:
    answer = web.test_client().get(f"/verify/{code}")
    assert answer.status_code == 404
    assert "ไม่พบเอกสารตามรหัสนี้" in answer.text
    assert "<script>" not in answer.text.replace("<script src", "")


def test_an_altered_record_is_not_vouched_for(world: World, web: Flask) -> None:
    case_id = send(world, "requester", 52)
    number = world.case(case_id)["number"]
    paper = pdf(signed_in(web, "requester"), f"/cases/{number}/papers/receipt.pdf")
    with world.database.connect() as db:
        db.execute(text("UPDATE history SET name = 'x' WHERE subject_id = :case AND seq = 2"), {"case": case_id})
        db.commit()
    answer = web.test_client().get(f"/verify/{code_in(paper)}")
    assert "ถูกแก้ไขภายหลัง" in answer.text
    assert "ออกโดยระบบนี้จริง" not in answer.text


def test_a_flood_of_codes_is_stopped(world: World, web: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "_LIMITER", Limiter(3, verify._LIMITER._window))
    client = web.test_client()
    assert [client.get("/verify/none").status_code for _ in range(5)] == [404] * 3 + [429] * 2
    assert client.get("/verify/none", environ_base={"REMOTE_ADDR": "192.0.2.9"}).status_code == 404


def test_after_the_window_asking_is_allowed_again() -> None:
    limiter = Limiter(1, timedelta(0))
    assert limiter.admits("a")
    assert limiter.admits("a")
    assert Limiter(0, timedelta(minutes=1)).admits("a") is False


def test_a_flood_from_everywhere_fills_no_memory() -> None:
    limiter = Limiter(1, verify._LIMITER._window)
    assert all(limiter.admits(str(n)) for n in range(25_000))
    assert len(limiter._counts) <= 10_000


def decided(world: World, visitor: Actor, serial: int) -> str:
    """The number of a visitor's request that the head rejected."""
    case_id = send(world, visitor, serial)
    world.do("head", "unit_head", case_id, decision="reject", comment="ไม่ได้ปฏิบัติงานแล้ว")
    return str(world.case(case_id)["number"])


def test_whoever_lost_the_session_gets_the_papers_with_a_code(world: World, web: Flask) -> None:
    web.config["WTF_CSRF_ENABLED"] = False
    visitor, stranger = world.visitor("r"), web.test_client()
    number = decided(world, visitor, 46)
    assert "/track ด้วยเลขที่คำขอ" in world.sent(person(46)["email"])[0]["text"]  # the mail says where they are
    given = {"case": number, "phone": person(46)["mobile"]}
    tracked = stranger.post("/track", data=given).text
    assert ("/track/open" in tracked, "หัวหน้าหน่วยงานเห็นชอบ: ไม่อนุมัติ" in tracked) == (True, True)
    assert stranger.get(f"/cases/{number}/papers/notice.pdf").status_code in (302, 404)
    way = stranger.post("/track/open", data=given)
    assert (way.status_code, number in way.headers["Location"]) == (302, False)
    assert "ส่งรหัส OTP" in stranger.get(way.headers["Location"]).text
    assert stranger.post(way.headers["Location"]).status_code == 200
    code = world.code_for(person(46)["mobile"])
    assert (
        stranger.post(way.headers["Location"], data={"otp_code": "000000" if code != "000000" else "1"}).status_code
        == 422
    )
    case = stranger.post(way.headers["Location"], data={"otp_code": code}, follow_redirects=True)
    assert {"receipt", "notice", "agreement"} == set(PAPER.findall(case.text))
    assert squeezed("ไม่ได้ปฏิบัติงานแล้ว") in pdf(stranger, f"/cases/{number}/papers/notice.pdf")
    assert stranger.post(way.headers["Location"], data={"otp_code": code}).status_code == 410  # once
    world.check()


def test_number_and_phone_alone_open_nothing_and_send_few_codes(world: World, web: Flask) -> None:
    web.config["WTF_CSRF_ENABLED"] = False
    client = web.test_client()
    number = decided(world, world.visitor("q"), 47)
    given = {"case": number, "phone": person(47)["mobile"]}
    wrong, unknown = (
        client.post("/track/open", data=given | other) for other in ({"phone": "0800000099"}, {"case": "69-999999-9"})
    )
    assert (wrong.status_code, unknown.status_code) == (404, 404)
    for _ in range(3):
        assert client.post("/track/open", data=given).status_code == 302
    assert client.post("/track/open", data=given).status_code == 429
    assert client.get(f"/cases/{number}").status_code in (302, 404)


def test_the_request_of_an_account_is_opened_by_signing_in(world: World, web: Flask) -> None:
    web.config["WTF_CSRF_ENABLED"] = False
    number = world.case(send(world, "requester", 48))["number"]
    client, given = web.test_client(), {"case": number, "phone": person(48)["mobile"]}
    page = client.post("/track", data=given).text
    assert ("/track/open" in page, f'href="/cases/{number}"' in page) == (False, True)
    assert client.post("/track/open", data=given).status_code == 403
