"""Evidence, offers and the service clock of the case itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.dialects import postgresql, sqlite

from workflows import deadlines
from workflows.chain import Event
from workflows.changes.registry import Writer, writes
from workflows.clock import bangkok_date
from workflows.records import NO_DUE_DATE, Consent, InboxRow, TextVersion, WorkItem, new_id
from workflows.work import Work


@writes("consent.record")
def record_consent(work: Work, case: Any, given: Mapping[str, Any], values: dict[str, Any]) -> Event:
    row = {"id": new_id(), "case_id": case.id, **given, "at": datetime.fromisoformat(given["at"])}
    work.write(insert(Consent), row)
    kind = "consent.accepted" if given["accepted"] else "consent.declined"
    return Event(kind, data={"text": given["text_key"], "sha256": given["text_sha256"]})


@writes("text.keep")
def keep_text(work: Work, case: Any, given: Mapping[str, Any], values: dict[str, Any]) -> None:
    """Most often the version is kept already."""
    dialect = postgresql if work.db.dialect.name == "postgresql" else sqlite
    work.write(dialect.insert(TextVersion).on_conflict_do_nothing(), dict(given))


@writes("work_items.offer")
def offer(work: Work, case: Any, given: Mapping[str, Any], values: dict[str, Any]) -> Event | None:
    """Offer open work items to one more group. An item that somebody has taken is offered again to everybody."""
    rows = work.db.execute(
        select(*WorkItem.__table__.c).where(
            WorkItem.case_id == case.id, WorkItem.element_id.in_(given["elements"]), ~WorkItem.held
        )
    ).all()
    late = [row for row in rows if given["group"] not in row.groups]
    if not late:
        return None
    for row in late:
        table = WorkItem.__table__
        change = table.update().where(table.c.id == row.id)  # type: ignore[attr-defined]
        work.write(change.values(groups=[*row.groups, given["group"]]))
    dialect = postgresql if work.db.dialect.name == "postgresql" else sqlite
    offers = [
        {
            "principal": f"group:{given['group']}",
            "due_at": row.due_at or NO_DUE_DATE,
            "work_item_id": row.id,
        }
        for row in late
    ]
    work.write(dialect.insert(InboxRow).on_conflict_do_nothing(), offers)
    return Event("item.escalated", late[0].element_id, late[0].name, data={"group": given["group"]})


def _moves_clock(verb: str) -> Writer:
    """Starts, pauses, resumes or stops the service clock; asking for what it does already changes nothing."""

    def write(work: Work, case: Any, given: Mapping[str, Any], values: dict[str, Any]) -> Event | None:
        stored = deadlines.apply(verb, given, values["sla"], bangkok_date(work.now))
        if not stored or stored == values["sla"]:
            return None
        values["sla"] = stored
        return Event(f"sla.{verb}", data={"on": bangkok_date(work.now).isoformat(), "total": stored["total"]})

    return write


for _verb in ("start", "pause", "resume", "stop"):
    writes(f"sla.{_verb}")(_moves_clock(_verb))
