"""The outbox, as the demonstration shows it to the administrator."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from workflows.records import Case, OutboxRow
from workflows.rules import masking
from workflows.sealing import Keyring

TO_PEOPLE = ("mail", "sms", "line")
"""Kinds that somebody reads; the others are effects on systems and on other cases."""
_MOST_OF_A_CASE = 60


def messages(db: Connection, keyring: Keyring, *, limit: int = 100) -> list[Mapping[str, Any]]:
    """The newest messages to people with their contents in clear, as far as those are still kept."""
    newest = select(*OutboxRow.__table__.c, Case.number).outerjoin(Case, Case.id == OutboxRow.case_id)
    to_people = newest.where(OutboxRow.kind.in_(TO_PEOPLE))
    rows = db.execute(to_people.order_by(OutboxRow.id.desc()).limit(limit)).mappings()
    shown: list[Mapping[str, Any]] = []
    for row in rows:
        payload = bytes(row["payload"])
        clear = json.loads(keyring.unseal(f"outbox/{row['id']}", payload)) if payload else {}
        shown.append({**row, "payload": clear})
    return shown


def pushed_to(db: Connection, keyring: Keyring, user_id: str, *, limit: int = 30) -> list[Mapping[str, Any]]:
    """The newest LINE messages to one account, as far as their contents are still kept; for the simulator."""
    newest = select(*OutboxRow.__table__.c).where(OutboxRow.kind == "line").order_by(OutboxRow.id.desc()).limit(500)
    found: list[Mapping[str, Any]] = []
    for row in db.execute(newest).mappings():
        payload = bytes(row["payload"])
        clear = json.loads(keyring.unseal(f"outbox/{row['id']}", payload)) if payload else {}
        if clear.get("to") == user_id:
            found.append({**row, "payload": clear})
        if len(found) == limit:
            break
    return found


def oldest_pending(db: Connection) -> Any:
    """When the message that waits longest became due; None when nothing waits. An alarm watches this."""
    return db.execute(
        select(OutboxRow.run_at).where(OutboxRow.status == "pending").order_by(OutboxRow.run_at).limit(1)
    ).scalar()


def of_case(db: Connection, keyring: Keyring, case_id: int) -> list[Mapping[str, Any]]:
    """The newest messages of a case to people: when, by which channel, to whom (masked), about what, how far."""
    states = {"pending": "waiting", "failed": "failed"}
    to_people = (OutboxRow.case_id == case_id, OutboxRow.kind.in_(TO_PEOPLE))
    newest = select(*OutboxRow.__table__.c).where(*to_people).order_by(OutboxRow.id.desc()).limit(_MOST_OF_A_CASE)
    shown: list[Mapping[str, Any]] = []
    for row in reversed(db.execute(newest).mappings().all()):
        payload = bytes(row["payload"])
        clear = json.loads(keyring.unseal(f"outbox/{row['id']}", payload)) if payload else {}
        to = str(clear.get("to", ""))
        shown.append(
            {
                "at": row["done_at"] or row["created_at"],
                "channel": row["kind"],
                "to": masking.email(to) if "@" in to else masking.phone(to) if to else "",
                "subject": clear.get("subject") or str(clear.get("text", "")).partition(" ")[0],
                "state": states.get(row["status"], "sent"),
            }
        )
    return shown
