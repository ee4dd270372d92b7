"""Confirmations by ThaID of people at units' counters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from workflows import innovation
from workflows.records import ThaidProof
from workflows.sealing import Keyring

_SHOWN = (ThaidProof.id, ThaidProof.name, ThaidProof.pid_masked, ThaidProof.ial, ThaidProof.confirmed_at)


def proof(db: Connection, keyring: Keyring, unit_code: str, pid: str, on: datetime) -> Mapping[str, Any] | None:
    """The newest confirmation of the person with this PID at the unit that is unused and still good at ``on``: id,
    name, pid_masked, issuer, ial, asked_by, confirmed_at, expires_at. ``thaid_proof.use`` {id} uses it up."""
    return innovation.thaid_proof(db, keyring, unit_code, pid, on)


def waiting(db: Connection, unit_code: str, on: datetime) -> list[Mapping[str, Any]]:
    """Every confirmation at the unit that is unused and still good at ``on``, newest first: masked, for its counter."""
    mine = ThaidProof.unit_code == unit_code, ThaidProof.used_at.is_(None), ThaidProof.expires_at > on
    statement = select(*_SHOWN).where(*mine).order_by(ThaidProof.confirmed_at.desc()).limit(20)
    return [dict(row) for row in db.execute(statement).mappings()]


def answered(db: Connection, ask: str) -> Mapping[str, Any] | None:
    """The confirmation that answered an invitation, with the citizen ID still sealed; None while nobody did."""
    row = db.execute(select(*_SHOWN, ThaidProof.unit_code).where(ThaidProof.ask == ask)).mappings().first()
    return dict(row) if row else None
