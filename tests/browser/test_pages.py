"""Pages in a real browser: readable by everybody, at home on a phone, usable from the keyboard, alive."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import watched_page
from tests.support.product import PASSWORD, Product
from tests.support.tiers import unavailable

BUNDLE = Path(__file__).parents[2] / "app" / "static" / "dist" / "manifest.json"
FOR_STRANGERS = [
    "/",
    "/sign-in",
    "/track",
    "/verify",
    "/verify/none",
    "/lookup",
    "/start/password_reset",
    "/start/access_request",
    "/start/queue_booking",
    "/line",
    "/demo/line",
    "/demo/line/sign-in",
    "/activate/none",
    "/thaid/ask/none",
    "/oss/register",
    "/demo/thaid",
    "/no-such-page",
]
FOR_STAFF = [
    "/inbox",
    "/queue",
    "/cases",
    "/search?q=69",
    "/start",
    "/password",
    "/tokens",
    "/unit-qr?unit_code=99003",
    "/unit-tokens",
    "/webhooks",
    "/campaigns",
    "/start/bulk_access_request",
    "/diagrams",
    "/diagrams/bpmn/access_request",
    "/diagrams/dmn/role_eligibility",
    "/diagrams/form/applicant",
    "/decision-test?decision=role_eligibility",
    "/incidents",
    "/accounts",
    "/accounts/requester",
    "/calendar",
    "/rounds",
    "/round-schedules/smartcard",
    "/round-schedules/new",
    "/maintenance",
    "/usage",
    "/registers",
    "/reports/requests",
    "/reports/authentications",
    "/authentications",
    "/authentications/exceptions",
    "/quotas",
    "/directory",
    "/memberships",
    "/memberships/head",
    "/texts",
    "/texts/mail.returned",
    "/registers/exports/history",
    "/registers/organisations",
    "/registers/organisations/new",
    "/registers/organisations/import",
    "/registers/organisations/entry/99001",
    "/registers/roles",
    "/registers/roles/entry/901",
    "/registers/organisations/history",
    "/card-bridges",
    "/provisioning",
    "/account-review",
    "/provisioning/ECLAIM",
    "/demo/outbox",
    "/units/99003",
    "/units/99001",
    "/start/oss_registration",
    "/diagrams/bpmn/oss_registration",
    "/diagrams/bpmn/oss_parts",
    "/diagrams/bpmn/patient_authentication",
    "/diagrams/bpmn/smartcard_review",
    "/diagrams/bpmn/authentication_void",
    "/diagrams/bpmn/queue_booking",
    "/registers/services",
    "/registers/services/entry/PG0060001",
    "/registers/reasons/entry/under_7",
    "/demo/registry",
    "/demo/face",
]
FOR_THE_DESK = [
    "/front-desk",
    "/authentications/unclosed",
    "/bookings",
    "/thaid/confirmations",
    "/start/patient_authentication",
    "/start/authentication_void",
]
SIZES = {"desk": {"width": 1280, "height": 900}, "phone": {"width": 375, "height": 740}}


def sign_in(page: Page, username: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("ชื่อผู้ใช้").fill(username)
    page.get_by_label("รหัสผ่าน", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="เข้าสู่ระบบ").click()
    page.wait_for_url("**/inbox")


def complaints(page: Page) -> list[str]:
    """What is wrong with the page as it stands: accessibility rules broken, text running out at the side."""
    found = [
        f"{page.url}: {rule['id']} {rule['nodes'][0]['target']}" for rule in Axe().run(page).response["violations"]
    ]
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        found.append(f"{page.url}: wider than the window")
    return found


@pytest.fixture(params=[(size, scheme) for size in SIZES for scheme in ("light", "dark")], ids="-".join)
def any_page(request: pytest.FixtureRequest, browser: Browser, product: Product) -> Iterator[Page]:
    size, scheme = request.param
    with watched_page(browser, product.url, viewport=SIZES[size], color_scheme=scheme) as page:
        yield page


def test_everybody_can_read_every_page_on_every_screen(any_page: Page) -> None:
    found = []
    for path in FOR_STRANGERS:
        any_page.goto(path)
        found += complaints(any_page)
    sign_in(any_page, "admin")
    for path in FOR_STAFF:
        any_page.goto(path)
        found += complaints(any_page)
    any_page.context.clear_cookies()
    sign_in(any_page, "frontdesk")
    for path in FOR_THE_DESK:
        any_page.goto(path)
        found += complaints(any_page)
    assert found == []


def test_the_language_changes_and_stays(page: Page) -> None:
    page.goto("/track")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.goto("/sign-in")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_the_search_field_is_one_key_away(page: Page) -> None:
    sign_in(page, "region")
    page.keyboard.press("/")
    page.keyboard.type("99001")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=99001")


def test_on_a_phone_the_menu_opens_without_a_script(browser: Browser, product: Product) -> None:
    with watched_page(browser, product.url, viewport=SIZES["phone"], java_script_enabled=False) as page:
        sign_in(page, "region")
        page.locator("summary[aria-label='เมนู']").click()
        page.get_by_role("navigation", name="เมนูหลัก").get_by_role("link", name="ค้นหาเรื่อง").click()
        page.wait_for_url("**/search")


def test_what_is_asked_follows_the_answers_and_nothing_typed_is_lost(page: Page) -> None:
    if not BUNDLE.exists():
        unavailable("browser bundle", "python -m app.assets")
    page.goto("/start/access_request")
    page.get_by_role("main").get_by_role("button").click()
    page.get_by_label("ยอมรับเงื่อนไข", exact=True).check()
    page.get_by_role("button", name="ต่อไป").click()
    page.get_by_label("ชื่อ", exact=True).fill("สมมุติ")
    address = page.get_by_label("บ้านเลขที่")
    expect(address).to_have_count(0)
    page.get_by_label("ลงทะเบียนผู้ใช้ Data Center").check()
    expect(address).to_be_visible()
    expect(page.get_by_label("ชื่อ", exact=True)).to_have_value("สมมุติ")
    unit = page.get_by_label("หน่วยงาน", exact=True)
    unit.press_sequentially("9900")
    expect(page.locator("datalist option[value='99001']")).to_have_count(1)


def test_a_process_owner_tries_a_decision_with_and_without_scripts(browser: Browser, product: Product) -> None:
    for scripts, viewport in ((False, SIZES["phone"]), (True, SIZES["phone"]), (True, SIZES["desk"])):
        with watched_page(browser, product.url, viewport=viewport, java_script_enabled=scripts) as page:
            sign_in(page, "designer")
            page.goto("/diagrams/dmn/role_eligibility")
            page.get_by_role("link", name="ทดลอง", exact=True).click()
            page.get_by_label("รหัสบทบาท").fill("378")
            page.get_by_label("ประเภทหน่วยงาน", exact=True).fill('="general" + "_hospital"')
            page.get_by_role("button", name="ทดลอง", exact=True).click()
            expect(page.locator("tr.hit")).to_have_count(1)
            expect(page.locator("tr.hit")).to_contain_text('"378"')
            expect(page.locator("#answer")).to_contain_text("true")
            expect(page.get_by_label("รหัสบทบาท")).to_have_value("378")
            assert "378" not in page.url
            assert not scripts or complaints(page) == []


def test_a_diagram_opens_readable_and_zooms_by_keys_and_buttons(page: Page) -> None:
    if not BUNDLE.exists():
        unavailable("browser bundle", "python -m app.assets")
    sign_in(page, "designer")
    page.goto("/diagrams/bpmn/oss_registration")
    drawing = page.get_by_role("region", name="แผนผังกระบวนงาน")
    expect(drawing.get_by_text("ตรวจเงื่อนไข").first).to_be_visible()

    def zoom() -> float:
        found: float = drawing.locator("g.viewport").evaluate("node => node.getCTM().a")
        return round(found, 3)

    opened = zoom()
    assert opened >= 0.85  # labels are 12 px at 1
    drawing.focus()
    page.keyboard.press("0")
    whole = zoom()
    assert whole < opened
    page.keyboard.press("+")
    assert zoom() > whole
    page.get_by_role("button", name="ย่อ", exact=True).press("Enter")
    assert zoom() == pytest.approx(whole, abs=0.01)
    assert complaints(page) == []
