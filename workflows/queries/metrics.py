"""Numbers for those who watch the service."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select

from workflows.clock import real_now
from workflows.queries.outbox import oldest_pending
from workflows.records import Case, Heartbeat, InboxRow, Incident, OutboxRow, WorkItem


def last_heartbeat(db: Connection) -> datetime | None:
    """When a worker was last alive (real time)."""
    return db.execute(select(func.max(Heartbeat.at))).scalar()


def counts(db: Connection, now: datetime) -> dict[str, float]:
    """Gauges by their Prometheus names."""
    waiting = oldest_pending(db)

    def count(table: type, *conditions: object) -> int:
        return int(db.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one())  # type: ignore[arg-type]

    return {
        "sitthi_cases_active": count(Case, Case.state == "ACTIVE"),
        "sitthi_work_items_open": count(WorkItem),
        "sitthi_work_items_overdue": count(InboxRow, InboxRow.due_at < now),
        "sitthi_incidents_active": count(Incident, Incident.state == "ACTIVE"),
        "sitthi_outbox_pending": count(OutboxRow, OutboxRow.status == "pending"),
        "sitthi_outbox_failed": count(OutboxRow, OutboxRow.status == "failed"),
        "sitthi_outbox_oldest_seconds": max(0.0, (real_now() - waiting).total_seconds()) if waiting else 0.0,
    }
