"""What the worker has to do next."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, and_, select

from workflows.records import Case, InboundMessage, Provisioning, RoundMember, Subscription


def due_cases(db: Connection, now: datetime, limit: int = 100) -> list[int]:
    """Cases whose clock has something to do, the longest waiting first."""
    statement = select(Case.id).where(Case.wake_at <= now).order_by(Case.wake_at).limit(limit)
    return list(db.execute(statement).scalars())


def cases_with_messages(db: Connection, now: datetime, limit: int = 100) -> list[int]:
    """Cases that wait for a message which came before they did."""
    waits = and_(Subscription.name == InboundMessage.name, Subscription.key == InboundMessage.key)
    statement = select(Subscription.case_id).join(InboundMessage, waits).where(*InboundMessage.is_kept(now))
    return list(db.execute(statement.distinct().limit(limit)).scalars())


def cases_to_recompute(db: Connection, limit: int = 500) -> list[int]:
    """Cases whose deadline a changed calendar may have moved."""
    return list(db.execute(select(Case.id).where(Case.recompute).limit(limit)).scalars())


def round_news(db: Connection) -> bool:
    """Whether a case has to be told what became of its line in a round."""
    return db.execute(select(RoundMember.case_id).where(RoundMember.news).limit(1)).first() is not None


def systems_with_files(db: Connection) -> list[str]:
    """Target systems served by files for which a change waits."""
    return list(db.execute(select(Provisioning.system_code).where(Provisioning.key.is_(None)).distinct()).scalars())
