"""One-time links: what they are for and whether they still work."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, select

from workflows.errors import Text
from workflows.records import Account, Case, OneTimeLink
from workflows.rules import one_time_code
from workflows.sealing import Keyring

State = Literal["usable", "used", "expired", "unknown"]


def state(
    db: Connection, token_hash: str, purpose: str | tuple[str, ...], now: datetime
) -> tuple[State, Mapping[str, Any] | None]:
    """Whether a link works, and what it is about (None when there is no such link for any of these purposes)."""
    purposes = (purpose,) if isinstance(purpose, str) else purpose
    row = (
        db.execute(
            select(
                *OneTimeLink.__table__.c,
                Account.username,
                Account.first_name,
                Account.last_name,
                Account.email,
                Case.number,
            )
            .outerjoin(Account, Account.id == OneTimeLink.account_id)
            .outerjoin(Case, Case.id == OneTimeLink.case_id)
            .where(OneTimeLink.token_hash == token_hash, OneTimeLink.purpose.in_(purposes))
        )
        .mappings()
        .first()
    )
    if row is None:
        return "unknown", None
    found = {**row, "code_ref": (row["code"] or {}).get("ref", "")}
    if row["used_at"] is not None:
        return "used", found
    return ("expired" if row["expires_at"] <= now else "usable"), found


def usable(db: Connection, token_hash: str, purpose: str, now: datetime) -> Mapping[str, Any] | None:
    """The link if it still works."""
    how, found = state(db, token_hash, purpose, now)
    return found if how == "usable" else None


def wrong_code(db: Connection, keyring: Keyring, token_hash: str, code: str, now: datetime) -> Text | None:
    """Why the typed code does not open the link; None when it is right."""
    kept = db.execute(select(OneTimeLink.code).where(OneTimeLink.token_hash == token_hash)).scalar()
    return one_time_code.problem(kept, code, now, keyring.digest)
