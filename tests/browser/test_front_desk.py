"""The front desk in a real browser: the card in a real reader, keys counted, the server going away, a phone."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.adapters.demo_patients import PATIENTS
from card_bridge.enrol import enrol
from card_bridge.keys import FileStore, load_or_make
from card_bridge.settings import Settings
from tests.browser.test_card_bridges import code_for
from tests.browser.test_pages import complaints, sign_in
from tests.card_bridge.card_service import CardService, missing
from tests.card_bridge.virtual_card import PERSON, Inserted, VirtualCard
from tests.support.browser import PATIENCE, watched_page
from tests.support.ports import free_port
from tests.support.product import Product
from tests.support.tiers import unavailable

ROOT = Path(__file__).parents[2]
MOST_KEYS = 8
GENERAL, OTHER, THIRD = PATIENTS[0], PATIENTS[1], PATIENTS[2]
COUNT_KEYS = "window.keysPressed = 0; addEventListener('keydown', () => { window.keysPressed++; }, true)"


@pytest.fixture(scope="module")
def bridge_port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def product(sqlite_url: str, bridge_port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The whole product, told where the bridge of the clinic's PC listens."""
    where = {"CARD_BRIDGE_URL": f"http://127.0.0.1:{bridge_port}"}
    running = Product(sqlite_url, tmp_path_factory.mktemp("product"), **where)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def desk(browser: Browser, product: Product) -> Iterator[Page]:
    with watched_page(browser, product.url) as page:
        page.add_init_script(COUNT_KEYS)
        sign_in(page, "frontdesk")
        page.goto("/front-desk")
        yield page


def sees_a_card(bridge_port: int) -> bool:
    """What the bridge's own page says to whoever looks at it."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{bridge_port}/", timeout=20) as page:
            return "(มีบัตร)" in page.read().decode()
    except OSError:  # it does not listen yet
        return False


@pytest.fixture
def reader(browser: Browser, product: Product, bridge_port: int, tmp_path: Path) -> Iterator[Inserted]:
    """The virtual card in the system's card service, and the bridge as a program of its own, enrolled and approved."""
    if missing():
        unavailable("card service", missing())
    directory = tmp_path / "bridge"
    directory.mkdir()
    key = load_or_make(FileStore(directory / "signing-key"))
    with watched_page(browser, product.url) as admin:
        sign_in(admin, "admin")
        settings = Settings(directory, bridge_port, test_readers=True)
        enrol(settings, key, product.url, code_for(admin, "99003")).save()
        admin.goto("/card-bridges")
        row = admin.get_by_role("row").filter(has_text=key.fingerprint)
        row.get_by_role("button", name="ตรงกัน อนุมัติ").click()
        expect(row).to_contain_text("ใช้งานได้")
    command = [sys.executable, "-m", "card_bridge", "--directory", str(directory)]
    with ExitStack() as ends:
        service = CardService(tmp_path / "pcscd")
        service.start()
        ends.callback(service.stop)
        log = ends.enter_context((tmp_path / "bridge.log").open("wb"))
        environ = {**os.environ, **service.environment}
        program = ends.enter_context(subprocess.Popen(command, cwd=ROOT, env=environ, stdout=log, stderr=log))
        ends.callback(program.terminate)
        card = Inserted(VirtualCard(), service.ports[0])
        ends.callback(card.pull)
        deadline = time.monotonic() + PATIENCE / 1000
        while not sees_a_card(bridge_port):  # the card service notices a card some moments after it is put in
            assert program.poll() is None, (tmp_path / "bridge.log").read_text()
            assert time.monotonic() < deadline, "the bridge sees no card"
            time.sleep(0.1)
        yield card


def keys(page: Page) -> int:
    found: int = page.evaluate("window.keysPressed")
    return found


def turn(page: Page, band: str) -> None:
    """The band whose turn it is, and nothing under way."""
    expect(page.locator(f".band.now:has(#band-{band})")).to_be_visible()
    expect(page.locator("#desk[aria-busy]")).to_have_count(0)


def code_on(page: Page) -> str:
    expect(page.locator("#claim")).to_have_text(re.compile(r"[A-Z]{2}\d{10}"))
    return page.locator("#claim").inner_text()


