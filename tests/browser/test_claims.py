"""The front desk finds a claim code, corrects it and asks to void it: with the keyboard, with and without scripts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.test_pages import SIZES, complaints, sign_in
from tests.support.authentications import code, put
from tests.support.browser import watched_page
from tests.support.product import Product
from workflows.clock import real_now
from workflows.records.database import open_database
from workflows.sealing import Keyring


@pytest.mark.parametrize(("number", "scripts"), [(901, True), (902, False)])
def test_found_corrected_and_asked_to_void(browser: Browser, product: Product, number: int, scripts: bool) -> None:
    database = open_database(product.environ["DATABASE_URL"])
    keyring = Keyring(product.environ["SECRET_KEY"].encode())
    put(database, keyring, number, real_now() - timedelta(days=2))
    with watched_page(browser, product.url, viewport=SIZES["phone"], java_script_enabled=scripts) as page:
        sign_in(page, "frontdesk")
        page.goto("/authentications")
        page.get_by_label("รหัสเข้ารับบริการ", exact=True).fill(code(number).lower())
        page.keyboard.press("Enter")
        page.get_by_role("link", name=code(number)).click()
        page.get_by_label("เหตุผลที่แก้ไข").fill("พิมพ์ผิด")
        page.get_by_label("เลขที่รับบริการ (VN)").fill("VN77")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("บันทึกการแก้ไขแล้ว")
        expect(page.get_by_role("main")).to_contain_text("– → VN77")
        assert not scripts or complaints(page) == []
        page.get_by_label("เหตุผลที่ยกเลิก").fill("ซ้ำ")
        page.get_by_role("button", name="ส่งคำขอยกเลิก").click()
        if scripts:
            page.get_by_role("dialog").get_by_role("button", name="ยืนยัน").click()
        expect(page.get_by_role("status").first).to_contain_text("รอคนที่สองเห็นชอบ")
        expect(page.get_by_role("button", name="ส่งคำขอยกเลิก")).to_have_count(0)
        page.goto(f"/authentications/{code(number)}/person")
        assert not scripts or complaints(page) == []
