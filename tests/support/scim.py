"""A real SCIM 2.0 server over HTTP, whose line to it can be cut."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from scim2_server.applications.wsgi import WSGIApplication
from scim2_server.memory import InMemoryStorage
from scim2_server.service import ScimService
from scim2_server.utils import load_default_provider

TOKEN = "a token of the tests"


@dataclass
class ScimServer:
    """What stands behind ``url``. ``broken`` answers that many requests with 500 first; ``asked`` is what came."""

    url: str = ""
    broken: int = 0
    asked: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        provider = load_default_provider()
        self._app = WSGIApplication(InMemoryStorage(), provider, ScimService(provider))
        self._one = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with self._one:
            self.asked.append((environ["REQUEST_METHOD"], environ["PATH_INFO"]))
            if environ.get("HTTP_AUTHORIZATION") != f"Bearer {TOKEN}":
                return self._refuse(start_response, "401 Unauthorized")
            if self.broken:
                self.broken -= 1
                return self._refuse(start_response, "500 Internal Server Error")
            return list(self._app(environ, start_response))

    @staticmethod
    def _refuse(start_response: Any, status: str) -> list[bytes]:
        start_response(status, [("Content-Type", "application/scim+json")])
        return [b'{"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "%s"}' % status[:3].encode()]

    def writes(self) -> list[str]:
        """The methods of the requests that change something."""
        return [method for method, _ in self.asked if method in ("POST", "PUT", "PATCH", "DELETE")]


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        """Say nothing."""


class _Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True


@contextmanager
def running() -> Iterator[ScimServer]:
    """A server of its own on a free port."""
    server = ScimServer()
    http = make_server("127.0.0.1", 0, server, server_class=_Threads, handler_class=_Quiet)
    server.url = f"http://127.0.0.1:{http.server_port}"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        thread.join()
        http.server_close()
