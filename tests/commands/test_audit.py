"""The audit chains: every kind of tampering is found, and a cut tail by anchors kept outside."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from tests.support.access_requests import send
from tests.support.world import World
from workflows import chain
from workflows.chain import Event
from workflows.queries import audit
from workflows.records import Case, HistoryRow, new_id

Row = dict[str, Any]
Tampering = Callable[[Any, Row, Row], object]


def _edit(column: str, value: Any) -> Tampering:
    return lambda db, row, _: db.execute(update(HistoryRow).where(HistoryRow.id == row["id"]).values(**{column: value}))


def _swap(db: Any, row: Row, other: Row) -> None:
    for seq, this in ((-1, row), (row["seq"], other), (other["seq"], row)):
        db.execute(update(HistoryRow).where(HistoryRow.id == this["id"]).values(seq=seq))


def _insert(db: Any, row: Row, _: Row) -> None:
    db.execute(insert(HistoryRow), {**row, "id": new_id(), "seq": 10**6})


TAMPERINGS: dict[str, Tampering] = {
    "who": _edit("actor", "somebody-else"),
    "what": _edit("data", {"decision": "approve"}),
    "kind": _edit("kind", "item.completed!"),
    "element": _edit("element_id", "elsewhere"),
    "sealed part": _edit("sealed", b"\x01 something else"),
    "removed": lambda db, row, _: db.execute(delete(HistoryRow).where(HistoryRow.id == row["id"])),
    "swapped": _swap,
    "inserted": _insert,
}


@pytest.mark.parametrize("kind", TAMPERINGS)
def test_tampering_is_found(shared_world: World, kind: str) -> None:
    world = shared_world
    case_id = send(world, serial=1 + list(TAMPERINGS).index(kind))
    with world.runtime.reading() as db:
        assert audit.verify(db, world.keyring).broken == ()
    with world.database.connect() as db, db.begin() as transaction:
        rows = [dict(row) for row in db.execute(select(*HistoryRow.__table__.c)).mappings()]
        row, other = random.sample([row for row in rows if row["subject_id"] == case_id], 2)
        TAMPERINGS[kind](db, row, other)
        broken = audit.verify(db, world.keyring).broken
        assert len(broken) == 1
        assert str(case_id) in broken[0]
        transaction.rollback()


def test_a_cut_tail_and_a_rewrite_with_the_key_are_found_by_anchors(world: World, tmp_path: Path) -> None:
    case_id = send(world)
    file = str(tmp_path / "anchors")
    with world.runtime.reading() as db:
        assert audit.anchor(db, world.keyring, file) == audit.verify(db, world.keyring, file).chains
    world.do("head", "unit_head", decision="approve")
    with world.runtime.reading() as db:
        assert audit.verify(db, world.keyring, file).broken == ()  # what happened since is no break
    with world.database.connect() as db, db.begin() as transaction:
        where = HistoryRow.subject_id == case_id
        rows = [dict(row) for row in db.execute(select(*HistoryRow.__table__.c).where(where)).mappings()]
        rows.sort(key=lambda row: row["seq"])
        db.execute(delete(HistoryRow).where(where, HistoryRow.seq > 2))
        head = {"chain_seq": 2, "chain_mac": rows[1]["mac"]}
        db.execute(update(Case).where(Case.id == case_id).values(**head))
        assert audit.verify(db, world.keyring).broken == ()  # the chain alone does not see it
        assert len(audit.verify(db, world.keyring, file).broken) == 1
        transaction.rollback()
    with world.database.connect() as db, db.begin() as transaction:
        db.execute(delete(HistoryRow).where(HistoryRow.subject_id == case_id))
        events = [Event("case.started"), *(Event("item.completed") for _ in rows[1:])]
        forged, (seq, mac) = chain.extend(
            world.keyring, case_id, (0, b""), events, at=world.clock.now(), actor="requester"
        )
        db.execute(insert(HistoryRow), forged)
        db.execute(update(Case).where(Case.id == case_id).values(chain_seq=seq, chain_mac=mac))
        assert audit.verify(db, world.keyring).broken == ()
        assert len(audit.verify(db, world.keyring, file).broken) == 1
        transaction.rollback()


def test_an_altered_anchor_file_is_refused(world: World, tmp_path: Path) -> None:
    file = tmp_path / "anchors"
    for _ in range(2):
        with world.runtime.reading() as db:
            audit.anchor(db, world.keyring, str(file))
        send(world, serial=random.randrange(10**6))
    lines = file.read_bytes().splitlines(keepends=True)
    for altered in (lines[1:], [lines[1], lines[0]], [lines[0].replace(b"[1,", b"[2,"), lines[1]]):
        file.write_bytes(b"".join(altered))
        with world.runtime.reading() as db, pytest.raises(ValueError, match="not authentic"):
            audit.verify(db, world.keyring, str(file))
