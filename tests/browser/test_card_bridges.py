"""A PC is enrolled by its program and an administrator, and reads a card for a page over the outbound line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from card_bridge.bridge import Bridge
from card_bridge.enrol import ServerRefused, enrol, server_key
from card_bridge.errors import CardError
from card_bridge.keys import FileStore, load_or_make
from card_bridge.outbound import Outbound
from card_bridge.settings import Settings, load
from tests.browser.test_pages import complaints, sign_in
from tests.card_bridge.virtual_card import PERSON, VirtualCard, Wire
from tests.support.browser import watched_page
from tests.support.product import Product

ASK = """async (path) => {
    const token = document.querySelector("input[name=csrf_token]").value;
    const headers = {"Content-Type": "application/json", "X-CSRFToken": token};
    const answer = await fetch(path, {method: "POST", headers,
        body: JSON.stringify({purpose: "desk"})});
    return [answer.status, await answer.json()]}"""
LOOK = """async (path) => {
    const answer = await fetch(path);
    return [answer.status, await answer.json().catch(() => null)]}"""


@pytest.fixture
def admin(browser: Browser, product: Product) -> Iterator[Page]:
    with watched_page(browser, product.url) as page:
        sign_in(page, "admin")
        yield page


def code_for(admin: Page, unit: str) -> str:
    admin.goto("/card-bridges")
    admin.get_by_label("รหัสหน่วยบริการ").fill(unit)
    admin.get_by_role("button", name="สร้างรหัสลงทะเบียน").click()
    return admin.locator("#code").inner_text()


def test_from_enrolment_to_a_reading(admin: Page, page: Page, product: Product, tmp_path: Path) -> None:
    key = load_or_make(FileStore(tmp_path / "key"))
    enrol(Settings(tmp_path), key, product.url, code_for(admin, "99003")).save()
    settings = load(tmp_path)
    assert (settings.server, settings.origins) == (product.url, (product.url,))

    card: list[VirtualCard] = []

    @contextmanager
    def open_card(_wanted: str) -> Iterator[tuple[Wire, str]]:
        if not card:
            raise CardError("no_card")
        yield Wire(card[0]), "Reader 1"

    own_key = load_or_make(FileStore(tmp_path / "key"), settings.device_id)
    line = Outbound(Bridge(settings, own_key, server_key(settings), open_card=open_card))
    with pytest.raises(ServerRefused):  # nobody has compared the fingerprints yet
        line.once()
    admin.goto("/card-bridges")
    row = admin.get_by_role("row").filter(has_text=own_key.fingerprint)
    expect(row).to_contain_text("รอเทียบลายนิ้วมือ")
    row.get_by_role("button", name="ตรงกัน อนุมัติ").click()
    expect(admin.get_by_role("row").filter(has_text=own_key.fingerprint)).to_contain_text("ใช้งานได้")
    assert complaints(admin) == []

    sign_in(page, "frontdesk")
    assert line.once() == 15  # nothing is wanted
    status, asked = page.evaluate(ASK, "/readings/requests")
    assert status == 200
    path = f"/readings/requests/{asked['request']}"
    assert page.evaluate(LOOK, path) == [200, {"state": "waiting", "message": ""}]
    line.once()
    assert page.evaluate(LOOK, path)[1]["message"] == "ยังไม่มีบัตรในเครื่องอ่าน ให้เสียบบัตรประชาชน"

    card.append(VirtualCard())
    _, asked = page.evaluate(ASK, "/readings/requests")
    line.once()
    path = f"/readings/requests/{asked['request']}"
    assert page.evaluate(LOOK, path)[1]["card"]["citizen_id"] == PERSON[0x0004]
    assert admin.evaluate(LOOK, path)[0] == 404  # another person's session sees nothing of it

    admin.goto("/card-bridges")
    row = admin.get_by_role("row").filter(has_text=own_key.fingerprint)
    row.get_by_role("button", name="ยกเลิกเครื่อง").click()
    admin.get_by_role("dialog").get_by_role("button", name="ยืนยัน").click()
    expect(admin.get_by_role("row").filter(has_text=own_key.fingerprint)).to_contain_text("ยกเลิกแล้ว")
    with pytest.raises(ServerRefused):
        line.once()


def test_a_wrong_code_and_a_unit_that_is_not_there(admin: Page, product: Product, tmp_path: Path) -> None:
    with pytest.raises(ServerRefused, match=r"code|รหัส"):
        enrol(Settings(tmp_path), load_or_make(FileStore(tmp_path / "key")), product.url, "AAAA-BBBB-CCCC")
    admin.goto("/card-bridges")
    admin.get_by_label("รหัสหน่วยบริการ").fill("12345")
    admin.get_by_role("button", name="สร้างรหัสลงทะเบียน").click()
    expect(admin.get_by_text("ไม่พบหน่วยงานรหัสนี้")).to_be_visible()
    expect(admin.get_by_label("รหัสหน่วยบริการ")).to_have_value("12345")


def test_a_signatory_keeps_the_pcs_of_the_own_unit(page: Page) -> None:
    sign_in(page, "signatory")
    page.goto("/card-bridges")
    page.get_by_role("button", name="สร้างรหัสลงทะเบียน").click()
    expect(page.get_by_text("รหัสลงทะเบียนของหน่วย 99003")).to_be_visible()
