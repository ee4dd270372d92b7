"""A stand-in for the LINE platform on this machine: the public API's paths, headers, bodies and refusals."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from config import LineChannel


class Platform:
    """What was sent to it, and how it answers. ``answers`` are the next statuses of pushes; afterwards it is well."""

    def __init__(self) -> None:
        self.pushed: list[dict[str, Any]] = []
        self.retry_keys: list[str] = []
        self.accepted: dict[str, Any] = {}
        self.answers: list[int] = []
        self.claims: dict[str, Any] = {}
        self.forms: list[tuple[str, dict[str, str]]] = []
        self.login_status = 200
        self.url = ""

    def channel(self) -> LineChannel:
        login = f"{self.url}/authorize"
        return LineChannel("channel-secret", "channel-token", "1650000000", "login-secret", self.url, login)

    def push(self, headers: Any, body: Any) -> tuple[int, dict[str, Any]]:
        """POST /v2/bot/message/push"""
        if headers.get("Authorization") != "Bearer channel-token":
            return 401, {"message": "Authentication failed"}
        if self.answers:
            status = self.answers.pop(0)
            if status != 200:
                return status, {"message": "not now"}
        key = headers.get("X-Line-Retry-Key", "")
        self.retry_keys.append(key)
        if key in self.accepted:
            return 409, {"message": "The retry key is already accepted", "sentMessages": self.accepted[key]}
        if not 1 <= len(body["messages"]) <= 5 or any(each["type"] != "text" for each in body["messages"]):
            return 400, {"message": "The request body has 1 error(s)"}
        self.pushed.append(body)
        self.accepted[key] = [{"id": str(len(self.pushed))}]
        return 200, {"sentMessages": self.accepted[key]}

    def login(self, path: str, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """POST /oauth2/v2.1/token and /verify"""
        self.forms.append((path, form))
        if self.login_status != 200:
            return self.login_status, {"error": "invalid_request", "error_description": "no"}
        if path.endswith("/token"):
            if form.get("client_secret") != "login-secret" or form.get("grant_type") != "authorization_code":
                return 400, {"error": "invalid_client"}
            return 200, {"access_token": "a", "id_token": f"id-token-of-{form['code']}", "token_type": "Bearer"}
        return 200, self.claims


@contextmanager
def line_platform() -> Iterator[Platform]:
    """The platform, listening."""
    platform = Platform()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.path == "/v2/bot/message/push":
                status, body = platform.push(self.headers, json.loads(raw))
            elif self.path in ("/oauth2/v2.1/token", "/oauth2/v2.1/verify"):
                form = {name: values[0] for name, values in parse_qs(raw.decode()).items()}
                status, body = platform.login(self.path, form)
            else:
                status, body = 404, {"message": "Not found"}
            sent = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, *args: Any) -> None:
            """Quietly."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    platform.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield platform
    finally:
        server.shutdown()
        server.server_close()
