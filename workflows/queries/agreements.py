"""What somebody accepted: the text as it was shown, and when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from workflows.records import Consent, TextVersion


def accepted(db: Connection, case_id: int, text_key: str) -> Mapping[str, Any] | None:
    """The newest acceptance of a text in a case: text_sha256, at, actor, body; None if there is none."""
    row = db.execute(
        select(Consent.text_sha256, Consent.at, Consent.actor, TextVersion.body)
        .join(TextVersion, TextVersion.sha256 == Consent.text_sha256)
        .where(Consent.case_id == case_id, Consent.text_key == text_key, Consent.accepted)
        .order_by(Consent.id.desc())
        .limit(1)
    ).mappings()
    found = row.first()
    return dict(found) if found else None
