"""Card bridges and their readings, for pages and as evidence."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from workflows.actor import Actor
from workflows.records import CardBridge, Organisation, Reading, ReadingRequest
from workflows.rules import card_reading
from workflows.sealing import Keyring


def bridges(db: Connection, unit_code: str | None = None) -> list[dict[str, Any]]:
    """Enrolled PCs, those to approve first; of one unit if it is named."""
    statement = (
        select(*CardBridge.__table__.c, Organisation.name.label("unit_name"))
        .outerjoin(Organisation, Organisation.code == CardBridge.unit_code)
        .order_by(CardBridge.status != "pending", CardBridge.unit_code, CardBridge.made_at.desc())
        .limit(500)
    )
    if unit_code is not None:
        statement = statement.where(CardBridge.unit_code == unit_code)
    rows = db.execute(statement).mappings()
    return [{**row, "fingerprint": card_reading.fingerprint(bytes(row["public_key"]))} for row in rows]


def has_bridge(db: Connection, unit_code: str) -> bool:
    """Whether the unit has a PC whose readings count."""
    mine = select(CardBridge.id).where(CardBridge.unit_code == unit_code, CardBridge.status == "active").limit(1)
    return db.execute(mine).first() is not None


def request_of(db: Connection, request_id: int, actor: Actor, session_hash: str) -> Mapping[str, Any] | None:
    """A request of this very session; None for any other."""
    row = db.execute(select(*ReadingRequest.__table__.c).where(ReadingRequest.id == request_id)).mappings().first()
    if row is None or (row["actor"], row["session_hash"]) != (actor.id, session_hash):
        return None
    return dict(row)


def reading(db: Connection, keyring: Keyring, reading_id: int, actor: Actor) -> dict[str, Any] | None:
    """A reading that this actor asked for: ``card`` in clear, ``photo`` (JPEG or None), when, by which PC, its case."""
    row = db.execute(select(*Reading.__table__.c).where(Reading.id == reading_id)).mappings().first()
    if row is None or row["actor"] != actor.id:
        return None
    card = json.loads(keyring.unseal(f"reading/{row['id']}", bytes(row["card"])))
    photo = keyring.unseal(f"reading.photo/{row['id']}", bytes(row["photo"])) if row["photo"] is not None else None
    return {**row, "card": card, "photo": photo}
