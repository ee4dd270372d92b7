"""The public look-up: a puzzle or a code, everything masked, every look-up noted, nobody tells who is known by time."""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select, update

from app import create_app
from tests.support.access_requests import send
from tests.support.account_life import MANEE
from tests.support.world import CODE, World
from workflows.actor import Actor
from workflows.clock import real_now
from workflows.commands.note_look_up import NoteLookUp, subject_of
from workflows.queries import people
from workflows.records import Account, HistoryRow
from workflows.rules import citizen_id
from workflows.rules.puzzle import is_solved

NOBODY = citizen_id.make("0", 4242)


@pytest.fixture
def browser(world: World) -> Iterator[FlaskClient]:
    app = create_app(wired=world.product)
    app.config["WTF_CSRF_ENABLED"] = False
    yield app.test_client()
    world.check()


def puzzle_of(browser: FlaskClient) -> str:
    found = re.search(r'name="puzzle" value="([^"]+)"', browser.get("/lookup").text)
    assert found is not None
    return found[1]


def solve(puzzle: str, pid: str) -> str:
    bits = int(puzzle.split(".")[1])
    return next(nonce for nonce in map(str, itertools.count()) if is_solved(puzzle, pid, nonce, bits))


def look_up(browser: FlaskClient, pid: str, **other: str) -> tuple[int, str]:
    puzzle = puzzle_of(browser)
    data = {"pid": pid, "puzzle": puzzle, "nonce": solve(puzzle, pid), **other}
    answer = browser.post("/lookup", data=data)
    return answer.status_code, answer.text


