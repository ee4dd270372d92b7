"""Following a request without signing in, and what must never be seen of a person anywhere."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, text

from tests.support.access_requests import approve, send
from tests.support.world import World, person
from workflows.commands.complete_work_item import CompleteWorkItem
from workflows.queries import cases, inbox, outbox, tracking
from workflows.records import Base
from workflows.rules import masking

APPLICANT = person(7)
IDS = ("0990000000011", "0-9900-00000-01-1", "0 9900 00000 01 1", "๐๙๙๐๐๐๐๐๐๐๐๑๑")
TOLD = f"เลขบัตร {IDS[0]} หรือ {IDS[1]} หรือ {IDS[2]} หรือ {IDS[3]} ไม่ตรง"
"""What an officer writes although they should not."""


@pytest.fixture(scope="module")
def sent(shared_world: World) -> int:
    """A request that was returned once and stands at the region."""
    case_id = send(shared_world, "requester", 7)
    shared_world.do("head", "unit_head", case_id, decision="return", comment=TOLD)
    shared_world.do("requester", "correct", case_id)
    approve(shared_world, case_id, until="region_decide")
    return case_id


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


@pytest.mark.parametrize(
    ("phone", "right"),
    [
        (APPLICANT["mobile"], True),
        ("+66" + APPLICANT["mobile"][1:], True),
        ("๐๘๐ ๐๐๐ ๐๐๐๗", True),
        (f"{APPLICANT['mobile'][:3]}-{APPLICANT['mobile'][3:6]}-{APPLICANT['mobile'][6:]}", True),
        ("0800000008", False),
        ("", False),
        ("not a number", False),
        (APPLICANT["mobile"][:-1], False),
    ],
)
def test_number_and_phone_must_belong_together(shared_world: World, sent: int, phone: str, right: bool) -> None:
    """A wrong pair is answered like an unknown number, by the same statements."""
    world = shared_world
    number = world.case(sent)["number"]
    with world.runtime.reading() as db, statements(world) as for_this:
        found = tracking.track(db, world.keyring, number, phone)
    assert (found is not None and found["id"] == sent) == right
    with world.runtime.reading() as db, statements(world) as for_unknown:
        assert tracking.track(db, world.keyring, "69-999999-9", phone) is None
        assert tracking.track(db, world.keyring, "", "") is None
    assert for_unknown == for_this * 2


def test_a_draft_has_no_number_to_follow(shared_world: World) -> None:
    shared_world.start("access_request", "requester")
    with shared_world.runtime.reading() as db:
        assert tracking.track(db, shared_world.keyring, "None", "") is None


SURFACES: dict[str, Callable[[World, Any, int], Any]] = {
    "milestones": lambda world, db, case_id: tracking.milestones(db, case_id),
    "search": lambda world, db, case_id: cases.search(db, world.actor("region"), ""),
    "own": lambda world, db, case_id: cases.own(db, world.actor("requester")),
    "file": lambda world, db, case_id: cases.find(db, world.actor("region"), str(case_id)),
    "inbox": lambda world, db, case_id: inbox.page(db, world.actor("region"), world.clock.now()).rows,
    "documents": lambda world, db, case_id: cases.documents(db, case_id),
    "sent messages": lambda world, db, case_id: outbox.of_case(db, world.keyring, case_id),
    "timeline": lambda world, db, case_id: cases.timeline(db, world.keyring, case_id),
}


@pytest.mark.parametrize("surface", SURFACES)
def test_no_surface_shows_a_persons_numbers(shared_world: World, sent: int, surface: str) -> None:
    world = shared_world
    with world.runtime.reading() as db:
        shown = json.dumps(SURFACES[surface](world, db, sent), default=str, ensure_ascii=False)
    assert len(shown) > 100
    for secret in (APPLICANT["pid"], APPLICANT["mobile"], APPLICANT["email"], *IDS):
        assert secret not in shown
    if surface == "file":
        assert masking.pid(APPLICANT["pid"]) in shown


def test_nothing_personal_lies_in_the_database_in_clear(shared_world: World, sent: int) -> None:
    """Every column of every table: citizen IDs, mobile numbers, codes and what officers wrote are sealed. Names and
    addresses of account holders are not secret."""
    world = shared_world
    code = world.code_for(APPLICANT["mobile"])
    approve_rest(world, sent)
    secrets = [APPLICANT["pid"], APPLICANT["mobile"], TOLD, *IDS, "ขก 0001/1"]
    found = []
    with world.database.connect() as db:
        for table in Base.metadata.sorted_tables:
            for row in db.execute(text(f"SELECT * FROM {table.name}")).mappings():
                for column, value in row.items():
                    stored = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                    decoded = json.dumps(value, ensure_ascii=False, default=str).encode()
                    found += [
                        (table.name, column, secret)
                        for secret in secrets
                        if secret.encode() in stored or secret.encode() in decoded
                    ]
                    if column in ("payload", "code", "answers", "snapshot", "action", "data", "sealed"):
                        assert code.encode() not in stored
    assert found == []


def approve_rest(world: World, case_id: int) -> None:
    """To the end, so that account, grants and link are there, too."""
    world.do("region", "region_decide", case_id, decision="approve")
    world.do("owner", "owner_decide", case_id, decision="approve")
    item = world.item("owner2", "owner_decide", case_id)["id"]
    world.execute(CompleteWorkItem(item, {"decision": "approve", "comment": TOLD}), "owner2")
    world.do("issuer", "issue", case_id, confirm=True)
