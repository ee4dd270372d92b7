"""The tests' own browser notices a page that breaks its content security policy or throws."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from playwright.sync_api import Browser

from tests.support.browser import watched_page

PAGES = {
    "/fine": "<script src='/none.js'></script>",
    "/inline": "<script>document.title = 'x'</script>",
    "/throws.js": "throw new Error('on purpose')",
    "/throws": "<script src='/throws.js'></script>",
}


class Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Security-Policy", "default-src 'self'")
        self.send_header("Content-Type", "text/javascript" if self.path.endswith(".js") else "text/html")
        self.end_headers()
        self.wfile.write(PAGES.get(self.path, "").encode())

    def log_message(self, *_: object) -> None:
        """Silent."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.mark.parametrize(("path", "words"), [("/inline", "securitypolicyviolation"), ("/throws", "on purpose")])
def test_a_page_that_misbehaves_fails_the_test(path: str, words: str, browser: Browser, site: str) -> None:
    with pytest.raises(AssertionError, match=words), watched_page(browser, site) as page:
        page.goto(path, wait_until="networkidle")


def test_a_page_that_behaves_passes(browser: Browser, site: str) -> None:
    with watched_page(browser, site) as page:
        page.goto("/fine", wait_until="networkidle")
