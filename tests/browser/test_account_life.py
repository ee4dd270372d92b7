"""An account's life as people meet it in a real browser: looked up, forgotten, moved to a new address, cancelled."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.people import Town, looked_at, press
from tests.support.product import Product

PASSPHRASE = "ข้าวเหนียวทุเรียนหน้าฝน 2569"
PITI = {"pid": "0-9900-00000-02-9", "email": "requester2@example.org", "username": "requester2"}


@pytest.fixture
def town(browser: Browser, product: Product) -> Iterator[Town]:
    return Town(browser, product.url)


def find(page: Page) -> None:
    page.goto("/lookup")
    looked_at(page)
    page.fill("[name=pid]", PITI["pid"])
    page.get_by_role("main").get_by_role("button", name="ตรวจสอบ", exact=True).click()
    expect(page.get_by_text("099XXXXXXXX29")).to_be_visible()


def test_looked_up_and_led_to_a_new_position(town: Town) -> None:
    with town.visitor() as page:
        find(page)  # the puzzle is solved on the way
        assert "0990000000029" not in page.content()
        looked_at(page)
        press(page, "ขอแก้ไขข้อมูล")
        looked_at(page)
        assert page.input_value("[name=pid]") == "0990000000029"
        town.onward(page)
        looked_at(page)
        page.fill("[name=otp_code]", town.code())
        town.onward(page)
        looked_at(page)
        page.fill("[name=position]", "หัวหน้าเวชสถิติ")
        town.onward(page)
        expect(page.get_by_text("แก้ไขข้อมูลแล้ว").first).to_be_visible()
        looked_at(page)


def test_looked_up_without_scripts_by_a_code(town: Town) -> None:
    with town.visitor(java_script_enabled=False) as page:
        page.goto("/lookup")
        page.fill("[name=pid]", PITI["pid"])
        press(page, "ตรวจสอบ")
        press(page, "ส่งรหัสทางอีเมล")
        page.fill("[name=otp_code]", town.code())
        press(page, "ตรวจสอบ")
        expect(page.get_by_text("099XXXXXXXX29")).to_be_visible()


def test_a_forgotten_password(town: Town) -> None:
    with town.visitor() as page:
        page.goto("/start/password_reset")
        looked_at(page)
        page.fill("[name=email]", PITI["email"])
        press(page, "เริ่ม")
        expect(page.get_by_text("หากอีเมลนี้มีบัญชี")).to_be_visible()
        looked_at(page)
        path = town.link("reset")
        page.goto("/sign-in")
        page.fill("[name=username]", PITI["username"])
        page.fill("[name=password]", "sitthi-demo")
        press(page, "เข้าสู่ระบบ")
        expect(page.get_by_text("จนกว่าจะตั้งรหัสผ่านใหม่")).to_be_visible()
        looked_at(page)
        page.goto(town.link("keep-password"))
        looked_at(page)
        page.goto(path)
        looked_at(page)
        page.fill("[name=password]", PASSPHRASE)
        page.fill("[name=again]", PASSPHRASE)
        press(page, "ตั้งรหัสผ่านใหม่")
        town.sign_in(page, PITI["username"], PASSPHRASE)


def test_the_head_cancels_on_a_day_to_come_and_takes_it_back(town: Town) -> None:
    with town.visitor() as page:
        town.sign_in(page, "head2")
        page.goto("/accounts")
        looked_at(page)
        page.get_by_role("link", name=PITI["username"]).click()
        looked_at(page)
        press(page, "แจ้งยกเลิกบัญชี")
        looked_at(page)
        town.onward(page)
        page.select_option("[name=username]", PITI["username"])
        page.select_option("[name=cancel_reason]", "left")
        page.fill("[name=effective_on]", "31/12/2580")
        page.check("[name=confirm]")
        looked_at(page)
        town.onward(page)
        number = re.search(r"\d\d-\d{6}-\d", page.inner_text("main"))
        assert number is not None
        page.goto(f"/cases/{number[0]}")
        looked_at(page)
        page.once("dialog", lambda dialog: dialog.accept())
        page.get_by_role("button", name="ถอนคำขอ").click()
        page.get_by_role("dialog").get_by_role("button", name="ยืนยัน").click()
        expect(page.get_by_text("ถอนคำขอแล้ว").first).to_be_visible()


def test_nhso_suspends_and_lifts(town: Town) -> None:
    with town.visitor() as page:
        town.sign_in(page, "admin")
        page.goto("/accounts/head6")
        looked_at(page)
        page.fill("[name=reason]", "ใช้รหัสร่วมกันหลายเครื่อง")
        press(page, "ระงับบัญชี")
        expect(page.get_by_text("ถูกระงับ").first).to_be_visible()
        looked_at(page)
        page.fill("[name=reason]", "ชี้แจงแล้ว")
        press(page, "ยกเลิกการระงับ")
        expect(page.get_by_text("ใช้งานได้").first).to_be_visible()
