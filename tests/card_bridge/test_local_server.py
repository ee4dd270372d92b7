"""The bridge's door: who is let in, what comes out, and that nothing personal is left in the log."""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from card_bridge.bridge import Bridge, Counter
from card_bridge.envelope import canonical
from card_bridge.errors import CardError
from card_bridge.guards import MOST_BODY, Rate, Refused
from card_bridge.keys import FileStore, load_or_make
from card_bridge.local_server import LocalServer
from card_bridge.settings import Settings, SettingsError, check, load
from card_bridge.watch import Watch
from tests.card_bridge.server_side import SERVER, ServerSide, signature_holds
from tests.card_bridge.virtual_card import PERSON, VirtualCard, Wire, picture

PAGE = "https://sitthi.example"
PERSONAL = [PERSON[0x0004], "ทดสอบ", "Thodsob", "99/1"]


class Clinic:
    """A bridge that serves, with a card in its reader."""

    def __init__(self, directory: Path, **settings: Any) -> None:
        self.card: VirtualCard | None = VirtualCard()
        self.server_side = ServerSide()
        self.settings = Settings(directory, server=SERVER, device_id="d1", origins=(PAGE,), **settings)
        self.key = load_or_make(FileStore(directory / "key"), self.settings.device_id)
        self.bridge = Bridge(self.settings, self.key, self.server_side.public, open_card=self.open_card)
        self.server = LocalServer(self.bridge, Watch(), port=0)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @contextmanager
    def open_card(self, _wanted: str) -> Iterator[tuple[Wire, str]]:
        if self.card is None:
            raise CardError("no_card")
        yield Wire(self.card), "Reader 1"

    def ask(
        self, path: str, body: Any = None, *, method: str = "POST", without: tuple[str, ...] = (), **headers: str
    ) -> tuple[int, Any, dict[str, str]]:
        sent = {"Host": f"127.0.0.1:{self.server.port}"}
        if method != "GET":
            sent |= {"Origin": PAGE, "Content-Type": "application/json", "X-Card-Bridge": "1"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {name: value for name, value in sent.items() if name not in without}
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        connection.request(method, path, body if isinstance(body, bytes) else json.dumps(body).encode(), sent)
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        is_json = "json" in answer.headers.get("Content-Type", "")
        return answer.status, json.loads(data) if data and is_json else data.decode(), dict(answer.headers)


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    running = Clinic(tmp_path)
    yield running
    running.server.shutdown()
    running.server.server_close()


def test_a_reading_is_signed_for_the_permission(clinic: Clinic) -> None:
    permission = clinic.server_side.permission()
    status, reading, headers = clinic.ask("/v1/read", {"challenge": permission, "photo": True})
    assert status == 200
    assert reading["card"]["citizen_id"] == PERSON[0x0004]
    assert base64.b64decode(reading["photo"]) == picture()
    assert headers["Access-Control-Allow-Origin"] == PAGE
    assert headers["Cache-Control"] == "no-store"
    envelope = reading["envelope"]
    assert (envelope["aud"], envelope["device_id"], envelope["reader"]) == (SERVER, "d1", "Reader 1")
    assert json.loads(base64.urlsafe_b64decode(permission.split(".")[0] + "=="))["nonce"] == envelope["nonce"]
    assert envelope["card_sha256"] == hashlib.sha256(canonical(reading["card"])).hexdigest()
    assert envelope["photo_sha256"] == hashlib.sha256(picture()).hexdigest()
    assert signature_holds(reading, clinic.key.public)
    changed = {**reading, "envelope": {**envelope, "nonce": "x"}}
    assert not signature_holds(changed, clinic.key.public)


def test_no_photo_unless_asked(clinic: Clinic) -> None:
    _, reading, _ = clinic.ask("/v1/read", {"challenge": clinic.server_side.permission()})
    assert (reading["photo"], reading["envelope"]["photo_sha256"]) == (None, None)


def test_numbers_only_grow_also_after_a_restart(clinic: Clinic, tmp_path: Path) -> None:
    def seq() -> int:
        return clinic.ask("/v1/read", {"challenge": clinic.server_side.permission()})[1]["envelope"]["seq"]

    first, second = seq(), seq()
    assert first < second < Counter(tmp_path / "counter").next()
    (tmp_path / "counter").write_text(str(10**15))
    assert Counter(tmp_path / "counter").next() == 10**15 + 1


@pytest.mark.parametrize(
    "permission",
    [
        lambda server: "",
        lambda server: "a.b",
        lambda server: ServerSide().permission(),
        lambda server: server.permission("another"),
        lambda server: server.permission(audience="https://evil.example"),
        lambda server: server.permission(seconds=-1000),
        lambda server: server.permission()[:-4],
        lambda server: "x" * 5000,
    ],
    ids=["none", "garbage", "another server", "another bridge", "another audience", "over", "cut", "huge"],
)
def test_without_the_servers_permission_no_card_is_read(clinic: Clinic, permission: Any) -> None:
    status, body, _ = clinic.ask("/v1/read", {"challenge": permission(clinic.server_side)})
    assert status in (403, 413)
    assert body["error"] == "refused"
    assert clinic.card is not None
    assert clinic.card.commands == 0


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"Host": "rebind.test:80"}, 421),
        ({"Host": "127.0.0.1"}, 421),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "https://sitthi.example.evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Content-Type": "text/plain"}, 415),
        ({"X-Card-Bridge": "0"}, 403),
        ({"X-Forwarded-For": "1.2.3.4"}, 403),
        ({"Forwarded": "for=1.2.3.4"}, 403),
        ({"Content-Length": str(MOST_BODY + 1)}, 413),
        ({"Content-Length": "-1"}, 411),
    ],
)
def test_who_is_not_let_in(clinic: Clinic, change: dict[str, str], status: int) -> None:
    body = {"challenge": clinic.server_side.permission()}
    got, _, headers = clinic.ask("/v1/read", body, **change)
    assert got == status
    assert headers.get("Access-Control-Allow-Origin") in (None, PAGE)
    if "Origin" in change:
        assert "Access-Control-Allow-Origin" not in headers
    assert clinic.card is not None
    assert clinic.card.commands == 0


