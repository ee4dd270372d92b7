"""What happened to each flow node of a case, put together from its history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from workflows.records import Case, HistoryRow, Incident, WorkItem

ACTIVE, COMPLETED, TERMINATED = "ACTIVE", "COMPLETED", "TERMINATED"
_USER_TASK = "userTask"
_OWN_IDS = 2**63  # ids made here, from a history row and a number, are larger than any id of a row


@dataclass(frozen=True, slots=True)
class ElementInstance:
    """One passage of a token through a flow node. A user task's has the id of its work item."""

    id: int
    case_id: int
    element_id: str
    name: str
    kind: str
    state: str
    started_at: datetime
    ended_at: datetime | None = None
    incident_id: int | None = None


@dataclass(frozen=True, slots=True)
class ElementCount:
    """How often a flow node is active, was completed or terminated, and how many incidents it has."""

    element_id: str
    active: int
    completed: int
    cancelled: int
    incidents: int


def of_cases(db: Connection, case_ids: Iterable[int]) -> list[ElementInstance]:
    """The element instances of cases, in the order in which they began."""
    ids = list(case_ids)
    history = db.execute(
        select(
            HistoryRow.id,
            HistoryRow.subject_id,
            HistoryRow.at,
            HistoryRow.kind,
            HistoryRow.element_id,
            HistoryRow.work_item_id,
            HistoryRow.data,
        )
        .where(HistoryRow.subject_id.in_(ids))
        .order_by(HistoryRow.subject_id, HistoryRow.seq)
    ).all()
    rows: dict[int, list[Any]] = {id_: [] for id_ in ids}
    for row in history:
        rows[row.subject_id].append(row)
    items = _by_case(db.execute(select(*WorkItem.__table__.c).where(WorkItem.case_id.in_(ids)).order_by(WorkItem.id)))
    active = Incident.state == "ACTIVE"
    incidents = _by_case(db.execute(select(*Incident.__table__.c).where(Incident.case_id.in_(ids), active)))
    ended = {row.id for row in db.execute(select(Case.id).where(Case.id.in_(ids), Case.state != ACTIVE))}
    found: list[ElementInstance] = []
    for id_ in sorted(ids):
        found += _one_case(id_, rows[id_], items.get(id_, []), incidents.get(id_, []), ended=id_ in ended)
    return found


def counts(instances: Iterable[ElementInstance]) -> list[ElementCount]:
    """The instances summed up by flow node, in the order of their first appearance."""
    by_state: dict[str, Counter[str]] = {}
    for one in instances:
        counted = by_state.setdefault(one.element_id, Counter())
        counted[one.state] += 1
        counted["incident"] += one.incident_id is not None
    return [
        ElementCount(element, n[ACTIVE], n[COMPLETED], n[TERMINATED], n["incident"]) for element, n in by_state.items()
    ]


def _one_case(
    case_id: int, history: list[Any], items: list[Any], incidents: list[Any], *, ended: bool
) -> list[ElementInstance]:
    found: list[ElementInstance] = []
    running: dict[tuple[str, str], list[int]] = {}  # by flow node and kind: places in ``found``
    last_at = None
    for row in history:
        if row.kind == "item.cancelled":
            _end_item(found, running, row)
        answered = {(row.element_id, row.work_item_id)} if row.kind == "item.completed" else set()
        last_at = row.at
        for number, (element_id, name, kind, event) in enumerate(row.data.get("steps") or ()):
            if event == "activated":
                running.setdefault((element_id, kind), []).append(len(found))
                id_ = row.id * 1_000_000 + number
                found.append(ElementInstance(id_, case_id, element_id, name, kind, ACTIVE, row.at))
                continue
            state = COMPLETED if event == "completed" else TERMINATED
            own = next((item for element, item in answered if element == element_id), None)
            answered.discard((element_id, own))
            if running.get((element_id, kind)):
                place = running[element_id, kind].pop(0)
                begun = found[place]
                found[place] = replace(begun, id=own or begun.id, state=state, ended_at=row.at)
            else:
                id_ = own or row.id * 1_000_000 + number
                found.append(ElementInstance(id_, case_id, element_id, name, kind, state, row.at, row.at))
    if ended:  # what a cancellation from outside left open
        for places in running.values():
            for place in places:
                found[place] = replace(found[place], state=TERMINATED, ended_at=last_at)
        return found
    return _with_incidents(_with_items(found, running, items), case_id, items, incidents)


def _end_item(found: list[ElementInstance], running: dict[tuple[str, str], list[int]], row: Any) -> None:
    """Give the instance that ended with a work item the item's id; end it if the diagram did not."""
    open_places = running.get((row.element_id, _USER_TASK), [])
    if open_places:
        place = open_places.pop(0)
        found[place] = replace(found[place], id=row.work_item_id, state=TERMINATED, ended_at=row.at)
        return
    for place, one in enumerate(found):
        if (one.element_id, one.kind, one.state) == (row.element_id, _USER_TASK, TERMINATED) and one.id > _OWN_IDS:
            found[place] = replace(one, id=row.work_item_id)
            return


def _with_items(
    found: list[ElementInstance], running: Mapping[tuple[str, str], list[int]], items: list[Any]
) -> list[ElementInstance]:
    waiting = {element: list(places) for (element, kind), places in running.items() if kind == _USER_TASK}
    for item in items:
        if waiting.get(item.element_id):
            place = waiting[item.element_id].pop(0)
            found[place] = replace(found[place], id=item.id)
    return found


def _with_incidents(
    found: list[ElementInstance], case_id: int, items: list[Any], incidents: list[Any]
) -> list[ElementInstance]:
    """The step that met an incident was thrown away, so its element is not in the history."""
    element_of = {item.id: item.element_id for item in items}
    for incident in incidents:
        own = element_of.get(incident.work_item_id) == incident.element_id
        place = next((n for n, one in enumerate(found) if own and one.id == incident.work_item_id), None)
        if place is not None:
            found[place] = replace(found[place], incident_id=incident.id)
        elif incident.element_id:
            name, at = incident.element_id, incident.created_at
            found.append(ElementInstance(incident.id, case_id, name, name, "", ACTIVE, at, None, incident.id))
    return found


def _by_case(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.case_id, []).append(row)
    return found
