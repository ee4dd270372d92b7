"""How many cases run where: by process, by definition, by element."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, func, select

from workflows.records import Case, WorkItem


def cases_by_process(db: Connection) -> dict[str, int]:
    """Open cases of each process."""
    rows = db.execute(select(Case.process_id, func.count()).where(Case.state == "ACTIVE").group_by(Case.process_id))
    return dict(rows.all())


def cases_by_definition(db: Connection, keys: Sequence[int]) -> dict[int, int]:
    """Open cases of each of these definitions."""
    rows = db.execute(
        select(Case.definition_key, func.count())
        .where(Case.state == "ACTIVE", Case.definition_key.in_(keys))
        .group_by(Case.definition_key)
    )
    return dict(rows.all())


def tokens(db: Connection, definition_key: int) -> dict[str, int]:
    """Open work items of a definition by element."""
    rows = db.execute(
        select(WorkItem.element_id, func.count())
        .join(Case, Case.id == WorkItem.case_id)
        .where(Case.definition_key == definition_key)
        .group_by(WorkItem.element_id)
    )
    return dict(rows.all())
