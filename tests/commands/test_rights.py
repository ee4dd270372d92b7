"""What the registry of rights answered is kept as evidence, for whoever asked; the worker asks for waiting cases."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from app.adapters.demo_patients import PATIENTS
from app.adapters.rights import looks_up
from tests.support.patients import who_comes
from tests.support.world import World
from workflows.clock import bangkok_date
from workflows.commands.keep_rights import KeepRights
from workflows.queries import rights
from workflows.records import HistoryRow, RightsAnswer
from workflows.register import Register

DESK = "frontdesk"
PID = PATIENTS[0].pid


def keep(world: World, answer: Any, pid: str = PID) -> int:
    return world.execute(KeepRights(pid, "99003", "demo", answer), DESK)


def test_an_answer_is_kept_sealed_for_whoever_asked(world: World) -> None:
    found = world.product.rights.look_up(PID, bangkok_date(world.clock.now()))
    id_ = keep(world, found)
    with world.runtime.reading() as db:
        mine = rights.answer(db, world.keyring, id_, world.actor(DESK))
        others = rights.answer(db, world.keyring, id_, world.actor("signatory"))
        row = db.execute(select(*RightsAnswer.__table__.c)).one()
        told = db.execute(select(HistoryRow.kind).where(HistoryRow.subject_id == id_)).scalars().all()
        register = Register(db, world.keyring, locked=False)
        taken = register.rights_answer(str(id_), PID, DESK)
        wrong = [
            register.rights_answer(str(id_), PATIENTS[1].pid, DESK),
            register.rights_answer(str(id_), PID, "signatory"),
            register.rights_answer("1", PID, DESK),
            register.rights_answer("x", PID, DESK),
            register.rights_answer("9" * 40, PID, DESK),
        ]
    assert mine is not None
    assert mine["answer"] == found
    assert others is None
    assert taken is not None
    assert (taken["answer"], taken["source"], taken["unit_code"]) == (found, "demo", "99003")
    assert wrong == [None] * 5
    assert told == ["rights.looked_up"]
    assert PID.encode() not in bytes(row.answer)
    assert "กล้า".encode() not in bytes(row.answer)
    world.check()


def test_that_nobody_has_a_number_is_kept_too(world: World) -> None:
    id_ = keep(world, None, "0991000099991")
    with world.runtime.reading() as db:
        found = rights.answer(db, world.keyring, id_, world.actor(DESK))
    assert found is not None
    assert found["answer"] is None


def test_the_worker_asks_for_a_case_that_began_without_an_answer(world: World) -> None:
    case = world.start("password_reset", world.visitor(), email="nobody@example.org")
    ask = looks_up(world.runtime, world.product.rights)
    payload = {"pid": PID, "on": "2026-11-02", "unit_code": "99003", "case": case.case_id, "asked_for": DESK}
    reply = ask(payload, "key")
    assert (reply["rights"]["first_name"], reply["rights_source"]) == ("กล้า", "demo")
    with world.runtime.reading() as db:
        kept = rights.of_case(db, world.keyring, case.case_id)
    assert [(str(row["id"]), row["actor"], row["answer"]) for row in kept] == [
        (reply["rights_answer"], DESK, reply["rights"])
    ]
    silent = next(patient for patient in PATIENTS if patient.silent)
    with pytest.raises(OSError):  # the outbox asks again, and nothing is kept
        ask({**payload, "pid": silent.pid}, "key")
    with world.runtime.reading() as db:
        assert len(rights.of_case(db, world.keyring, case.case_id)) == 1


def test_a_case_without_an_answer_gets_it_through_the_outbox_and_goes_on(world: World) -> None:
    variables = {**who_comes(pid=PID), "unit_code": "99003"}
    case = world.start("patient_authentication", DESK, **variables).case_id
    assert world.items(DESK, "identify") == []
    world.deliver()
    world.item(DESK, "identify", case)
    with world.runtime.reading() as db:
        (kept,) = rights.of_case(db, world.keyring, case)
    assert (kept["actor"], kept["unit_code"], kept["answer"]["first_name"]) == (DESK, "99003", "กล้า")
    world.check()
