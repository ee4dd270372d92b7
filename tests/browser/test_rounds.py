"""Rounds in a real browser: a request for smart-card rights, its round, and the schedule it comes of."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, FilePayload, expect

from tests.browser.people import Town, letter, looked_at, press
from tests.support.product import Product


@pytest.fixture
def town(browser: Browser, product: Product) -> Town:
    return Town(browser, product.url)


def test_a_request_its_round_and_its_schedule(town: Town) -> None:
    with town.visitor() as page:
        page.goto("/start/smartcard_rights")
        looked_at(page)
        press(page, "เริ่ม")
        page.check("input[name=nda_accepted][value=yes]")
        town.onward(page)
        town.applicant(page, 551)
        town.onward(page)
        expect(page.get_by_text("สิทธิมีผลวันที่")).to_be_visible()  # round and day are known before sending
        page.check("input[name=roles][value='100']")
        looked_at(page)
        town.onward(page)
        file: FilePayload = {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": letter()}
        for field in ("letter", "id_copy"):
            page.set_input_files(f"input[type=file][name={field}]", file)
        page.select_option("select[name=evidence_kind]", index=1)
        town.onward(page)
        page.fill("[name=otp_code]", town.code())
        town.onward(page)
        found = re.search(r"\d\d-\d{6}-\d", page.inner_text("main"))
        assert found, page.inner_text("main")[:500]
        number = found[0]

    with town.visitor() as page:
        town.sign_in(page, "issuer")
        page.get_by_role("navigation", name="เมนูหลัก").get_by_role("link", name="รอบสิทธิ").click()
        looked_at(page)
        page.locator("table.rows a.what[href^='/rounds/smartcard.']").first.click()
        page.wait_for_url("**/rounds/smartcard.*")
        looked_at(page)
        page.get_by_role("link", name=re.compile("^ยังไม่อนุมัติ")).click()
        row = page.locator("tr", has_text=number)
        expect(row).to_contain_text("หัวหน้าหน่วยงาน")
        looked_at(page)
        page.fill("[name=reason]", "หน่วยขอเลื่อน")
        with page.expect_navigation():
            row.get_by_role("button", name=re.compile("^เลื่อนรอบ")).click()
        expect(page.get_by_text("เลื่อนไปรอบถัดไปแล้ว")).to_be_visible()
        page.get_by_role("link", name=re.compile("^ไม่อยู่ในบัญชีแล้ว")).click()
        expect(page.locator("tr", has_text=number)).to_contain_text("หน่วยขอเลื่อน")
        looked_at(page)

    with town.visitor(java_script_enabled=False) as page:
        town.sign_in(page, "designer")
        page.goto("/rounds")
        page.get_by_role("link", name="สิทธิ Smart Card", exact=True).click()
        page.fill("[name=days]", "10=9")
        press(page, "ดูตัวอย่าง 12 เดือน")
        expect(page.get_by_role("alert")).to_be_visible()
        page.fill("[name=days]", "10=15, 22=28")
        press(page, "ดูตัวอย่าง 12 เดือน")
        press(page, "บันทึกตามตัวอย่างนี้")
        expect(page.get_by_text("ไม่มีอะไรเปลี่ยน")).to_be_visible()
