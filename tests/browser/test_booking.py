"""Booking on a phone in LINE's pages, without scripts by staff, and scanning at the desk; every page is looked at."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from app.adapters.demo_patients import PATIENTS
from tests.browser.people import PHONE, Town, looked_at, press
from tests.support.browser import redrawn
from tests.support.product import Product
from workflows.rules import citizen_id

ADULT, CHILD = PATIENTS[0], PATIENTS[19]
UNIT_QR = "SITTHI:U:99003:PG0060001"


@pytest.fixture
def town(browser: Browser, product: Product) -> Town:
    return Town(browser, product.url)


def choose_day(town: Town, page: Page) -> None:
    """The first day on which the unit has a free time: weekends and holidays have none."""
    for number in range(2, 9):
        page.select_option("[name=profession]", "nursing")
        redrawn(page)  # with the units that offer this
        page.select_option("[name=unit_code]", "99003")
        redrawn(page)
        page.locator("[name=service_on]").select_option(index=number)
        redrawn(page)
        town.onward(page)
        if page.locator("[name=slot]").count():
            return
        expect(page.get_by_text("ไม่มีช่วงเวลาว่าง")).to_be_visible()
    raise AssertionError("no day of the next week is free")


def test_a_person_of_line_registers_books_and_shows_the_qr(town: Town) -> None:
    with town.visitor(viewport={"width": PHONE, "height": 740}) as page:
        page.goto("/demo/line")
        looked_at(page)
        page.get_by_role("link", name="เข้าสู่ระบบด้วย LINE จำลอง").click()
        looked_at(page)
        press(page, "ผู้ใช้จำลอง ง")
        looked_at(page)
        page.get_by_role("link", name="ลงทะเบียน").click()
        looked_at(page)
        page.check("[name=consent]")
        page.fill("[name=pid]", ADULT.pid)
        page.fill("[name=mobile]", "0800000071")
        press(page, "ลงทะเบียน")
        looked_at(page)
        page.get_by_role("link", name=re.compile("^ครอบครัว")).click()
        looked_at(page)
        page.fill("[name=pid]", CHILD.pid)
        page.select_option("[name=relation]", "child")
        page.check("[name=consent]")
        press(page, "เพิ่ม")
        looked_at(page)
        page.goto("/line/scan")
        looked_at(page)
        page.fill("[name=qr_text]", UNIT_QR)
        press(page, "ขอรหัส")
        expect(page.get_by_text("ยืนยันแล้วว่าอยู่ที่หน่วยบริการ")).to_be_visible()
        looked_at(page)
        page.goto("/line/codes")
        looked_at(page)
        page.goto("/line")
        press(page, "จองคิว")
        looked_at(page)
        page.check("[name=accepted][value=yes]")
        town.onward(page)
        looked_at(page)
        page.locator("[name=patient]").last.check()
        town.onward(page)
        looked_at(page)
        choose_day(town, page)
        looked_at(page)
        page.locator("[name=slot]").first.check()
        town.onward(page)
        looked_at(page)
        page.check("[name=confirmed][value=yes]")
        town.onward(page)
        looked_at(page)
        page.get_by_role("link", name="แสดง QR หรือยกเลิกคิว").click()
        expect(page.get_by_alt_text("QR สำหรับแสดงที่หน่วยบริการ")).to_be_visible()
        looked_at(page)
        token = page.url.rpartition("/")[2]
        page.goto("/demo/line")
        expect(page.locator(".bubble", has_text="จองคิวสำเร็จ")).to_be_visible()
        looked_at(page)

    with town.visitor() as desk:  # the unit scans it: the day has not come
        town.sign_in(desk, "frontdesk")
        desk.get_by_role("navigation", name="เมนูหลัก").get_by_role("link", name="คิวที่จองไว้ของหน่วย").click()
        looked_at(desk)
        desk.fill("[name=qr_text]", f"sitthi:b:{token.lower()}")
        desk.keyboard.press("Enter")
        expect(desk.get_by_text("เฉพาะในวันนั้น")).to_be_visible()
        expect(desk.locator(".facts")).to_contain_text(CHILD.first_name)
        looked_at(desk)


def test_staff_book_without_scripts_and_the_patient_cancels(town: Town) -> None:
    with town.visitor(java_script_enabled=False) as page:
        town.sign_in(page, "requester")
        page.goto("/start/queue_booking")
        press(page, "เริ่ม")
        page.check("[name=accepted][value=yes]")
        town.onward(page)
        person = {"pid": citizen_id.make("0", 7301), "first_name": "ประไพ", "last_name": "สาธิต", "mobile": "0800000072"}
        for name, value in person.items():
            page.fill(f"[name={name}]", value)
        town.onward(page)
        choose_day(town, page)
        page.locator("[name=slot]").nth(1).check()
        town.onward(page)
        page.check("[name=confirmed][value=yes]")
        town.onward(page)
        address = page.get_by_role("link", name="แสดง QR หรือยกเลิกคิว").get_attribute("href")
        assert address is not None

    with town.visitor() as patient:
        patient.goto(address)
        looked_at(patient)
        patient.get_by_text("มาไม่ได้ ต้องการยกเลิก").click()
        patient.fill("[name=reason]", "ติดธุระ")
        looked_at(patient)
        patient.get_by_role("button", name="ยกเลิกคิว").click()
        with patient.expect_navigation():
            patient.locator("#confirm").get_by_role("button", name="ยืนยัน").click()
        expect(patient.get_by_role("link", name="จองคิวใหม่")).to_be_visible()
        looked_at(patient)
