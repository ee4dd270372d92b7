"""A form that is redrawn while somebody types: what is typed stays, and sending does not wait for the redraw."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.test_pages import BUNDLE, sign_in
from tests.support.tiers import unavailable


@pytest.fixture
def held(page: Page) -> list[Route]:
    """The unit's general data, filled in by its signatory; what it sends waits until the test lets it go on."""
    if not BUNDLE.exists():
        unavailable("browser bundle", "python -m app.assets")
    sign_in(page, "signatory")
    page.goto("/start/oss_registration")
    page.get_by_role("button", name="เริ่ม", exact=True).click()
    expect(page.get_by_role("heading", name="ส่วนที่ 1: ข้อมูลทั่วไป", level=1)).to_be_visible()
    page.wait_for_load_state("networkidle")
    routes: list[Route] = []

    def hold(route: Route) -> None:
        routes.append(route) if route.request.method == "POST" else route.continue_()

    page.route("**/work/*", hold)
    page.get_by_label("ละติจูด (Lat)").fill("16.45")
    page.keyboard.press("Tab")
    while not routes:
        page.wait_for_timeout(20)
    return routes


def test_what_is_typed_meanwhile_stays(page: Page, held: list[Route]) -> None:
    address, phone = page.locator("[name=address]"), page.locator("[name=phone_public]")
    address.fill("9 ถนนที่พิมพ์ระหว่างรอ")
    phone.focus()
    phone.fill("043000999")
    with page.expect_response(lambda answer: answer.request.resource_type == "fetch"):
        held.pop(0).continue_()
    page.wait_for_timeout(300)  # the swap
    expect(address).to_have_value("9 ถนนที่พิมพ์ระหว่างรอ")
    expect(phone).to_have_value("043000999")
    expect(phone).to_be_focused()
    expect(page.get_by_label("ละติจูด (Lat)")).to_have_value("16.45")


def test_sending_gives_up_the_redraw(page: Page, held: list[Route]) -> None:
    given_up: list[str] = []
    page.on("requestfailed", lambda request: given_up.append(request.resource_type))
    page.locator("[data-primary]").click(no_wait_after=True)
    while len(held) < 2:
        page.wait_for_timeout(20)
    assert given_up == ["fetch"]  # at once: it would find the task done, or redraw what is being sent
    held[-1].continue_()
    expect(page.get_by_role("heading", name="ส่วนที่ 2: บุคลากร", level=1)).to_be_visible()