@pytest.mark.parametrize("name", ["Origin", "Content-Type", "X-Card-Bridge"])
def test_what_must_be_there(clinic: Clinic, name: str) -> None:
    assert clinic.ask("/v1/read", {}, without=(name,))[0] in (403, 415)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'"x"', b'{"challenge": 1}', b'{"challenge": "a", "reader": []}', b"\xff"]
)
def test_bodies_that_are_not_understood(clinic: Clinic, body: bytes) -> None:
    assert clinic.ask("/v1/read", body)[0] in (400, 403)


@pytest.mark.parametrize("path", ["/v1/settings", "/v1/key", "/../settings.json", "/v1/read/x"])
def test_nothing_else_is_there(clinic: Clinic, path: str) -> None:
    assert clinic.ask(path, {})[0] == 404
    assert clinic.ask(path, method="GET")[0] == 404


def test_a_get_reads_no_card(clinic: Clinic) -> None:
    assert clinic.ask("/v1/read", method="GET")[0] == 404
    assert clinic.ask("/api/smartcard/read", method="GET")[0] == 404  # the old shape is off
    assert clinic.card is not None
    assert clinic.card.commands == 0


def test_a_browser_may_ask_first(clinic: Clinic) -> None:
    status, _, headers = clinic.ask("/v1/read", method="OPTIONS")
    assert (status, headers["Access-Control-Allow-Headers"]) == (204, "Content-Type, X-Card-Bridge")
    assert clinic.ask("/v1/read", method="OPTIONS", Origin="https://evil.example")[0] == 403


def test_what_is_wrong_is_said_in_both_languages(clinic: Clinic) -> None:
    clinic.card = None
    status, body, _ = clinic.ask("/v1/read", {"challenge": clinic.server_side.permission()})
    assert (status, body["error"]) == (422, "no_card")
    assert body["message"]["th"] == "ยังไม่มีบัตรในเครื่องอ่าน ให้เสียบบัตรประชาชน"
    assert "insert the card" in body["message"]["en"]


