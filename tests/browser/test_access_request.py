"""An access request as people make, decide and use it, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import Town, looked_at, press
from tests.support.product import Product

PASSPHRASE = "ข้าวเหนียวมะม่วงตอนเย็น 2569"


@pytest.fixture
def town(browser: Browser, product: Product) -> Iterator[Town]:
    return Town(browser, product.url)


def test_a_request_is_returned_corrected_approved_issued_and_used(town: Town) -> None:
    with town.visitor() as page:
        page.goto("/")
        looked_at(page)
        number = town.ask(page, 501, check=True)
        looked_at(page)

    town.decide("head", number, "return", "กรุณาแก้ตำแหน่งให้ตรงกับหนังสือ", check=True)

    with town.visitor() as page:  # another browser: the mail's link and a code bring the request back
        page.goto(town.link("return"))
        looked_at(page)
        press(page, "ส่งรหัส OTP")
        page.fill("[name=otp_code]", town.code())
        press(page, "เปิดคำขอ")
        expect(page.get_by_text("กรุณาแก้ตำแหน่งให้ตรงกับหนังสือ").first).to_be_visible()
        looked_at(page)
        page.fill("[name=position]", "พยาบาลวิชาชีพ")
        town.onward(page)

    for username in ("head", "pao", "region", "region", "owner", "owner2"):
        town.decide(username, number, check=username == "region")

    with town.visitor() as page:
        town.sign_in(page, "issuer")
        town.open_work(page, number)
        page.check("[name=confirm]")
        looked_at(page)
        town.onward(page)
        page.goto(f"/cases/{number}")
        looked_at(page)
        expect(page.get_by_text("เสร็จสิ้น").first).to_be_visible()

    with town.visitor() as page:
        page.goto(town.link("activate"))
        looked_at(page)
        page.fill("[name=password]", PASSPHRASE)
        page.fill("[name=again]", PASSPHRASE)
        press(page, "ตั้งรหัสผ่านและเปิดใช้งาน")
        username = next(word for word in town.outbox().split() if word.isdigit() and len(word) == 13)
        town.sign_in(page, username, PASSPHRASE)

    with town.visitor() as page:
        page.goto("/track")
        looked_at(page)
        page.fill("[name=case]", number)
        page.fill("[name=phone]", "0812345678")
        press(page, "ดูสถานะ")
        expect(page.get_by_text("อนุมัติและออกสิทธิแล้ว")).to_be_visible()
        assert "อดทนดี" not in page.inner_text("main"), "the family name is masked"
        looked_at(page)


def test_it_works_without_scripts(town: Town) -> None:
    with town.visitor(java_script_enabled=False) as page:
        number = town.ask(page, 502)
        page.goto("/track")
        page.fill("[name=case]", number)
        page.fill("[name=phone]", "0812345678")
        press(page, "ดูสถานะ")
        expect(page.get_by_text(number).first).to_be_visible()


def test_wrong_answers_are_named_in_thai_beside_their_fields_and_nothing_is_lost(town: Town) -> None:
    with town.visitor() as page:
        page.goto("/start/access_request")
        press(page, "เริ่ม")
        page.check("input[name=nda_accepted][value=yes]")
        town.onward(page)
        town.applicant(page, 503)
        page.fill("[name=pid]", "0990000000012")
        page.fill("[name=email]", "ไม่ใช่อีเมล")
        town.onward(page)
        summary = page.locator("[data-summary]")
        expect(summary).to_be_visible()
        assert summary.locator("a").count() == 2
        assert page.input_value("[name=first_name]") == "มานะ"
        assert page.locator("#f-pid").get_attribute("aria-invalid") == "true"
        looked_at(page)


def test_the_second_of_two_is_told_who_was_first(town: Town) -> None:
    with town.visitor() as page:
        number = town.ask(page, 504)
    with town.visitor() as first, town.visitor() as second:
        for page in (first, second):
            town.sign_in(page, "head")
        town.open_work(first, number)
        second.goto(first.url)
        for page in (first, second):
            page.check("input[name=decision][value=approve]")
        town.onward(first)
        with second.expect_response(lambda answer: answer.request.method == "POST") as answer:
            second.click("[data-primary]")
        assert answer.value.status == 409
        expect(second.get_by_text("มีผู้ดำเนินการไปก่อนแล้ว")).to_be_visible()
        expect(second.get_by_text("วันเพ็ญ").first).to_be_visible()
        looked_at(second)


def test_an_officer_decides_with_the_keyboard_alone(town: Town) -> None:
    with town.visitor() as page:
        number = town.ask(page, 505)
    with town.visitor() as page:
        town.sign_in(page, "head")
        town.open_work(page, number)
        page.locator("input[name=decision][value=approve]").focus()
        page.keyboard.press("Space")
        for _ in range(12):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.matches('[data-primary]')"):
                break
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert "บันทึกแล้ว" in page.inner_text("body")
