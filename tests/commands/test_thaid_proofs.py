"""What ThaID confirmed at a counter: for one unit, one person, some minutes, one use."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from sqlalchemy import select

from tests.support.races import naive, race
from tests.support.world import World
from workflows.changes import apply
from workflows.commands.keep_thaid_proof import KeepThaidProof
from workflows.errors import Conflict
from workflows.ports import Change
from workflows.queries import thaid_proofs
from workflows.records import ThaidProof
from workflows.work import Work

PID, OTHER = "0990000000118", "0990000000126"


def keep(world: World, ask: str = "a") -> int:
    command = KeepThaidProof(ask, "frontdesk", "99003", PID, "นางสาวสายใจ ตัวอย่าง", "demo", "2.3")
    return world.execute(command, world.visitor())


def found(world: World, unit: str = "99003", pid: str = PID) -> object:
    with world.runtime.reading() as db:
        return thaid_proofs.proof(db, world.keyring, unit, pid, world.clock.now())


class Use:
    """A command that leaves the change, as an operator would."""

    def __init__(self, id_: int, case_id: int) -> None:
        self.id, self.case_id = id_, case_id

    def run(self, work: Work) -> bool:
        free = select(ThaidProof.id).where(ThaidProof.id == self.id, ThaidProof.used_at.is_(None))
        if work.db.execute(work.lock(free)).first() is None:
            return False
        apply(work, SimpleNamespace(id=self.case_id), [Change("thaid_proof.use", {"id": self.id})], {})
        return True


def test_it_is_found_at_its_unit_for_its_person_while_it_is_fresh(world: World) -> None:
    keep(world)
    assert found(world) is not None
    assert found(world, unit="99001") is None
    assert found(world, pid=OTHER) is None
    world.later(minutes=15)
    assert found(world) is None


def test_the_citizen_id_is_sealed_and_shown_masked(world: World) -> None:
    id_ = keep(world)
    with world.runtime.reading() as db:
        row = db.execute(select(*ThaidProof.__table__.c).where(ThaidProof.id == id_)).one()
        assert [each["pid_masked"] for each in thaid_proofs.waiting(db, "99003", world.clock.now())] == [row.pid_masked]
    assert PID.encode() not in bytes(row.pid_sealed)
    assert world.keyring.unseal(f"thaid_proof.pid/{id_}", bytes(row.pid_sealed)).decode() == PID
    assert PID not in row.pid_masked


def test_an_invitation_is_answered_once(world: World) -> None:
    keep(world)
    with pytest.raises(Conflict):
        keep(world)
    keep(world, "b")


def test_two_cases_never_use_the_same_confirmation(world: World) -> None:
    desk = world.actor("frontdesk")
    id_ = keep(world)
    assert sorted(race([world.runtime], (Use(id_, 1), desk), (Use(id_, 2), desk))) == [False, True]
    assert found(world) is None
    again = keep(world, "b")
    assert race([naive(world)], (Use(again, 3), desk), (Use(again, 4), desk)) == [True, True]
