"""Take the pictures of ``docs/screenshots/`` from a running demonstration: ``make screenshots``.

Starts the product on a database of its own, walks requests through it as a visitor and as the officers who decide
them, and photographs what these people see: in Thai, on a desk of 1280 pixels and on a phone of 375.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from PIL import Image  # noqa: E402
from playwright.sync_api import Page, sync_playwright  # noqa: E402

from app.adapters.demo_patients import PATIENTS  # noqa: E402
from tests.browser.people import Town  # noqa: E402
from tests.support.browser import launch  # noqa: E402
from tests.support.product import Product  # noqa: E402

PICTURES = ROOT / "docs" / "screenshots"
DIAGRAM = ROOT / "bpmn" / "access_request.bpmn"
PROCESS = "access_request"
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 375, "height": 740}
COLOURS = 128
APPLICANTS = (601, 602, 603)
"""Serial numbers of the fictional citizen ids of the people who ask."""

MISTAKES = (
    ('formId="supervisor"', 'formId="supervizor"'),
    (">PT24H<", ">24H<"),
    ('type="notice.send"', 'type="notice.sendd"'),
)
"""What is spoiled in a diagram to show what the upload says: right text, wrong text (the first occurrence)."""


def keep(page: Page, name: str) -> None:
    """Write the visible part of the page as a small PNG."""
    page.wait_for_load_state("networkidle")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    file = PICTURES / f"{name}.png"
    picture.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(file, optimize=True)
    print(f"{file.relative_to(ROOT)} ({file.stat().st_size // 1024} KB)")


def visitors(town: Town) -> list[str]:
    """The home page, the request form half filled, and requests that were sent; gives their case numbers."""
    with town.visitor(viewport=DESK) as page:
        page.goto("/")
        keep(page, "home")
        page.goto(f"/start/{PROCESS}")
        page.get_by_role("button", name="เริ่ม", exact=True).click()
        page.check("input[name=nda_accepted][value=yes]")
        town.onward(page)
        town.applicant(page, APPLICANTS[0])
        keep(page, "request")
        return [town.ask(page, serial) for serial in APPLICANTS]


def officers(town: Town, numbers: list[str]) -> None:
    """The inbox and a work item of the region; what an officer sees of the case afterwards."""
    for username in ("head", "pao"):
        for number in numbers:
            town.decide(username, number)
    with town.visitor(viewport=DESK) as page:
        town.sign_in(page, "region")
        keep(page, "inbox")
        town.open_work(page, numbers[0])
        keep(page, "work-item")
        page.check("input[name=decision][value=approve]")
        town.onward(page)
        page.goto(f"/cases/{numbers[0]}")
        keep(page, "case")


def follower(town: Town, number: str) -> None:
    """The requester follows the case on a phone, without signing in."""
    with town.visitor(viewport=PHONE, device_scale_factor=2) as page:
        page.goto("/track")
        page.fill("[name=case]", number)
        page.fill("[name=phone]", "0812345678")
        page.get_by_role("button", name="ดูสถานะ").click()
        page.get_by_text(number).first.wait_for()
        keep(page, "track-phone")


def process_owner(town: Town, directory: Path) -> None:
    """A deployed diagram, and what the upload says about one with mistakes."""
    spoiled = DIAGRAM.read_text(encoding="utf-8")
    for right, wrong in MISTAKES:
        if right not in spoiled:
            raise SystemExit(f"{DIAGRAM.name} no longer says {right}: choose another mistake to show")
        spoiled = spoiled.replace(right, wrong, 1)
    file = directory / DIAGRAM.name
    file.write_text(spoiled, encoding="utf-8")
    with town.visitor(viewport=DESK) as page:
        town.sign_in(page, "designer")
        page.goto(f"/diagrams/bpmn/{PROCESS}")
        keep(page, "diagram")
        page.goto("/diagrams")
        page.set_input_files("main input[type=file]", file)
        page.locator("main button[value=check]").click()
        keep(page, "problems")


def clinic(town: Town) -> None:
    """The front desk with a patient of the demonstration; the rounds of smart-card rights."""
    with town.visitor(viewport=DESK) as page:
        town.sign_in(page, "frontdesk")
        page.goto("/front-desk")
        page.fill("#pid", PATIENTS[0].pid)
        page.keyboard.press("Enter")
        page.locator(".who .name").wait_for()
        keep(page, "front-desk")
    with town.visitor(viewport=DESK) as page:
        town.sign_in(page, "issuer")
        page.goto("/rounds")
        keep(page, "rounds")


def administrator(town: Town) -> None:
    """The messages that the demonstration captured instead of sending them."""
    with town.visitor(viewport=DESK) as page:
        town.sign_in(page, "admin")
        page.goto("/demo/outbox")
        keep(page, "outbox")


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as directory:
        product = Product(f"sqlite:///{directory}/demo.db", Path(directory))
        product.start()
        try:
            with sync_playwright() as playwright:
                town = Town(launch(playwright), product.url)
                numbers = visitors(town)
                officers(town, numbers)
                follower(town, numbers[0])
                process_owner(town, Path(directory))
                clinic(town)
                administrator(town)
        finally:
            product.stop()


if __name__ == "__main__":
    main()
