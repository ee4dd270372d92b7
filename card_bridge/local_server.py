"""The bridge's door for the browser: HTTP on 127.0.0.1 only.

Logs name routes and refusals, never a card's data. Everything that reads is ``POST`` with JSON and our own header.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from card_bridge import __version__, compatible
from card_bridge.bridge import Bridge
from card_bridge.challenge import ChallengeRefused
from card_bridge.errors import CardError
from card_bridge.guards import HEADER, Rate, Refused, check_host, check_origin, check_request
from card_bridge.status_page import status_page
from card_bridge.watch import Watch

log = logging.getLogger(__name__)
_STATUS: Final = {"no_service": 503, "card_busy": 409, "internal": 500}
_REFUSED = (
    "ไม่ได้รับอนุญาตให้อ่านบัตร เปิดหน้าเว็บใหม่แล้วลองอีกครั้ง",
    "Not permitted to read a card; open the page again and retry",
)


class LocalServer(ThreadingHTTPServer):
    """Serves one bridge on ``settings.port``; port 0 in tests takes any."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, bridge: Bridge, watch: Watch, *, port: int | None = None) -> None:
        self.bridge, self.watch, self.rate = bridge, watch, Rate()
        super().__init__(("127.0.0.1", bridge.settings.port if port is None else port), _Handler)

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Handler(BaseHTTPRequestHandler):
    server: LocalServer
    timeout = 20
    protocol_version = "HTTP/1.1"
    server_version = f"card-bridge/{__version__}"
    sys_version = ""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the base class
        """Nothing: the base class would write addresses, and those of older programs hold citizen numbers."""

    # -- requests ----------------------------------------------------------------------------------------------------

    def do_GET(self) -> None:
        self._guarded(self._get)

    def do_POST(self) -> None:
        self._guarded(self._post)

    def do_OPTIONS(self) -> None:
        self._guarded(self._preflight)

    def _guarded(self, answer: Callable[[], None]) -> None:
        route = urlsplit(self.path).path
        try:
            check_host(self.headers, self.server.port)
            answer()
        except Refused as refused:
            log.warning("refused %s %.40s: %s", self.command, route, refused.why)
            self.close_connection = True
            self._send(refused.status, {"error": "refused", "message": {"th": _REFUSED[0], "en": _REFUSED[1]}})
        except ChallengeRefused as refused:
            log.warning("refused to read: %s", refused)
            self._send(403, {"error": "refused", "message": {"th": _REFUSED[0], "en": f"{_REFUSED[1]} ({refused})"}})
        except CardError as error:
            log.info("%s: %s", route, error)
            self._send(_STATUS.get(error.code, 422), _problem(error))
        except Exception:
            log.exception("%s failed", route)
            self._send(500, _problem(CardError("internal")))

    def _get(self) -> None:
        where = urlsplit(self.path)
        if where.path == "/":
            return self._send_page(status_page(self.server.bridge, self.server.watch.state))
        if where.path == "/health":
            return self._send(200, {"version": __version__, "enrolled": self.server.bridge.settings.enrolled})
        if self.server.bridge.settings.compatible and where.path in compatible.ROUTES:
            if "Origin" in self.headers:
                check_origin(self.headers, self._origins)
            elif self.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
                raise Refused(403, "another site")
            self.server.rate.check()
            asked = {name: values[-1] for name, values in parse_qs(where.query).items()}
            status, body = compatible.answer(self.server.bridge, where.path, asked)
            return self._send(status, body)
        raise Refused(404, "no such page")

    def _post(self) -> None:
        check_origin(self.headers, self._origins)
        length = check_request(self.headers)
        try:
            body = json.loads(self.rfile.read(length) or b"{}")
        except ValueError:
            raise Refused(400, "not JSON") from None
        if not isinstance(body, dict):
            raise Refused(400, "not an object")
        match urlsplit(self.path).path:
            case "/v1/state":
                state = self.server.watch.state
                thai, english = state.words
                readers = [{"name": name, "card": card} for name, card in state.readers]
                self._send(200, {"state": state.code, "message": {"th": thai, "en": english}, "readers": readers})
            case "/v1/read":
                self.server.rate.check()
                token, reader = body.get("challenge"), body.get("reader", "")
                if not isinstance(token, str) or not isinstance(reader, str):
                    raise Refused(400, "challenge")
                self._send(
                    200, self.server.bridge.read_signed(token, with_photo=body.get("photo") is True, reader=reader)
                )
            case _:
                raise Refused(404, "no such route")

    def _preflight(self) -> None:
        check_origin(self.headers, self._origins)
        self._send(204, None)

    @property
    def _origins(self) -> tuple[str, ...]:
        return self.server.bridge.settings.origins

    # -- answers -----------------------------------------------------------------------------------------------------

    def _send(self, status: int, body: Mapping[str, Any] | list[Any] | None) -> None:
        data = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        self._write(status, data, "application/json; charset=utf-8")

    def _send_page(self, page: str) -> None:
        self._write(200, page.encode(), "text/html; charset=utf-8")

    def _write(self, status: int, data: bytes, content_type: str) -> None:
        self.send_response(status)
        origin = self.headers.get("Origin", "") if self.headers else ""
        if origin in self._origins:
            self.send_header("Access-Control-Allow-Origin", origin)
            self.send_header("Access-Control-Allow-Methods", "POST")
            self.send_header("Access-Control-Allow-Headers", f"Content-Type, {HEADER}")
            self.send_header("Access-Control-Max-Age", "600")
        self.send_header("Vary", "Origin")
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cross-Origin-Resource-Policy", "cross-origin" if origin in self._origins else "same-origin")
        self.send_header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def _problem(error: CardError) -> dict[str, Any]:
    return {"error": error.code, "message": {"th": error.thai, "en": error.english}}
