"""Claim codes: unique however many draw at once, in blocks that nobody shares; one open code for a patient."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from sqlalchemy import delete, select, text, update

from tests.support.patients import DESK, UNIT, arrive
from tests.support.races import NaiveRuntime, at_once, race
from tests.support.world import World
from workflows.actor import WORKER
from workflows.code_block import CodeBlock
from workflows.code_lease import LeaseCodes
from workflows.commands.complete_work_item import CompleteWorkItem
from workflows.errors import Conflict
from workflows.ports import NeedsCounters
from workflows.records import Authentication, CodeCounter
from workflows.rules import claim_code
from workflows.sealing import Keyring
from workflows.work import Work


def leased(world: World) -> int:
    with world.runtime.reading() as db:
        return int(db.execute(select(CodeCounter.next)).scalar() or 0)


def draw(world: World, count: int, block: CodeBlock) -> list[str]:
    """Draw so many codes as a process does."""
    drawn: list[str] = []
    while len(drawn) < count:
        try:
            drawn.append(block.draw())
        except NeedsCounters:
            world.runtime.execute(LeaseCodes(block, 7), WORKER)
    return drawn


def test_processes_that_draw_at_once_share_no_code(world: World) -> None:
    blocks = [CodeBlock(world.keyring) for _ in range(6)]
    drawn = at_once(*(lambda block=block: draw(world, 60, block) for block in blocks))
    codes = [code for each in drawn if isinstance(each, list) for code in each]
    assert (len(codes), len(set(codes))) == (360, 360)
    assert all(claim_code.parse(code) == code for code in codes)


class NaiveLease:
    """The control: reads the counter, and writes it back later."""

    def __init__(self, block: CodeBlock, met: threading.Barrier) -> None:
        self.block, self.met = block, met

    def run(self, work: Work) -> None:
        start = work.db.execute(select(CodeCounter.next)).scalar_one()
        self.met.wait(30)
        work.write(update(CodeCounter).values(next=start + 7))
        work.after_commit(lambda: self.block.fill(start, 7))


def test_the_control_gives_two_processes_the_same_codes(world: World) -> None:
    world.runtime.execute(LeaseCodes(world.services.codes), WORKER)
    careless = NaiveRuntime(world.database, world.clock, world.services)
    blocks, met = [CodeBlock(world.keyring) for _ in range(2)], threading.Barrier(2)

    def lease(block: CodeBlock) -> str:
        command = NaiveLease(block, met)
        with careless._reader.connect() as db:  # what NaiveRuntime does, with the fill of LeaseCodes
            work = Work(db, WORKER, world.clock.now(), world.services, locked=True)
            command.run(work)
            work.settled()
        return block.draw()

    first, second = at_once(*(lambda block=block: lease(block) for block in blocks))
    assert first == second


def test_a_step_that_is_thrown_away_leaves_a_gap_and_no_repeat(world: World) -> None:
    block = world.services.codes
    first = draw(world, 3, block)
    block.fill(leased(world) - 2, 2)  # the process ended: its rest is a gap
    assert set(first).isdisjoint(draw(world, 30, block))


def test_a_forked_process_does_not_go_on_with_its_parents_block(world: World, monkeypatch: Any) -> None:
    block = CodeBlock(world.keyring)
    draw(world, 1, block)
    monkeypatch.setattr("os.getpid", lambda: -1)
    with pytest.raises(NeedsCounters):
        block.draw()


def test_another_key_draws_nothing(world: World) -> None:
    world.runtime.execute(LeaseCodes(world.services.codes), WORKER)
    stranger = CodeBlock(Keyring(b"another secret of at least 32 bytes"))
    with pytest.raises(Conflict, match="SECRET_KEY"):
        world.runtime.execute(LeaseCodes(stranger), WORKER)


def ready_twice(world: World) -> list[int]:
    """Two cases of the same patient at the same desk, both about to get their code; their open items."""
    items = []
    for _ in range(2):
        case_id = arrive(world)
        world.do(DESK, "identify", case_id, method="photo", photo=[world.upload(DESK, "face.jpg")])
        items.append(int(world.item(DESK, "confirm", case_id)["id"]))
    return items


def open_codes(world: World) -> list[str]:
    with world.runtime.reading() as db:
        mine = Authentication.unit_code == UNIT, Authentication.state == "open"
        return list(db.execute(select(Authentication.claim_code).where(*mine)).scalars())


def confirm_both(world: World, runtime: Any) -> list[Any]:
    desk = world.actor(DESK)
    entries = [(CompleteWorkItem(item, {"confirm": True}), desk) for item in ready_twice(world)]
    return race([runtime], *entries)


def test_of_two_confirmations_for_one_patient_one_wins_and_the_other_is_told_the_code(world: World) -> None:
    for _ in range(5):
        cases = confirm_both(world, world.runtime)
        (code,) = open_codes(world)
        ended = sorted((world.case(case_id)["outcome"], world.variables(case_id)["claim_code"]) for case_id in cases)
        assert ended == [("", code), ("already", code)]
        with world.database.begin() as db:
            db.execute(delete(Authentication))
    world.check()


def test_the_control_opens_two_codes(world: World) -> None:
    draw(world, 1, world.services.codes)
    with world.database.begin() as db:
        db.execute(text("DROP INDEX ix_authentications_one_open"))
    confirm_both(world, NaiveRuntime(world.database, world.clock, world.services))
    assert len(open_codes(world)) == 2
