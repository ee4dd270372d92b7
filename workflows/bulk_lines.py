"""The sealed parts of bulk requests: the rows of an uploaded list and the persons of a case."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from workflows.records import Account, BulkLine, BundleRow, Case
from workflows.rules import masking
from workflows.sealing import Keyring

_REALM = "DC"


def sealed_rows(keyring: Keyring, document_id: str, rows: Sequence[Any]) -> bytes:
    """The rows of a list as they are stored."""
    clear = zlib.compress(json.dumps(rows, ensure_ascii=False).encode())
    return keyring.seal(f"bundle/{document_id}", clear)


def bundle(db: Connection, keyring: Keyring, document_id: str) -> Mapping[str, Any] | None:
    """What an uploaded ZIP holds (``Lookups.bundle``)."""
    row = db.execute(select(*BundleRow.__table__.c).where(BundleRow.document_id == document_id)).first()
    if row is None:
        return None
    rows = json.loads(zlib.decompress(keyring.unseal(f"bundle/{document_id}", bytes(row.rows))))
    return {"unit_code": row.unit_code, "letter_id": row.letter_id, "rows": rows}


def people(db: Connection, keyring: Keyring, known_as: Sequence[tuple[str, str]], case_id: int) -> Mapping[str, Any]:
    """What the register knows of many people, in three statements (``Lookups.people``)."""
    by_index = {keyring.index("pid", pid): pid for pid, _ in known_as if pid}
    of_email = {email: keyring.index("pid", pid) for pid, email in known_as if email}
    accounts = db.execute(
        select(Account.pid_index).where(
            Account.pid_index.in_(by_index), Account.realm == _REALM, Account.status != "cancelled"
        )
    ).scalars()
    owners = db.execute(select(Account.email, Account.pid_index).where(Account.email.in_(of_email)))
    waiting = db.execute(
        select(BulkLine.pid_index, Case.number)
        .join(Case, Case.id == BulkLine.case_id)
        .where(
            BulkLine.pid_index.in_(by_index),
            BulkLine.state.in_(("open", "returned")),
            BulkLine.case_id != case_id,
            Case.state == "ACTIVE",
        )
    )
    return {
        "accounts": [by_index[bytes(index)] for index in accounts],
        "taken": [row.email for row in owners if bytes(row.pid_index) != of_email[row.email]],
        "waiting": {by_index[bytes(row.pid_index)]: row.number for row in waiting},
    }


def lines(db: Connection, keyring: Keyring, case_id: int) -> list[Mapping[str, Any]]:
    """The persons of a bulk request (``Lookups.lines``)."""
    rows = db.execute(select(*BulkLine.__table__.c).where(BulkLine.case_id == case_id).order_by(BulkLine.line))
    found: list[Mapping[str, Any]] = []
    for row in rows.mappings():
        place = _place(case_id, row["line"])
        reasons = json.loads(keyring.unseal(f"{place}/reasons", bytes(row["reasons"]))) if row["reasons"] else {}
        person = json.loads(keyring.unseal(place, bytes(row["person"])))
        found.append({**row, "pid_index": bytes(row["pid_index"]), "person": person, "reasons": reasons})
    return found


def row_of(keyring: Keyring, case_id: int, line: int, person: Mapping[str, Any]) -> dict[str, Any]:
    """The row of a new line, or of one that was corrected."""
    pid = str(person["pid"])
    return {
        "case_id": case_id,
        "line": line,
        "state": "open",
        "level": "",
        "roles": list(person["roles"]),
        "systems": {},
        "pid_index": keyring.index("pid", pid),
        "pid_masked": masking.pid(pid),
        "person": keyring.seal(_place(case_id, line), json.dumps(dict(person), ensure_ascii=False).encode()),
        "reasons": None,
    }


def sealed_reasons(keyring: Keyring, case_id: int, line: int, reasons: Mapping[str, str]) -> bytes | None:
    """Why a line was returned or refused, by level or system; None for nothing."""
    if not reasons:
        return None
    clear = json.dumps(dict(reasons), ensure_ascii=False).encode()
    return keyring.seal(f"{_place(case_id, line)}/reasons", clear)


def is_listed(
    db: Connection, case_id: int, pid_index: bytes | None, states: Iterable[str] = ("open", "returned")
) -> bool:
    """Whether an undecided line of the case is about this person."""
    if pid_index is None:
        return False
    about = (BulkLine.case_id == case_id, BulkLine.pid_index == pid_index, BulkLine.state.in_(list(states)))
    return db.execute(select(BulkLine.line).where(*about).limit(1)).first() is not None


def _place(case_id: int, line: int) -> str:
    return f"bulk_line/{case_id}/{line}"
