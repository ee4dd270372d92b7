"""Codes on papers: made here for one record of one case, and nobody can make or alter one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import event, text

from tests.support.access_requests import send
from tests.support.world import World
from workflows.queries import proofs
from workflows.sealing import Keyring


def proof_of(world: World, case_id: int) -> proofs.Record:
    with world.runtime.reading() as db:
        return proofs.of_case(db, world.keyring, world.case(case_id))


def check(world: World, code: str, keyring: Keyring | None = None) -> proofs.Checked | None:
    with world.runtime.reading() as db:
        return proofs.check(db, keyring or world.keyring, code)


@pytest.fixture(scope="module")
def sent(shared_world: World) -> int:
    return send(shared_world, "requester", 31)


def test_a_code_stays_genuine_while_its_case_goes_on(shared_world: World, sent: int) -> None:
    first = proof_of(shared_world, sent)
    assert proof_of(shared_world, sent) == first
    shared_world.later(hours=1)
    shared_world.do("head", "unit_head", sent, decision="approve")
    second = proof_of(shared_world, sent)
    assert second.sha256 != first.sha256
    assert second.at > first.at
    for record in (first, second):
        found = check(shared_world, record.code)
        assert found is not None
        assert (found.record, found.case["id"], found.whole) == (record, sent, True)


def test_no_character_of_a_code_can_be_changed(shared_world: World, sent: int) -> None:
    code = proof_of(shared_world, sent).code
    for at, letter in enumerate(code):
        other = "1" if letter != "1" else "2"
        assert check(shared_world, code[:at] + other + code[at + 1 :]) is None
    for wrong in (
        "",
        "x",
        code[:-1],
        code + "0",
        f" {code}",
        code.upper(),
        code.replace("-", "–"),
        "๖" + code[1:],
        "\0",
    ):
        assert wrong == code or check(shared_world, wrong) is None


def test_the_code_of_one_event_says_nothing_of_another(shared_world: World, sent: int) -> None:
    code = proof_of(shared_world, sent).code
    number, _, rest = code[:11], *code[12:].split("-", 1)
    assert all(check(shared_world, f"{number}-{seq}-{rest}") is None for seq in (0, 1, 2, 999_999_999))


def test_another_installation_makes_other_codes(shared_world: World, sent: int) -> None:
    code = proof_of(shared_world, sent).code
    assert check(shared_world, code, Keyring(b"another secret of 32 bytes or more")) is None


def test_every_wrong_code_costs_the_same_statements(shared_world: World, sent: int) -> None:
    code = proof_of(shared_world, sent).code
    wrong = ["no code at all", "69-999999-9-1-" + "0" * 32, code[:-1] + ("0" if code[-1] != "0" else "1")]
    seen: list[list[str]] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen[-1].append(statement)

    event.listen(shared_world.database, "before_cursor_execute", note)
    try:
        for each in wrong:
            seen.append([])
            assert check(shared_world, each) is None
    finally:
        event.remove(shared_world.database, "before_cursor_execute", note)
    assert seen[0] == seen[1] == seen[2]
    assert len(seen[0]) == 2


@pytest.mark.parametrize("change", ["UPDATE history SET name = 'x'", "DELETE FROM history"])
def test_a_record_altered_later_is_told(world: World, change: str) -> None:
    case_id = send(world, "requester", 32)
    record = proof_of(world, case_id)
    world.do("head", "unit_head", case_id, decision="approve")
    assert _whole(check(world, record.code))
    with world.database.connect() as db:
        db.execute(text(f"{change} WHERE subject_id = :case AND seq = 2"), {"case": case_id})
        db.commit()
    found = check(world, record.code)
    assert found is not None
    assert not found.whole


def test_a_record_whose_own_event_was_replaced_is_not_genuine(world: World) -> None:
    case_id = send(world, "requester", 33)
    record = proof_of(world, case_id)
    with world.database.connect() as db:
        values: Mapping[str, Any] = {"case": case_id, "seq": world.case(case_id)["chain_seq"], "mac": bytes(32)}
        db.execute(text("UPDATE history SET mac = :mac WHERE subject_id = :case AND seq = :seq"), values)
        db.commit()
    assert check(world, record.code) is None


def _whole(found: proofs.Checked | None) -> bool:
    return found is not None and found.whole