def test_from_the_card_to_the_code_with_eight_keys_at_most(desk: Page, reader: Inserted) -> None:
    desk.keyboard.press("F2")
    expect(desk.locator(".who .name")).to_have_text("นายทดสอบ ระบบบัตร")
    expect(desk.locator(".who img.face")).to_be_visible()
    assert desk.evaluate("document.querySelector('.who img.face').naturalWidth") == 297
    expect(desk.locator("input[name=mobile]")).to_be_focused()
    before = keys(desk)
    desk.keyboard.type("0800000077")  # a new patient's phone is written down: the only typing there is
    digits = keys(desk) - before
    desk.keyboard.press("Enter")
    turn(desk, "how")
    card_step = desk.locator(".ladder input[value=card]").get_attribute("data-digit")
    desk.keyboard.press(card_step or "")
    expect(desk.locator(".ladder input[value=card]")).to_be_checked()
    expect(desk.locator("#desk[aria-busy]")).to_have_count(0)
    desk.keyboard.press("Enter")
    turn(desk, "what")
    desk.keyboard.press("F9")
    code = code_on(desk)
    assert digits == 10
    assert keys(desk) - digits <= MOST_KEYS
    assert PERSON[0x0004] not in desk.url
    assert complaints(desk) == []
    desk.keyboard.press("Enter")
    expect(desk.locator("#pid")).to_be_focused()
    expect(desk.locator(".queue").first).to_contain_text(code)

    # the same person for another service: the phone is known, so there is nothing to type at all
    desk.locator("#pid").fill("SITTHI:U:99003:PG0130001")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("เลือกบริการ PG0130001")).to_be_visible()
    before = keys(desk)
    desk.keyboard.press("F2")
    expect(desk.locator("input[name=mobile]")).to_have_value("0800000077")
    expect(desk.locator("select[name=service_code]")).to_have_value("PG0130001")
    desk.keyboard.press("Enter")
    turn(desk, "how")
    desk.keyboard.press(card_step or "")
    expect(desk.locator(".ladder input[value=card]")).to_be_checked()
    expect(desk.locator("#desk[aria-busy]")).to_have_count(0)
    desk.keyboard.press("Enter")
    turn(desk, "what")
    desk.keyboard.press("F9")
    assert code_on(desk) != code
    assert keys(desk) - before <= MOST_KEYS


def test_a_card_that_is_not_there_says_what_to_do(desk: Page, reader: Inserted) -> None:
    reader.pull()
    desk.keyboard.press("F2")
    expect(desk.locator("[data-card-said]")).to_contain_text("เสียบ")
    expect(desk.locator("#pid")).to_have_value("")


def test_the_face_app_answers_and_the_screen_goes_on_by_itself(desk: Page, browser: Browser, product: Product) -> None:
    begin(desk, GENERAL.pid)
    desk.keyboard.press(desk.locator(".ladder input[value=face]").get_attribute("data-digit") or "")
    expect(desk.locator("#desk[aria-busy]")).to_have_count(0)
    desk.keyboard.press("Enter")
    expect(desk.locator(".waiting")).to_be_visible()
    with watched_page(browser, product.url) as app:
        sign_in(app, "frontdesk")
        deadline = time.monotonic() + PATIENCE / 1000
        app.goto("/demo/face")
        while not app.get_by_role("button", name="ใบหน้าตรง").count():  # the worker brings the question there
            assert time.monotonic() < deadline, "the face app was asked nothing"
            app.wait_for_timeout(500)
            app.goto("/demo/face")
        assert complaints(app) == []
        app.get_by_role("button", name="ใบหน้าตรง").click()
        expect(app.get_by_text("ส่งผลสแกนแล้ว")).to_be_visible()
    expect(desk.locator("[data-claim]")).to_be_focused()
    desk.keyboard.press("F9")
    assert code_on(desk)


def begin(page: Page, pid: str, mobile: str = "0800000078") -> None:
    page.locator("#pid").fill(pid)
    page.keyboard.press("Enter")
    expect(page.locator(".who .name")).to_be_visible()
    page.locator("input[name=mobile]").fill(mobile)
    page.keyboard.press("Enter")
    turn(page, "how")


