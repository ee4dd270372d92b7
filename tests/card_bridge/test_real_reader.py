"""The whole program, started as it is on a clinic's PC, with the system's real card service and a real browser."""

from __future__ import annotations

import base64
import http.client
import http.server
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from card_bridge.keys import FileStore, load_or_make
from card_bridge.settings import Settings
from tests.card_bridge.card_service import PATIENCE, CardService, missing
from tests.card_bridge.server_side import SERVER, ServerSide, signature_holds
from tests.card_bridge.virtual_card import PERSON, Inserted, VirtualCard, memory, picture, with_check_digit
from tests.support.ports import free_port
from tests.support.tiers import unavailable

ROOT = Path(__file__).parents[2]


class Agent:
    """The bridge as a program of its own."""

    def __init__(self, directory: Path, service: CardService, origin: str) -> None:
        self.service, self.origin, self.server_side = service, origin, ServerSide()
        self.port = free_port()
        settings = Settings(directory, self.port, SERVER, "d1", (origin,), test_readers=True)
        settings.save()
        (directory / "server-key").write_text(base64.b64encode(self.server_side.public).decode())
        self.key = load_or_make(FileStore(directory / "signing-key"))
        self.log = (directory / "log").open("w+")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "card_bridge", "--directory", str(directory)],
            cwd=ROOT,
            env={**os.environ, **service.environment},
            stdout=self.log,
            stderr=self.log,
        )
        try:
            until(lambda: self.state() in ("no_card", "ready"), "the bridge sees the reader")
        except AssertionError:
            self.stop()
            raise

    def post(self, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {"Origin": self.origin, "Content-Type": "application/json", "X-Card-Bridge": "1"}
        try:
            connection.request("POST", path, json.dumps(body), headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def state(self) -> str:
        try:
            return self.post("/v1/state", {})[1]["state"]
        except OSError:
            return "not running"

    def read(self, **asked: Any) -> tuple[int, Any]:
        return self.post("/v1/read", {"challenge": self.server_side.permission(), **asked})

    def said(self) -> str:
        self.log.flush()
        return Path(self.log.name).read_text()

    def stop(self) -> None:
        self.process.terminate()
        try:
            assert self.process.wait(PATIENCE) == 0
        finally:
            self.process.kill()
            self.log.close()


class Thinking(VirtualCard):
    """A card that answers its first command when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.go_on = threading.Event(), threading.Event()

    def command(self, sent: bytes) -> bytes:
        self.asked.set()
        self.go_on.wait(PATIENCE)
        return super().command(sent)


def until(true: Callable[[], bool], what: str) -> None:
    ends = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < ends, f"waited in vain until {what}"
        time.sleep(0.02)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[CardService]:
    if lacking := missing():
        unavailable("card reader", f"install {lacking}")
    running = CardService(tmp_path / "service")
    running.start()
    yield running
    running.stop()


@pytest.fixture
def agent(tmp_path: Path, service: CardService) -> Iterator[Agent]:
    (tmp_path / "agent").mkdir()
    running = Agent(tmp_path / "agent", service, "https://sitthi.example")
    yield running
    running.stop()


def insert(agent: Agent, card: VirtualCard, slot: int = 0) -> Inserted:
    inserted = Inserted(card, agent.service.ports[slot])
    until(lambda: agent.state() == "ready", "the card is seen")
    return inserted


def test_insert_read_pull(agent: Agent) -> None:
    assert agent.read()[1]["error"] == "no_card"
    inserted = insert(agent, VirtualCard())
    status, reading = agent.read(photo=True)
    assert status == 200
    assert reading["card"]["citizen_id"] == PERSON[0x0004]
    assert base64.b64decode(reading["photo"]) == picture()
    assert signature_holds(reading, agent.key.public)
    inserted.pull()
    until(lambda: agent.state() == "no_card", "the card is gone")
    assert agent.read()[1]["error"] == "no_card"
    assert [word for word in (PERSON[0x0004], "ทดสอบ", "Thodsob") if word in agent.said()] == []
    assert "insert the card" in agent.said()


def test_two_readers_and_the_card_in_the_second(agent: Agent) -> None:
    inserted = insert(agent, VirtualCard(), slot=1)
    names = [reader["name"] for reader in agent.post("/v1/state", {})[1]["readers"]]
    assert len(names) == 2
    assert agent.read()[1]["envelope"]["reader"] == names[1]
    assert agent.read(reader=names[0])[1]["error"] == "no_card"
    assert agent.read(reader=names[1])[0] == 200
    assert agent.read(reader="another")[1]["error"] == "no_reader"
    inserted.pull()


def test_pulled_at_every_command(agent: Agent) -> None:
    whole = VirtualCard()
    insert(agent, whole).pull()
    until(lambda: agent.state() == "no_card", "the card is gone")
    whole.commands = 0
    inserted = insert(agent, whole)
    assert agent.read()[0] == 200
    inserted.pull()
    for at in range(1, whole.commands):
        until(lambda: agent.state() == "no_card", "the card is gone")
        inserted = insert(agent, VirtualCard(pulled_after=at))
        status, answer = agent.read()
        assert (status, answer["error"]) in ((422, "card_removed"), (422, "no_card")), f"after {at} commands"
        inserted.pull()
    until(lambda: agent.state() == "no_card", "the card is gone")
    inserted = insert(agent, VirtualCard())
    assert agent.read()[0] == 200  # and the next card is read as if nothing had been
    inserted.pull()


def test_another_persons_card_swapped_in_is_never_mixed(agent: Agent) -> None:
    other = memory({0x0004: with_check_digit("099999999999"), 0x0011: "นาง#อื่น##คน"})
    inserted = insert(agent, VirtualCard(pulled_after=9, becomes=other))
    status, answer = agent.read(photo=True)
    assert (status, answer.get("error")) == (422, "card_removed")
    inserted.pull()


def test_the_service_restarts_midway(agent: Agent) -> None:
    inserted = insert(agent, VirtualCard())
    assert agent.read()[0] == 200
    agent.service.stop(kill=True)
    until(lambda: agent.state() == "no_service", "the service is missed")
    assert agent.read()[1]["error"] in ("no_service", "no_reader")
    inserted.pull()
    agent.service.start()
    until(lambda: agent.state() == "no_card", "the service is back")
    inserted = insert(agent, VirtualCard())
    assert agent.read()[0] == 200
    inserted.pull()


def test_one_reading_at_a_time(agent: Agent) -> None:
    card = Thinking()
    inserted = insert(agent, card)
    answers: list[tuple[int, Any]] = []
    first = threading.Thread(target=lambda: answers.append(agent.read()))
    first.start()
    assert card.asked.wait(PATIENCE)  # the first is in the middle of its reading
    assert agent.read()[0] == 409
    card.go_on.set()
    first.join()
    assert [status for status, _ in answers] == [200]
    inserted.pull()


def test_a_page_in_a_real_browser_reads_a_card(tmp_path: Path, service: CardService, browser: Browser) -> None:
    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>front desk</title>")

        def log_message(self, *_: Any) -> None:
            pass

    pages = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=pages.serve_forever, daemon=True).start()
    origin = f"http://127.0.0.1:{pages.server_port}"
    (tmp_path / "agent").mkdir()
    agent = Agent(tmp_path / "agent", service, origin)
    with ExitStack() as ends:
        ends.callback(pages.shutdown)
        ends.callback(agent.stop)
        inserted = insert(agent, VirtualCard())
        ends.callback(inserted.pull)
        ask = """async ([port, challenge]) => {
            const answer = await fetch(`http://127.0.0.1:${port}/v1/read`, {method: "POST",
                headers: {"Content-Type": "application/json", "X-Card-Bridge": "1"},
                body: JSON.stringify({challenge, photo: true})});
            return await answer.json()}"""
        page = ends.enter_context(browser.new_page())
        page.goto(origin)
        reading = page.evaluate(ask, [agent.port, agent.server_side.permission()])
        assert signature_holds(reading, agent.key.public)
        assert reading["card"]["thai_name"]["first"] == "ทดสอบ"
        page.goto(f"http://localhost:{pages.server_port}")  # another origin: the browser itself says no
        with pytest.raises(Exception, match="Failed to fetch"):
            page.evaluate(ask, [agent.port, agent.server_side.permission()])
        page.goto(f"http://127.0.0.1:{agent.port}/")
        expect(page.get_by_text("มีบัตรในเครื่องอ่าน พร้อมอ่าน")).to_be_visible()
