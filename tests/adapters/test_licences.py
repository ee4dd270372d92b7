"""The registry of licences over HTTP, against a local stand-in; a silent registry holds up nobody."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from app.adapters.licences import HttpLicences, LicencesSilent, looks_up_licences

PID = "0990000000118"


class StandIn(BaseHTTPRequestHandler):
    """Knows the licence 4511 of a nurse."""

    asked: list[tuple[str, str, str]]

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers["X-Citizen-Id"], self.headers["Authorization"]))
        answers = {
            "/licences/4511?profession=nursing": (200, b'{"status": "active"}'),
            "/licences/4512?profession=nursing": (200, b'{"status": "revoked"}'),
            "/licences/4513?profession=nursing": (500, b""),
            "/licences/4514?profession=nursing": (200, b"not JSON"),
        }
        status, body = answers.get(self.path, (404, b""))
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    StandIn.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), StandIn)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_found_or_not_and_no_citizen_id_in_an_address(address: str) -> None:
    licences = HttpLicences(address, "token")
    found = [licences.is_known("nursing", number, PID) for number in ("4511", "4512", "9999", "a/../b?c")]
    assert found == [True, False, False, False]
    assert {(pid, token) for _, pid, token in StandIn.asked} == {(PID, "Bearer token")}
    assert not any(PID in path for path, _, _ in StandIn.asked)
    assert StandIn.asked[-1][0] == "/licences/a%2F..%2Fb%3Fc?profession=nursing"


@pytest.mark.parametrize("number", ["4513", "4514"])
def test_a_useless_answer_is_silence(address: str, number: str) -> None:
    with pytest.raises(LicencesSilent):
        HttpLicences(address, "token").is_known("nursing", number, PID)


def test_the_effect_answers_for_each_person(address: str) -> None:
    asked = [{"profession": "nursing", "licence_number": number, "pid": PID} for number in ("4511", "9999", "4513")]
    effect = looks_up_licences(HttpLicences(address, "token"))
    assert effect({"people": asked}, "key") == {"licences": ["found", "not_found", "unknown"]}
    assert looks_up_licences(HttpLicences("http://127.0.0.1:9", "token"))({"people": asked[:1]}, "key") == {
        "licences": ["unknown"]
    }