def ticket_in(page: str) -> str:
    found = re.search(r'name="ticket" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def looked_up(world: World, pid: str) -> list[str]:
    """How the person was looked up so far, as the audit says."""
    subject = subject_of(world.keyring.index("pid", pid))
    with world.runtime.reading() as db:
        rows = select(HistoryRow.data).where(HistoryRow.subject_id == subject).order_by(HistoryRow.seq)
        kept = db.execute(rows).scalars().all()
    assert MANEE["pid"] not in str(kept)
    return [row["by"] for row in kept]


def test_what_is_shown_is_masked(world: World, browser: FlaskClient) -> None:
    number = world.case(send(world, "requester", 1, pid=MANEE["pid"], request_kind="more", email=MANEE["email"]))[
        "number"
    ]
    status, page = look_up(browser, MANEE["pid"])
    assert status == 200
    shown = ("099XXXXXXXX11", "มานี ตัว???", "re???@example.org", "reXXXXter", "906", number, "ใช้งานได้")
    assert [words for words in shown if words not in page] == []
    main = page[page.index("<main") :]
    hidden = (MANEE["pid"], MANEE["email"], MANEE["mobile"], "ตัวอย่าง<", ">requester<")
    assert [words for words in hidden if words in main] == []
    assert looked_up(world, MANEE["pid"]) == ["puzzle"]


def test_an_unknown_person_is_answered_alike_and_noted_too(world: World, browser: FlaskClient) -> None:
    status, page = look_up(browser, NOBODY)
    assert (status, "ไม่พบบัญชี" in page, "ไม่พบคำขอ" in page) == (200, True, True)
    assert looked_up(world, NOBODY) == ["puzzle"]


@pytest.mark.parametrize("what", ["again", "another person", "wrong", "made up", "too late"])
def test_a_solution_is_for_one_person_once_and_now(
    world: World, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    puzzle = puzzle_of(browser)
    data = {"pid": MANEE["pid"], "puzzle": puzzle, "nonce": solve(puzzle, MANEE["pid"])}
    match what:
        case "again":
            assert browser.post("/lookup", data=data).status_code == 200
        case "another person":
            while is_solved(puzzle, NOBODY, data["nonce"], 8):  # by chance
                data["nonce"] += "0"
            data["pid"] = NOBODY
        case "wrong":
            data["nonce"] = next(n for n in map(str, range(9999)) if not is_solved(puzzle, MANEE["pid"], n, 8))
        case "made up":
            until, _, rest = puzzle.split(".", 2)
            data |= {"puzzle": f"{until}.0.{rest}", "nonce": "0"}
        case "too late":
            monkeypatch.setattr("app.puzzles.real_now", lambda: real_now() + timedelta(minutes=11))
    before = len(looked_up(world, MANEE["pid"]))
    answer = browser.post("/lookup", data=data)
    assert (answer.status_code, "099XXXXXXXX11" in answer.text) == (422, False)
    assert len(looked_up(world, MANEE["pid"])) == before


def test_without_scripts_a_code_opens_it(world: World, browser: FlaskClient) -> None:
    page = browser.post("/lookup", data={"pid": MANEE["pid"], "nonce": ""}).text
    assert "/lookup/code" in page
    for by in ("mobile", "email"):
        page = browser.post("/lookup/code", data={"pid": MANEE["pid"], "by": by}).text
        code = CODE.search(world.sent(MANEE[by])[0]["text"])
        assert code is not None
        ticket = ticket_in(page)
        assert MANEE["pid"] not in ticket
        wrong = f"{(int(code[1]) + 1) % 10**6:06d}"
        assert browser.post("/lookup/prove", data={"ticket": ticket, "otp_code": wrong}).status_code == 422
        found = browser.post("/lookup/prove", data={"ticket": ticket, "otp_code": code[1]})
        assert (found.status_code, "099XXXXXXXX11" in found.text) == (200, True)
    assert looked_up(world, MANEE["pid"]) == ["code", "code"]
    for _ in range(5):
        answer = browser.post("/lookup/prove", data={"ticket": ticket, "otp_code": "000000"})
    assert "ผิดหลายครั้ง" in answer.text
    assert browser.post("/lookup/prove", data={"ticket": ticket[:-8] + "AAAAAAAA"}).status_code == 410


def test_asking_for_a_code_tells_nothing(world: World, browser: FlaskClient) -> None:
    def asked(pid: str) -> str:
        page = browser.post("/lookup/code", data={"pid": pid, "by": "email"}).text
        return re.sub(r'value="[^"]+"|\b\d{5}\b', "", page)

    assert asked(MANEE["pid"]) == asked(NOBODY)
    statuses = [browser.post("/lookup/code", data={"pid": NOBODY, "by": "email"}).status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 200, 429]  # five codes a person, known or not


def test_look_ups_are_limited(world: World, browser: FlaskClient) -> None:
    assert [look_up(browser, NOBODY)[0] for _ in range(11)] == [200] * 10 + [429]


@pytest.mark.parametrize(
    ("to", "process", "shown"),
    [
        ("more", "access_request", ""),
        ("edit", "account_edit", MANEE["pid"]),
        ("cancel", "account_cancel", MANEE["pid"]),
    ],
)
def test_the_buttons_lead_into_the_processes(
    world: World, browser: FlaskClient, to: str, process: str, shown: str
) -> None:
    _, page = look_up(browser, MANEE["pid"])
    answer = browser.post("/lookup/go", data={"ticket": ticket_in(page), "to": to})
    assert (answer.status_code, MANEE["pid"] in answer.headers["Location"]) == (302, False)
    first = browser.get(answer.headers["Location"])
    assert (first.status_code, shown in first.text) == (200, True)
    assert 'href="/start/password_reset"' in page
    assert browser.post("/lookup/go", data={"ticket": "x", "to": to}).headers["Location"] == "/lookup"


def test_a_cancelled_account_leads_to_a_new_request(world: World, browser: FlaskClient) -> None:
    with world.database.begin() as db:
        db.execute(update(Account).where(Account.username == "requester").values(status="cancelled"))
    _, page = look_up(browser, MANEE["pid"])
    main = page[page.index("<main") :]
    assert "reXXXXter" in main
    assert [path in main for path in ("/start/access_request", "/start/password_reset", "/lookup/go")] == [
        True,
        False,
        False,
    ]


# -- whoever measures learns nothing ---------------------------------------------------------------------------------

Answer = Callable[[World, str], Any]
STRANGER = Actor("visitor:")


def ours(world: World, pid: str) -> Any:
    world.runtime.execute(NoteLookUp(world.keyring.index("pid", pid), "puzzle"), STRANGER)
    with world.runtime.reading() as db:
        return people.looked_up(db, world.keyring, pid)


def naive(world: World, pid: str) -> Any:
    """What one writes first: nothing more is done for somebody unknown."""
    with world.runtime.reading() as db:
        index = world.keyring.index("pid", pid)
        if not db.execute(select(Account.id).where(Account.pid_index == index)).first():
            return None
    return ours(world, pid)


@contextmanager
def statements(world: World) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(world.database, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(world.database, "before_cursor_execute", note)


def cost(world: World, answer: Answer, pid: str) -> tuple[list[str], float]:
    """The statements of one answer, and the least processor time (seconds) of ten: others may be using the machine."""
    answer(world, pid)
    with statements(world) as seen:
        answer(world, pid)
    times = []
    for _ in range(10):
        began = time.process_time()
        answer(world, pid)
        times.append(time.process_time() - began)
    return seen, min(times)


def test_known_and_unknown_cost_the_same(world: World) -> None:
    (known, known_time), (unknown, unknown_time) = cost(world, ours, MANEE["pid"]), cost(world, ours, NOBODY)
    assert known == unknown
    assert unknown_time > known_time / 2
    (known, known_time), (unknown, unknown_time) = cost(world, naive, MANEE["pid"]), cost(world, naive, NOBODY)
    assert known != unknown  # the control would be caught, by its statements and by its time
    assert unknown_time < known_time / 2
