"""Answers of the rights registry that are kept as evidence."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, select

from workflows.actor import Actor
from workflows.records import RightsAnswer
from workflows.sealing import Keyring


def answer(db: Connection, keyring: Keyring, answer_id: int, actor: Actor) -> dict[str, Any] | None:
    """An answer that this actor asked for, with ``answer`` in clear (None: nobody has this number); None for others."""
    row = db.execute(select(*RightsAnswer.__table__.c).where(RightsAnswer.id == answer_id)).mappings().first()
    if row is None or row["actor"] != actor.id:
        return None
    return {**row, "answer": json.loads(keyring.unseal(f"rights/{answer_id}", bytes(row["answer"])))}


def of_case(db: Connection, keyring: Keyring, case_id: int) -> list[dict[str, Any]]:
    """Every answer that belongs to a case, oldest first, in clear. For whoever may see the case."""
    rows = db.execute(
        select(*RightsAnswer.__table__.c).where(RightsAnswer.case_id == case_id).order_by(RightsAnswer.id)
    ).mappings()
    return [{**row, "answer": json.loads(keyring.unseal(f"rights/{row['id']}", bytes(row["answer"])))} for row in rows]
