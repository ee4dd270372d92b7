"""A real headless Chromium. A page that breaks its own content security policy or throws fails the test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, Playwright, expect

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 60_000  # milliseconds; a page that does come is not the worse for a busy machine
expect.set_options(timeout=PATIENCE)
WATCH_POLICY = """
document.addEventListener('securitypolicyviolation', e =>
  console.error('securitypolicyviolation', e.violatedDirective, e.blockedURI, e.sourceFile + ':' + e.lineNumber));
"""
WATCH_REDRAWING = """
(() => {
  let under_way = 0;
  const count = by => () => document.documentElement.toggleAttribute('data-redrawing', (under_way += by) > 0);
  document.addEventListener('htmx:before:request', count(1));
  document.addEventListener('htmx:finally:request', count(-1));
})();
"""


def executable() -> str | None:
    """The browser of this machine."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


def launch(playwright: Playwright) -> Browser:
    path = executable()
    if path is None:
        raise RuntimeError("Chromium is not installed (Debian package: chromium)")
    return playwright.chromium.launch(executable_path=path, args=ARGUMENTS)


@contextmanager
def watched_page(browser: Browser, base_url: str, **context: Any) -> Iterator[Page]:
    """A page in its own context (nobody signed in, Thai, Bangkok); fails at the end if it complained."""
    options = {"locale": "th-TH", "timezone_id": "Asia/Bangkok", "viewport": {"width": 1280, "height": 900}, **context}
    own = browser.new_context(base_url=base_url, **options)
    own.set_default_timeout(PATIENCE)
    own.add_init_script(WATCH_POLICY)
    own.add_init_script(WATCH_REDRAWING)
    complaints: list[str] = []
    page = own.new_page()
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on("console", lambda line: complaints.append(line.text) if "securitypolicyviolation" in line.text else None)
    try:
        yield page
        assert not complaints, "the browser complained:\n" + "\n".join(complaints)
    finally:
        own.close()


def redrawn(page: Page) -> None:
    """Wait until the server has redrawn the form after the last answer: which fields it has may depend on it."""
    expect(page.locator("html[data-redrawing]")).to_have_count(0)
