"""How often the flow nodes of a process were passed, over many cases, counted by the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import JSON, ColumnElement, Connection, Select, column, func, select, true

from workflows.queries.element_instances import ACTIVE, ElementCount
from workflows.records import Case, HistoryRow, Incident


def of_cases(db: Connection, conditions: Sequence[ColumnElement[bool]]) -> list[ElementCount]:
    """The flow nodes of all cases that meet the conditions (on ``Case``), summed up.

    Nodes that never wait have no ``activated`` step, so what is open is what was activated and has not ended; in a case
    that has ended, it was cancelled.
    """
    counted: dict[str, Counter[tuple[str, bool]]] = {}
    for element_id, event, state, number in db.execute(_steps(db.dialect.name, conditions)):
        counted.setdefault(element_id, Counter())[event, state == ACTIVE] += number
    incidents: Counter[str] = Counter()
    for element_id, number in db.execute(_incidents(conditions)):
        incidents[element_id] = number
    return [
        _count(name, counted.get(name, Counter()), incidents[name]) for name in dict.fromkeys([*counted, *incidents])
    ]


def _count(element_id: str, events: Counter[tuple[str, bool]], incidents: int) -> ElementCount:
    def left_open(running: bool) -> int:
        ended = events["completed", running] + events["terminated", running]
        return max(0, events["activated", running] - ended)

    completed = events["completed", True] + events["completed", False]
    terminated = events["terminated", True] + events["terminated", False]
    return ElementCount(element_id, left_open(True), completed, terminated + left_open(False), incidents)


def _steps(dialect: str, conditions: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """Element, event, state of the case, how many. A step is a list: element, name, kind, event."""
    if dialect == "postgresql":
        each = func.json_array_elements(HistoryRow.data["steps"]).table_valued(column("value", JSON))
        element, event = each.c.value[0].as_string(), each.c.value[3].as_string()
    else:
        each = func.json_each(HistoryRow.data, "$.steps").table_valued("value")
        element, event = (func.json_extract(each.c.value, place) for place in ("$[0]", "$[3]"))
    found = select(element.label("element"), event.label("event"), Case.state).join_from(
        HistoryRow, Case, Case.id == HistoryRow.subject_id
    )
    steps = found.join(each, true()).where(*conditions).subquery()
    return select(*steps.c, func.count()).group_by(*steps.c)


def _incidents(conditions: Sequence[ColumnElement[bool]]) -> Select[str, int]:
    return (
        select(Incident.element_id, func.count())
        .join(Case, Case.id == Incident.case_id)
        .where(Incident.state == ACTIVE, Incident.element_id != "", *conditions)
        .group_by(Incident.element_id)
    )