def test_while_the_server_is_away_nothing_typed_is_lost(desk: Page, product: Product) -> None:
    desk.locator("#pid").fill(OTHER.pid)
    desk.keyboard.press("Enter")
    expect(desk.locator(".who .name")).to_be_visible()
    desk.locator("input[name=mobile]").fill("0800000079")
    desk.locator("input[name=phones]").fill("0800000080")
    assert product.process is not None
    product.stop()
    desk.locator("input[name=mobile]").press("Enter")
    expect(desk.get_by_text("ติดต่อเครื่องแม่ข่ายไม่ได้")).to_be_visible()
    expect(desk.locator("[data-again]")).to_be_focused()
    assert complaints(desk) == []
    expect(desk.locator("input[name=mobile]")).to_have_value("0800000079")
    expect(desk.locator("input[name=phones]")).to_have_value("0800000080")
    assert desk.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    desk.keyboard.press("Enter")  # still away
    expect(desk.locator("input[name=mobile]")).to_have_value("0800000079")
    product.start()
    expect(desk.get_by_text("เครื่องแม่ข่ายตอบแล้ว")).to_be_visible()
    desk.keyboard.press("Enter")
    turn(desk, "how")
    expect(desk.locator(".pairs").last).to_contain_text("0800000079, 0800000080")


def test_a_session_that_ended_loses_nothing_either(desk: Page, product: Product) -> None:
    desk.locator("#pid").fill(THIRD.pid)
    desk.keyboard.press("Enter")
    expect(desk.locator(".who .name")).to_be_visible()
    desk.locator("input[name=mobile]").fill("0800000081")
    kept = desk.context.cookies()
    desk.context.clear_cookies()
    desk.locator("input[name=mobile]").press("Enter")
    expect(desk.locator("[data-trouble]")).to_be_visible()
    expect(desk.locator("input[name=mobile]")).to_have_value("0800000081")
    desk.context.add_cookies(kept)  # signed in again, in another tab
    desk.locator("[data-again]").click()
    turn(desk, "how")


@pytest.mark.parametrize("scripts", [True, False])
def test_on_a_phone_with_and_without_scripts(browser: Browser, product: Product, scripts: bool) -> None:
    size = {"width": 375, "height": 740}
    patient = PATIENTS[8] if scripts else PATIENTS[9]
    with watched_page(browser, product.url, viewport=size, java_script_enabled=scripts) as page:
        sign_in(page, "frontdesk")
        page.goto("/front-desk")
        assert page.locator("[data-read-card]").is_visible() == scripts
        page.locator("#pid").fill(patient.pid)
        page.locator("#pid").press("Enter")
        page.locator("input[name=mobile]").fill("0800000082")
        page.get_by_role("button", name="เริ่มยืนยันตัวตน").click()
        page.locator(".ladder input[value=photo]").check()
        if not scripts:
            page.get_by_role("button", name="แสดงช่องตามที่เลือก").click()
        file = page.locator("input[type=file]")
        assert file.get_attribute("capture") == "environment"
        file.set_input_files({"name": "face.jpg", "mimeType": "image/jpeg", "buffer": photo()})
        page.get_by_role("button", name="ยืนยันด้วยวิธีนี้").click()
        expect(page.locator("[data-claim]")).to_be_visible()
        if scripts:
            assert complaints(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= 375
        page.locator("[data-claim]").click()
        code_on(page)
        assert complaints(page) == [] if scripts else True


def photo() -> bytes:
    from tests.card_bridge.virtual_card import picture

    return picture()


def test_the_code_is_large_can_be_copied_and_is_printed_alone(desk: Page) -> None:
    desk.context.grant_permissions(["clipboard-read", "clipboard-write"])
    desk.locator(".queue a[href$='close=1']").first.click()
    code = code_on(desk)
    font = desk.locator("#claim").evaluate(
        "node => [getComputedStyle(node).fontSize, getComputedStyle(node).fontFamily]"
    )
    assert font[0] == "32px"
    assert "mono" in font[1]
    desk.get_by_role("button", name="คัดลอก").click()
    assert desk.evaluate("navigator.clipboard.readText()") == code
    desk.emulate_media(media="print")
    expect(desk.locator("#claim")).to_be_visible()
    expect(desk.locator(".slip-only")).to_be_visible()
    expect(desk.locator("img.qr")).to_be_visible()
    for gone in (".side", ".band:has(#band-who)", ".band:has(#band-how)", ".actions >> nth=0"):
        expect(desk.locator(gone).first).to_be_hidden()
    desk.emulate_media(media="screen")
    with desk.expect_popup() as opened:
        desk.get_by_role("link", name="ใบรหัส").click()
    assert opened.value.url.endswith("/slip.pdf")
