"""Questions to the face app that a demonstration keeps for the page that plays it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from workflows.records import OutboxRow, Subscription
from workflows.sealing import Keyring

_NEWEST = 100


def waiting(db: Connection, keyring: Keyring, now: datetime) -> list[Mapping[str, Any]]:
    """Kept questions whose case still waits, newest first: their payloads, with ``asked_at``."""
    kept = (OutboxRow.kind == "face.ask", OutboxRow.status == "captured")
    rows = db.execute(
        select(OutboxRow.id, OutboxRow.payload, OutboxRow.created_at)
        .where(*kept)
        .order_by(OutboxRow.id.desc())
        .limit(_NEWEST)
    )
    questions = [
        {**json.loads(keyring.unseal(f"outbox/{row.id}", bytes(row.payload))), "asked_at": row.created_at}
        for row in rows
        if row.payload
    ]
    refs = {each["face_ref"] for each in questions}
    awaited = set(
        db.execute(
            select(Subscription.key).where(Subscription.name == "face_result", Subscription.key.in_(refs))
        ).scalars()
    )
    fresh = [each for each in questions if datetime.fromisoformat(each["expires_at"]) > now]
    return [each for each in fresh if each["face_ref"] in awaited]
