"""What people do in a browser: sign in, read their mail, fill the request, decide. Every page they meet is checked."""

from __future__ import annotations

import io
import re
import time
from contextlib import AbstractContextManager
from typing import Any

import pikepdf
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Error, FilePayload, Page, ViewportSize

from tests.support.browser import PATIENCE, redrawn, watched_page
from tests.support.product import PASSWORD
from workflows.rules import citizen_id

PHONE = 375
DESK: ViewportSize = {"width": 1280, "height": 900}
_axe = Axe()


def looked_at(page: Page) -> None:
    """The page has no accessibility violation and does not overflow a phone."""
    try:
        found = _axe.run(page).response["violations"]
    except Error as gone:  # one more redirect was under way: look at the page that stays
        if "context was destroyed" not in str(gone):
            raise
        page.wait_for_load_state("networkidle")
        found = _axe.run(page).response["violations"]
    shown = [(each["id"], [node["target"] for node in each["nodes"]][:3]) for each in found]
    assert not shown, f"{page.url}: {shown}"
    page.set_viewport_size({"width": PHONE, "height": 800})
    width = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size(DESK)
    assert width <= PHONE, f"{page.url} is {width} px wide on a phone"


def press(page: Page, name: str) -> None:
    """Press the button with these words and wait for the next page."""
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def letter() -> bytes:
    """A small real PDF."""
    out, pdf = io.BytesIO(), pikepdf.new()
    pdf.add_blank_page()
    pdf.save(out)
    return out.getvalue()


class Town:
    """People around one running product."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.browser = browser
        self.url = url

    def visitor(self, **context: Any) -> AbstractContextManager[Page]:
        """Somebody without an account."""
        return watched_page(self.browser, self.url, **context)

    def sign_in(self, page: Page, username: str, password: str = PASSWORD) -> None:
        page.goto("/sign-in")
        page.fill("[name=username]", username)
        page.fill("[name=password]", password)
        press(page, "เข้าสู่ระบบ")
        assert page.url.endswith("/inbox"), page.inner_text("main")

    def outbox(self, until: str = "") -> str:
        """Everything that was sent so far, newest first, as the administrator sees it, once this pattern is in it."""
        with self.visitor() as page:
            self.sign_in(page, "admin")
            deadline = time.monotonic() + PATIENCE / 1000
            while True:
                page.goto("/demo/outbox")
                sent = page.inner_text("main")
                if re.search(until, sent):
                    return sent
                assert time.monotonic() < deadline, f"nothing like {until} was sent"
                page.wait_for_timeout(200)

    def code(self) -> str:
        """The newest one-time code."""
        return self._newest(r"OTP \d{6}").removeprefix("OTP ")

    def link(self, kind: str) -> str:
        """The newest link of a kind (``activate``, ``return``), as a path."""
        return self._newest(rf"/{kind}/[\w-]{{20,}}")

    def _newest(self, pattern: str) -> str:
        found = re.search(pattern, self.outbox(pattern))
        assert found
        return found[0]

    def ask(self, page: Page, serial: int, *, check: bool = False) -> str:
        """Fill the whole request as somebody of unit 99001; gives the case number."""
        see = looked_at if check else (lambda _page: None)
        page.goto("/start/access_request")
        see(page)
        press(page, "เริ่ม")
        see(page)
        page.check("input[name=nda_accepted][value=yes]")
        self.onward(page)
        self.applicant(page, serial)
        see(page)
        self.onward(page)
        see(page)
        for role in ("901", "904"):
            page.check(f"input[name=roles][value='{role}']")
            redrawn(page)
        if page.locator("input[name=new_authen_use]").count() == 0:
            self.onward(page)  # without scripts the next answer brings the field
        page.locator("input[name=new_authen_use]").first.check()
        self.onward(page)
        see(page)
        file: FilePayload = {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": letter()}
        for field in ("letter", "id_copy"):
            page.set_input_files(f"input[type=file][name={field}]", file)
        page.select_option("select[name=evidence_kind]", index=1)
        self.onward(page)
        see(page)
        page.fill("[name=otp_code]", self.code())
        self.onward(page)
        found = re.search(r"\d\d-\d{6}-\d", page.inner_text("main"))
        assert found, page.inner_text("main")[:500]
        return found[0]

    def applicant(self, page: Page, serial: int) -> None:
        answers = {
            "pid": citizen_id.make("0", serial),
            "first_name": "มานะ",
            "last_name": "อดทนดี",
            "position": "นักวิชาการสาธารณสุข",
            "unit_code": "99001",
            "mobile": "081-234-5678",
            "email": f"mana{serial}@example.org",
        }
        for name, value in answers.items():
            page.fill(f"[name={name}]", value)
        page.select_option("[name=title]", index=1)
        redrawn(page)

    def onward(self, page: Page) -> None:
        """Press the primary button and wait for the next page."""
        with page.expect_navigation():
            page.click("[data-primary]")

    def open_work(self, page: Page, number: str) -> None:
        """Open the work item of a case from the inbox and take it."""
        page.goto("/inbox")
        page.locator("tr", has_text=number).locator("a.what").click()
        page.wait_for_url("**/work/**")
        if page.get_by_role("button", name="รับงาน", exact=True).count():
            press(page, "รับงาน")

    def decide(
        self, username: str, number: str, decision: str = "approve", comment: str = "", *, check: bool = False
    ) -> None:
        """Decide a case's open work item as this person."""
        with self.visitor() as page:
            self.sign_in(page, username)
            if check:
                looked_at(page)
            self.open_work(page, number)
            page.check(f"input[name=decision][value={decision}]")
            if comment:
                page.fill("[name=comment]", comment)
            if check:
                looked_at(page)
            self.onward(page)
            assert "บันทึกแล้ว" in page.inner_text("body")
