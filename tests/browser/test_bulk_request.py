"""A bulk request in a real browser: wrong file, corrected file, a line decided otherwise, tasks decided at once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_pages import SIZES, complaints, sign_in
from tests.support.browser import watched_page
from tests.support.bulk_requests import listed, zipped
from tests.support.product import Product

START = "/start/bulk_access_request"
A_CASE = re.compile(r"/cases/\d\d-")


def file(folder: Path, *rows: dict[str, str]) -> Path:
    made = folder / "99001-รพ.สต.ตัวอย่าง.zip"
    made.write_bytes(zipped(rows))
    return made


def send(page: Page, path: Path) -> None:
    page.get_by_label("ไฟล์ ZIP ของหน่วยงาน").set_input_files(path)
    page.get_by_role("button", name="เริ่ม", exact=True).click()


@pytest.mark.parametrize("size", SIZES)
def test_a_wrong_file_then_the_corrected_one(browser: Browser, product: Product, tmp_path: Path, size: str) -> None:
    serial = 10 * (1 + list(SIZES).index(size))
    good = [listed(serial + n) for n in range(3)]
    found = []
    with watched_page(browser, product.url, viewport=SIZES[size]) as page:
        sign_in(page, "requester")
        page.goto(START)
        found += complaints(page)
        send(page, file(tmp_path, good[0], {**good[1], "email": "x"}, {**good[2], "role1": "101"}))
        expect(page.get_by_role("heading", name="แถวที่ต้องแก้ไข")).to_be_visible()
        expect(page.get_by_role("row", name="3 อีเมล")).to_be_visible()
        found += complaints(page)
        send(page, file(tmp_path, *good))
        page.wait_for_url(A_CASE)
        expect(page.locator("#persons").get_by_text("กำลังดำเนินการ 3", exact=True)).to_be_visible()
        found += complaints(page)
    with watched_page(browser, product.url, viewport=SIZES[size]) as page:
        sign_in(page, "head")
        page.get_by_role("link", name="หัวหน้าหน่วยงานเห็นชอบ").last.click()
        page.get_by_role("button", name="รับงาน").click()
        page.get_by_role("button", name="ตัดสินต่าง 2").click()
        expect(page.get_by_label("ลำดับ", exact=True)).to_have_value("2")
        page.get_by_label("ผล", exact=True).select_option("reject")
        page.locator('[name="exceptions.0.comment"]').fill("ย้ายแล้ว")
        page.get_by_role("radio", name="เห็นชอบ").check()
        found += complaints(page)
        page.get_by_role("button", name="อนุมัติและส่งต่อ").click()
        page.wait_for_url("**/inbox")
    assert found == []


def test_several_tasks_are_decided_from_the_inbox(browser: Browser, product: Product, tmp_path: Path) -> None:
    with watched_page(browser, product.url) as page:
        sign_in(page, "requester")
        for serial in (91, 92):
            page.goto(START)
            send(page, file(tmp_path, listed(serial)))
            page.wait_for_url(A_CASE)
    with watched_page(browser, product.url) as page:
        sign_in(page, "head")
        bar = page.get_by_role("button", name="ตัดสินที่เลือก")
        expect(bar).to_be_hidden()
        for row in page.get_by_role("row", name="1 คน").all():
            row.get_by_role("checkbox").check()
        expect(page.get_by_text("เลือก 2 รายการ")).to_be_visible()
        bar.click()
        expect(page.get_by_role("alert")).to_have_text("เลือกผลการพิจารณา")
        found = complaints(page)
        page.get_by_role("radio", name="เห็นชอบ").check()
        page.get_by_role("button", name="บันทึกผลทุกงานที่เลือก").click()
        expect(page.get_by_text("บันทึกแล้ว 2")).to_be_visible()
        assert found + complaints(page) == []
