"""A patient at the desk through the pages that every process has: start, proof, confirmation, closing."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from app.adapters.demo_patients import PATIENTS
from tests.browser.test_pages import SIZES, complaints, sign_in
from tests.support.browser import watched_page
from tests.support.product import Product

WITH_DRUGS = [patient.pid for patient in PATIENTS if patient.drugs and not patient.silent]


def fill_in(page: Page, pid: str) -> None:
    page.goto("/start/patient_authentication")
    page.get_by_label("เลขประจำตัวประชาชน").fill(pid)
    page.get_by_label("โทรศัพท์มือถือของผู้รับบริการหรือญาติ").fill("080-000-0077")
    page.get_by_label("วิชาชีพ").select_option("nursing")


@pytest.mark.parametrize("size", SIZES)
def test_from_the_start_to_the_closing(browser: Browser, product: Product, tmp_path: Path, size: str) -> None:
    Image.new("RGB", (60, 40), (200, 220, 240)).save(tmp_path / "face.jpg")
    found: list[str] = []
    with watched_page(browser, product.url, viewport=SIZES[size]) as page:
        sign_in(page, "frontdesk")
        fill_in(page, WITH_DRUGS[list(SIZES).index(size)])
        found += complaints(page)
        page.get_by_role("button", name="เริ่ม", exact=True).click()
        expect(page.get_by_role("heading", name="ยืนยันตัวตน", level=1)).to_be_visible()
        page.get_by_label("มีผู้ยืนยันแทน").check()
        expect(page.get_by_label("สแกนใบหน้าไม่ได้เพราะ")).to_be_visible()
        found += complaints(page)
        page.get_by_label("เลขบัตรและภาพถ่ายคู่กับบัตร").check()
        page.get_by_label("ภาพใบหน้าผู้รับบริการคู่กับบัตรประชาชน").set_input_files(tmp_path / "face.jpg")
        page.get_by_role("button", name="ยืนยันด้วยวิธีนี้").click()
        expect(page.get_by_role("region", name="ข้อมูลรายละเอียดการรับยาที่ผิดปกติ ใน 12 เดือน")).to_be_visible()
        found += complaints(page)
        page.get_by_role("button", name="ยืนยันการเข้ารับบริการ ออกรหัส").click()
        expect(page.get_by_role("heading", name="ปิดสิทธิ", level=1)).to_be_visible()
        found += complaints(page)
        page.goto("/authentications/unclosed")
        found += complaints(page)
        page.get_by_role("link", name="ปิดสิทธิ PP").first.click()
        page.get_by_label("จำนวนเงินที่เบิกได้ (บาท)").fill("180.50")
        page.get_by_label("เลขที่การเข้ารับบริการ (VN)").fill("VN-1")
        page.get_by_role("button", name="ปิดสิทธิ", exact=True).click()
        expect(page.get_by_text("ปิดสิทธิแล้ว").first).to_be_visible()
        found += complaints(page)
    assert found == []
