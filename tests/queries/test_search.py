"""Searching cases and work as people type: spellings, digits, signs, numbers over the telephone."""

from __future__ import annotations

import pytest

from tests.support.access_requests import send
from tests.support.world import World
from workflows.queries import cases, inbox


@pytest.fixture(scope="module")
def wanted(shared_world: World) -> int:
    """A request of somebody with an awkward name, among others."""
    name = {"first_name": "น้ำทิพย์", "last_name": "O'Brien-กล้า_100%"}
    send(shared_world, "requester", 90)
    case_id = send(shared_world, "requester", 91, **name)
    send(shared_world, "requester2", 92, "99002")
    return case_id


@pytest.mark.parametrize(
    ("text", "hit"),
    [
        ("น้ำทิพย์", True),
        ("น\u0e4d\u0e49\u0e32ทิพย์", True),  # nikhahit, tone mark, sara aa instead of tone mark, sara am
        ("น\u0e49\u0e4d\u0e32ทิพย์", True),  # the tone mark first
        ("  น้ำทิพย์   O'Brien ", True),
        ("o'brien-กล้า", True),
        ("กล้า_100%", True),
        ("กล้าx100", False),  # % and _ are themselves
        ("%น้ำทิพย์", False),
        ("สมชาย", False),
        ("99001", True),
        ("๙๙๐๐๑", True),
        ("9900", True),
        ("99002", False),
        ("'; DROP TABLE cases; --", False),
        ("\\", False),
    ],
)
def test_as_people_type(shared_world: World, wanted: int, text: str, hit: bool) -> None:
    world = shared_world
    with world.runtime.reading() as db:
        found = {row["id"] for row in cases.search(db, world.actor("region"), text)}
        waiting = {row["case_id"] for row in inbox.page(db, world.actor("head"), world.clock.now(), text=text).rows}
    assert (wanted in found, wanted in waiting) == (hit, hit)


def test_a_name_typed_in_pieces_is_stored_whole(shared_world: World) -> None:
    case_id = send(shared_world, "requester", 93, first_name="น\u0e49\u0e4d\u0e32ใส")
    with shared_world.runtime.reading() as db:
        found = cases.search(db, shared_world.actor("region"), "น้ำใส")
    assert [row["id"] for row in found] == [case_id]


def test_by_number_in_any_writing(shared_world: World, wanted: int) -> None:
    world = shared_world
    number = world.case(wanted)["number"]
    year, running, check = number.split("-")
    thai = number.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))
    for text in (number, f"{year}{running}{check}", f" {year} {running} {check} ", thai, number.replace("-", "–")):
        with world.runtime.reading() as db:
            assert [row["id"] for row in cases.search(db, world.actor("region"), text)] == [wanted], text
            rows = inbox.page(db, world.actor("head"), world.clock.now(), text=text).rows
            assert [row["case_id"] for row in rows] == [wanted], text


def test_pages_back_through_time(shared_world: World, wanted: int) -> None:
    with shared_world.runtime.reading() as db:
        region = shared_world.actor("region")
        whole = [row["id"] for row in cases.search(db, region, "")]
        paged: list[int] = []
        while found := cases.search(db, region, "", before=paged[-1] if paged else None, limit=1):
            paged += [row["id"] for row in found]
    assert paged == whole == sorted(whole, reverse=True)
    assert len(whole) >= 3
