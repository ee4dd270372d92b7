"""The report of requests: every filter, the numbers above it, pages and batches, and that nobody sees more in it than
elsewhere."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.support.access_requests import approve, begin, send
from tests.support.world import World, person
from workflows.actor import Actor
from workflows.queries import report, visibility
from workflows.queries.report import Filters, Key

VISITOR = Actor("visitor:" + "v" * 16)
MONDAY = date(2026, 11, 2)


@pytest.fixture(scope="module")
def made(shared_world: World) -> dict[str, int]:
    """Cases by name: sent on the Monday or a day later, one of them decided, one never sent."""
    world = shared_world
    found = {"done": send(world, "requester", 1)}
    approve(world, found["done"])
    world.do("issuer", "issue", confirm=True)
    found["sent"] = send(world, "requester", 2)
    found["hospital"] = send(world, "requester2", 3, "99002", ("904",))
    begin(world, "requester", person(4))
    world.later(days=1)
    found["region9"] = send(world, VISITOR, 5, "99005")
    return found


WANTED: list[tuple[Filters, set[str]]] = [
    (Filters(), {"done", "sent", "hospital", "region9"}),
    (Filters(first=MONDAY, last=MONDAY), {"done", "sent", "hospital"}),
    (Filters(first=MONDAY + timedelta(days=1)), {"region9"}),
    (Filters(last=MONDAY - timedelta(days=1)), set()),
    (Filters(process="access_request"), {"done", "sent", "hospital", "region9"}),
    (Filters(process="mobile_check"), set()),
    (Filters(region="9"), {"region9"}),
    (Filters(unit="99001"), {"done", "sent"}),
    (Filters(state="running"), {"sent", "hospital", "region9"}),
    (Filters(state="approved"), {"done"}),
    (Filters(state="rejected"), set()),
    (Filters(sla="met"), {"done"}),
    (Filters(system="NEW_AUTHEN"), {"done", "sent", "region9"}),
    (Filters(system="ECLAIM"), {"done", "sent", "hospital", "region9"}),
    (Filters(system="CLAIM"), set()),
    (Filters(system="%"), set()),
    (Filters(channel="regular"), {"done", "sent", "hospital", "region9"}),
    (Filters(channel="smartcard"), set()),
    (Filters(region="7", system="NEW_AUTHEN", state="running"), {"sent"}),
]


@pytest.mark.parametrize(("filters", "wanted"), WANTED, ids=range(len(WANTED)))
def test_every_filter(shared_world: World, made: dict[str, int], filters: Filters, wanted: set[str]) -> None:
    names = {case_id: name for name, case_id in made.items()}
    auditor = shared_world.actor("auditor")
    with shared_world.runtime.reading() as db:
        rows = report.page(db, auditor, filters)
        counts = report.counts(db, auditor, filters)
    assert {names[row.id] for row in rows} == wanted
    assert counts.total == len(wanted) == sum(counts.states.values()) == sum(counts.sla.values())


def test_the_numbers(shared_world: World, made: dict[str, int]) -> None:
    with shared_world.runtime.reading() as db:
        counts = report.counts(db, shared_world.actor("auditor"), Filters())
    assert counts.states == {"approved": 1, "running": 3}
    assert counts.sla["met"] == 1


@pytest.mark.parametrize("who", ["requester", "requester2", "head", "pao", "region", "region9", "region13", "owner"])
def test_nobody_sees_more_here_than_elsewhere(shared_world: World, made: dict[str, int], who: str) -> None:
    actor = shared_world.actor(who)
    with shared_world.runtime.reading() as db:
        seen = {name for name, case_id in made.items() if visibility.may_see(db, actor, case_id)}
        assert {row.id for row in report.page(db, actor, Filters())} == {made[name] for name in seen}
        assert report.counts(db, actor, Filters()).total == len(seen)
    batches = report.batches(shared_world.runtime.reading, actor, Filters())
    assert {row.id for batch in batches for row in batch} == {made[name] for name in seen}


def test_pages_and_batches_show_everything_once_in_order(shared_world: World, made: dict[str, int]) -> None:
    auditor = shared_world.actor("auditor")
    with shared_world.runtime.reading() as db:
        whole = [row.id for row in report.page(db, auditor, Filters())]
        paged, after = [], None
        while rows := report.page(db, auditor, Filters(), after=after, limit=1):
            paged.append(rows[0].id)
            after = Key(rows[0].sent_at, rows[0].id)
    assert whole[0] == made["region9"]
    assert paged == whole
    for size in (1, 3, 4, 100):
        batches = list(report.batches(shared_world.runtime.reading, auditor, Filters(), size=size))
        assert [row.id for batch in batches for row in batch] == whole
        assert max(map(len, batches)) <= size
