"""Verifying the audit chains, and anchoring their heads outside the database.

A chain alone finds an edited, removed or inserted event. It does not find a cut tail whose head was cut with it, nor a
rewrite by somebody who holds the key; an anchor written earlier to a place outside the database does.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from workflows import chain
from workflows.records import Case, ChainHead, HistoryRow
from workflows.sealing import Keyring


@dataclass(frozen=True, slots=True)
class Verification:
    """How many chains and events were checked, and one line for each that is broken."""

    chains: int
    events: int
    broken: tuple[str, ...]


def verify(db: Connection, keyring: Keyring, anchors: str | None = None) -> Verification:
    """Check every chain against its head, and against the anchors of a file if one is given."""
    heads = dict(_heads(db))
    anchored = _read(keyring, anchors) if anchors else {}
    broken: list[str] = []
    events = 0
    for subject_id, head in heads.items():
        statement = select(*HistoryRow.__table__.c).where(HistoryRow.subject_id == subject_id)
        rows = [dict(row) for row in db.execute(statement.order_by(HistoryRow.seq)).mappings()]
        events += len(rows)
        seq = chain.first_break(keyring, rows, head)
        if seq is not None:
            broken.append(f"subject {subject_id}: broken at event {seq}")
            continue
        known = anchored.pop(subject_id, None)
        if known and (len(rows) < known[0] or bytes(rows[known[0] - 1]["mac"]).hex() != known[1]):
            broken.append(f"subject {subject_id}: does not contain its anchored event {known[0]}")
    broken += [f"subject {subject_id}: anchored but gone" for subject_id in anchored]
    return Verification(len(heads), events, tuple(broken))


def anchor(db: Connection, keyring: Keyring, file: str) -> int:
    """Append the present heads to a file, linked to its earlier contents; gives how many."""
    path = Path(file)
    heads = {str(subject): [seq, bytes(mac).hex()] for subject, (seq, mac) in _heads(db)}
    earlier = path.read_bytes() if path.exists() else b""
    line = json.dumps({"after": hashlib.sha256(earlier).hexdigest(), "heads": heads}, sort_keys=True)
    with path.open("a") as out:
        out.write(f"{keyring.digest('anchor', line)} {line}\n")
    return len(heads)


def _heads(db: Connection) -> Iterator[tuple[int, tuple[int, bytes]]]:
    for source in (
        select(Case.id, Case.chain_seq, Case.chain_mac),
        select(ChainHead.subject_id, ChainHead.seq, ChainHead.mac),
    ):
        for subject, seq, mac in db.execute(source):
            yield int(subject), (int(seq), bytes(mac))


def _read(keyring: Keyring, file: str) -> dict[int, Any]:
    """The newest anchored head of every subject. Raises ValueError when the file itself was altered."""
    anchored: dict[int, Any] = {}
    so_far = b""
    for number, raw in enumerate(Path(file).read_bytes().splitlines(keepends=True), 1):
        mark, _, line = raw.decode().rstrip("\n").partition(" ")
        if mark != keyring.digest("anchor", line) or json.loads(line)["after"] != hashlib.sha256(so_far).hexdigest():
            raise ValueError(f"{file}: line {number} is not authentic")
        anchored |= {int(subject): tuple(head) for subject, head in json.loads(line)["heads"].items()}
        so_far += raw
    return anchored
