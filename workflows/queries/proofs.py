"""Proving that a paper was made from the record of a case, and checking that proof.

The record of a case at an event is everything its audit chain says up to there: its hash covers the MAC of that event,
which covers all before it, answers included. The code on the paper names case and event and carries a keyed digest of
the hash, so that only this installation can make one, for a case of its own.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from workflows import chain
from workflows.records import Case, HistoryRow
from workflows.sealing import Keyring

_CODE = re.compile(r"([0-9]{2}-[0-9]{6,12}-[0-9])-([0-9]{1,9})-([0-9a-f]{32})")
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_NOBODY: Mapping[str, Any] = {"id": 0, "number": "", "process_id": "", "started_at": _NEVER}


@dataclass(frozen=True, slots=True)
class Record:
    """A case as its chain tells it up to one event: the ``code`` of a paper, the hash, the moment of the event."""

    code: str
    sha256: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Checked:
    """A genuine code: its record, the case as it is now, and whether the chain is unbroken up to its head."""

    record: Record
    case: Mapping[str, Any]
    whole: bool


def of_case(db: Connection, keyring: Keyring, case: Mapping[str, Any]) -> Record:
    """The record of a sent case as it stands now."""
    event = _event(db, case["id"], case["chain_seq"])
    return _record(keyring, case, case["chain_seq"], event)


def check(db: Connection, keyring: Keyring, code: str) -> Checked | None:
    """The record a code stands for; None for a code that was not made here.

    Every wrong code costs the same two statements and one comparison, so that the time tells nothing of what exists.
    """
    found = _CODE.fullmatch(code)
    number, seq, _ = found.groups() if found else ("", "0", "")
    row = db.execute(select(*Case.__table__.c).where(Case.number == number)).mappings().first()
    case = dict(row) if row else _NOBODY
    record = _record(keyring, case, int(seq), _event(db, case["id"], int(seq)))
    if not hmac.compare_digest(record.code, code.encode("ascii", "replace").decode()) or row is None:
        return None
    statement = select(*HistoryRow.__table__.c).where(HistoryRow.subject_id == case["id"]).order_by(HistoryRow.seq)
    events = (dict(each) for each in db.execute(statement).mappings())
    return Checked(record, case, chain.first_break(keyring, events, (case["chain_seq"], case["chain_mac"])) is None)


def _event(db: Connection, case_id: int, seq: int) -> Mapping[str, Any]:
    statement = select(HistoryRow.at, HistoryRow.mac).where(HistoryRow.subject_id == case_id, HistoryRow.seq == seq)
    row = db.execute(statement).mappings().first()
    return dict(row) if row else {"at": _NEVER, "mac": b""}


def _record(keyring: Keyring, case: Mapping[str, Any], seq: int, event: Mapping[str, Any]) -> Record:
    started = case["started_at"].astimezone(UTC).isoformat(timespec="microseconds")
    told = [case["number"], case["process_id"], started, seq, bytes(event["mac"]).hex()]
    sha256 = hashlib.sha256(msgspec.json.encode(told)).hexdigest()
    code = f"{case['number']}-{seq}-{keyring.digest('proof', sha256)[:32]}"
    return Record(code, sha256, event["at"])