def test_nothing_personal_in_the_log(clinic: Clinic, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    clinic.ask("/v1/read", {"challenge": clinic.server_side.permission(), "photo": True})
    clinic.card = VirtualCard(pulled_after=12)
    clinic.ask("/v1/read", {"challenge": clinic.server_side.permission(), "photo": True})
    clinic.ask(f"/v1/read?pid={PERSON[0x0004]}", {}, Origin="https://evil.example")
    assert "card_removed" in caplog.text
    assert "refused POST /v1/read" in caplog.text
    assert [word for word in PERSONAL if word in caplog.text] == []


def test_the_status_page_says_what_to_do(clinic: Clinic) -> None:
    status, page, headers = clinic.ask("/", method="GET")
    assert status == 200
    assert clinic.key.fingerprint in page
    assert "เครื่องนี้ยังไม่เปิดบริการอ่านบัตร" in page
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert clinic.ask("/health", method="GET")[1] == {"version": "1.0.0", "enrolled": True}


def test_the_shape_of_older_programs(tmp_path: Path) -> None:
    clinic = Clinic(tmp_path, compatible=True)
    status, body, _ = clinic.ask("/api/smartcard/read?readImageFlag=true", method="GET")
    assert status == 200
    assert {key: body[key] for key in ("pid", "titleName", "fname", "lname", "birthDate", "sex")} == {
        "pid": PERSON[0x0004], "titleName": "003", "fname": "ทดสอบ", "lname": "ระบบบัตร",
        "birthDate": "25330412", "sex": "ชาย",
    }  # fmt: skip
    assert base64.b64decode(body["image"]) == picture()
    assert body["age"].endswith("วัน")
    assert clinic.ask("/api/smartcard/read", method="GET", Origin="https://evil.example")[0] == 403
    assert clinic.ask("/api/smartcard/read", method="GET", Sec_Fetch_Site="cross-site")[0] == 403
    clinic.card = None
    assert clinic.ask("/api/smartcard/read-card-only", method="GET")[0] == 500
    clinic.server.shutdown()
    clinic.server.server_close()


def test_a_virtual_reader_only_where_it_is_allowed(tmp_path: Path) -> None:
    clinic = Clinic(tmp_path)

    @contextmanager
    def virtual(_wanted: str) -> Iterator[tuple[Wire, str]]:
        yield Wire(VirtualCard()), "Virtual PCD 00 00"

    bridge = Bridge(clinic.settings, clinic.key, clinic.server_side.public, open_card=virtual)
    with pytest.raises(CardError, match="no_reader"):
        bridge.read()
    allowed = Bridge(replace(clinic.settings, test_readers=True), clinic.key, b"", open_card=virtual)
    assert allowed.read()[1] == "Virtual PCD 00 00"
    clinic.server.shutdown()
    clinic.server.server_close()


def test_not_too_many_at_once() -> None:
    rate = Rate(most=3)
    for _ in range(3):
        rate.check()
    with pytest.raises(Refused):
        rate.check()


def test_the_key_is_for_this_user_only(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "key")
    first = load_or_make(store)
    assert (tmp_path / "key").stat().st_mode & 0o077 == 0
    assert load_or_make(store).public == first.public
    (tmp_path / "key").chmod(0o644)
    with pytest.raises(PermissionError, match="600"):
        load_or_make(store)


@pytest.mark.parametrize(
    "wrong",
    [
        {"port": 80},
        {"port": "x"},
        {"server": "http://sitthi.example"},
        {"origins": ("https://sitthi.example/",)},
        {"origins": ("*",)},
    ],
)
def test_settings_that_would_open_too_much(tmp_path: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        check(replace(Settings(tmp_path), **wrong))


def test_settings_survive_and_say_what_is_wrong(tmp_path: Path) -> None:
    settings = Settings(tmp_path, server=SERVER, device_id="d1", origins=(PAGE,), outbound=True)
    settings.save()
    assert load(tmp_path) == settings
    (tmp_path / "settings.json").write_text('{"port": ')
    with pytest.raises(SettingsError, match=r"settings\.json"):
        load(tmp_path)
