"""Whether somebody proved by LINE that they are at a unit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection

from workflows.queue_register import line_proof
from workflows.sealing import Keyring


def proof(db: Connection, keyring: Keyring, unit_code: str, pid: str, on: date) -> Mapping[str, Any] | None:
    """The newest unused scan of the unit's QR on that day by this person, or for them by somebody of their family:
    id, relation (self, parent, child: what the patient is to who scanned), service_code, scanned_at, scanned_by
    (masked PID). None if there is none. Scans of an account that has left LINE do not count."""
    return line_proof(db, keyring, unit_code, pid, on)
