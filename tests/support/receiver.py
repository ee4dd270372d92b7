"""A hospital's system that is told of events, over real HTTP: it verifies signatures as the documentation says, and can
be slow, broken or elsewhere."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOLERANCE = 300


@dataclass
class Receiver:
    """What came, and how to answer: ``status``; ``wait`` seconds before, or ``until`` something is told; ``drip`` sends
    the answer a byte a tick."""

    status: int = 200
    wait: float = 0
    until: threading.Event | None = None
    drip: bool = False
    location: str = ""
    secret: str = ""
    came: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""

    def events(self, kind: str) -> list[dict[str, Any]]:
        return [one["body"] for one in self.came if one["body"]["type"] == kind]


def verified(secret: str, header: str, body: bytes, now: float) -> bool:
    """Whether a message is from whom it says, and fresh."""
    parts = [part.partition("=")[::2] for part in header.split(",")]
    at = next((value for name, value in parts if name == "t"), "0")
    if abs(now - int(at)) > TOLERANCE:
        return False
    mark = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return any(hmac.compare_digest(value, mark) for name, value in parts if name == "v1")


@contextmanager
def receiving(**how: Any) -> Iterator[Receiver]:
    """A receiver on a free port of this machine."""
    receiver = Receiver(**how)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            header = self.headers["Sitthi-Signature"]
            receiver.came.append(
                {
                    "path": self.path,
                    "host": self.headers["Host"],
                    "id": self.headers["Sitthi-Id"],
                    "event": self.headers["Sitthi-Event"],
                    "signature": header,
                    "raw": body,
                    "body": json.loads(body),
                    "verified": verified(receiver.secret, header, body, time.time()),
                }
            )
            time.sleep(receiver.wait)
            if receiver.until:
                receiver.until.wait(120)
            try:
                if receiver.drip:
                    for letter in b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n" + b"X-Slow: 1\r\n" * 500:
                        self.wfile.write(bytes([letter]))
                        time.sleep(0.05)
                self.send_response(receiver.status)
                if receiver.location:
                    self.send_header("Location", receiver.location)
                self.send_header("Content-Length", "0")
                self.end_headers()
            except OSError:
                pass  # the sender had enough

        do_GET = do_POST

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield receiver
    server.shutdown()
    server.server_close()
    thread.join()
