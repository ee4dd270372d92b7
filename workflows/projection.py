"""What one engine run means for the tables: case row, inbox, subscriptions, outbox, history; all in one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, insert, select, update

from workflows import campaigns, chain, changes, deadlines
from workflows.actor import CLOCK, PROCESS_OWNERS
from workflows.announcing import announce
from workflows.chain import Event
from workflows.engine import Outcome
from workflows.outgoing import write_messages as write_messages
from workflows.records import (
    NO_DUE_DATE,
    UNDELIVERED,
    Case,
    HistoryRow,
    InboxRow,
    Incident,
    Subscription,
    WorkItem,
    new_id,
    table,
)
from workflows.rules import masking, phone
from workflows.rules.campaign_window import LEVELS
from workflows.rules.webhooks import CASE_COMPLETED
from workflows.work import Work

_HEADER = ("number", "subject", "unit_code", "region", "stage", "outcome", "requester", "channel")

_CASES, _ITEMS, _SUBSCRIPTIONS = table(Case), table(WorkItem), table(Subscription)
_MOVE = update(_CASES).where(_CASES.c.id == bindparam("of_case"), _CASES.c.revision == bindparam("of_revision"))
_CLOSE_ONE = delete(_ITEMS).where(_ITEMS.c.id == bindparam("of_item"))
_CLOSE = delete(_ITEMS).where(
    _ITEMS.c.case_id == bindparam("of_case"), _ITEMS.c.task_id.in_(bindparam("tasks", expanding=True))
)
_OPEN, _OFFER, _TELL = insert(_ITEMS), insert(table(InboxRow)), insert(table(HistoryRow))
_SUBSCRIBE, _UNSUBSCRIBE = (
    insert(_SUBSCRIPTIONS),
    delete(_SUBSCRIPTIONS).where(_SUBSCRIPTIONS.c.case_id == bindparam("of_case")),
)


def project(
    work: Work,
    case: Any,
    outcome: Outcome,
    *,
    snapshot: bytes,
    before: frozenset[UUID],
    events: Sequence[Event],
    item: Any | None = None,
    fresh: dict[str, Any] | None = None,
) -> None:
    """Queue everything that one step changes. ``before`` are the tasks that were open when it began, ``fresh`` is the
    queued row of a case that begins with it: what would move the row is written into it."""
    values = _case_values(work, case, outcome, snapshot)
    consequences = changes.apply(work, case, outcome.changes, values)
    _deadline_values(work, case, outcome, values)
    if outcome.completed:
        _announce_end(work, case, values)
    messages = write_messages(work, outcome.messages, case.id)
    closed = before - outcome.open_ids
    overtaken = cancelled(work, case.id, closed, item) if closed else []
    if case.has_incident:
        values |= _incident_values(work, case, outcome, overtaken)
    rows, (values["chain_seq"], values["chain_mac"]) = chain.extend(
        work.services.keyring,
        case.id,
        (case.chain_seq, case.chain_mac),
        [*_with_steps(events, outcome, messages), *overtaken, *consequences],
        at=work.now,
        actor=work.actor.id,
    )
    subscriptions = _subscriptions(case, outcome, values)
    if fresh is not None:
        fresh.update(values)
    else:
        work.write(_MOVE, {"of_case": case.id, "of_revision": case.revision, **values}, expect=1)
    _close_items(work, case, closed, item)
    _open_items(work, case, outcome, values)
    if subscriptions is not None:
        if case.subscriptions_mac:
            work.write(_UNSUBSCRIBE, {"of_case": case.id})
        if subscriptions:
            work.write(_SUBSCRIBE, subscriptions)
    work.write(_TELL, rows)


def candidate_groups(users: Sequence[str], groups: Sequence[str]) -> Sequence[str]:
    """The groups an unassigned work item is offered to. What a diagram offers to nobody waits for the process owners,
    so that no case stands still unseen."""
    return groups if users or groups else PROCESS_OWNERS


def inbox_rows(item: Mapping[str, Any], case_id: int) -> list[dict[str, Any]]:
    """One inbox row per person or group that may act on a work item: its assignee alone, else all candidates."""
    if item["assignee"]:
        principals = [f"user:{item['assignee']}"]
    else:
        groups = candidate_groups(item["users"], item["groups"])
        principals = [f"user:{user}" for user in item["users"]] + [f"group:{group}" for group in groups]
    due_at = item["due_at"] or NO_DUE_DATE
    return [{"principal": p, "due_at": due_at, "work_item_id": item["id"]} for p in dict.fromkeys(principals)]


def offered(item: Any) -> dict[str, Any]:
    """What the history keeps of a work item that leaves the inbox: to whom it was offered, from when, until when.

    Times are UTC in the form of the database's own columns, so that history and inbox can be searched alike.
    """
    return {
        "form_id": item.form_id,
        "groups": list(item.groups),
        "users": list(item.users),
        "priority": item.priority,
        "opened_at": _stamp(item.opened_at),
        "due_at": _stamp(item.due_at),
        "follow_up_at": _stamp(item.follow_up_at),
    }


def cancelled(work: Work, case_id: int, task_ids: Iterable[UUID] | None, item: Any | None = None) -> list[Event]:
    """Events for the work items of these tasks (None: all of the case) that end without an answer.

    ``item`` is the one that was answered; nothing is read when it is the only one.
    """
    gone = []
    if task_ids is not None:
        wanted = {task_id.bytes for task_id in task_ids} - ({bytes(item.task_id)} if item is not None else set())
        if not wanted:
            return []
        gone.append(WorkItem.task_id.in_(wanted))
    rows = work.db.execute(
        select(*WorkItem.__table__.c).where(WorkItem.case_id == case_id, *gone).order_by(WorkItem.id)
    )
    return [
        Event("item.cancelled", row.element_id, row.name, row.id, {"item": {**offered(row), "assignee": row.assignee}})
        for row in rows
    ]


def _stamp(at: datetime | None) -> str | None:
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds") if at else None


def _case_values(work: Work, case: Any, outcome: Outcome, snapshot: bytes) -> dict[str, Any]:
    keyring, header = work.services.keyring, outcome.header
    values: dict[str, Any] = {
        "revision": case.revision + 1,
        "snapshot": snapshot,
        "sla": case.sla,
    }
    for name in _HEADER:
        if header.get(name) is not None:
            values[name] = str(header[name])
    if values.get("number") and not case.number:
        values["sent_at"] = work.now
    if isinstance(header.get("systems"), list):
        values["systems"] = "".join(f" {code}" for code in sorted(map(str, header["systems"]))) + " "
    if header.get("pid"):
        pid = str(header["pid"])
        values |= {"pid_index": keyring.index("pid", pid), "pid_masked": masking.pid(pid)}
    if header.get("phone"):
        number = phone.parse(str(header["phone"]))
        values["phone_index"] = keyring.index("phone", number.national if number else str(header["phone"]))
    if outcome.completed:
        values |= {"state": "COMPLETED", "ended_at": work.now}
    return values


def _announce_end(work: Work, case: Any, values: Mapping[str, Any]) -> None:
    """Tell the systems of the case's unit that it is completed. What never got a number is nobody's business."""
    number, unit_code = values.get("number") or case.number, values.get("unit_code")
    if number and unit_code:
        process = work.services.definitions.process(case.definition_key).id
        data = {"case": str(case.id), "number": number, "process": process, "outcome": values.get("outcome") or ""}
        announce(work, CASE_COMPLETED, unit_code, data)


def _deadline_values(work: Work, case: Any, outcome: Outcome, values: dict[str, Any]) -> None:
    if values["sla"] is not None:
        calendar = work.services.holidays.calendar()
        values |= deadlines.columns(values["sla"], calendar, work.now)
        check_at = None if outcome.completed else deadlines.next_check_at(values["sla"], calendar, work.now)
        if values["sla_due"] is not None and values["sla_due"] != case.sla_due:
            move_due(work, case.id, case.sla_due or deadlines.due_before(values["sla"], calendar), values["sla_due"])
    else:
        del values["sla"]
        check_at = None
    values["wake_at"] = min((at for at in (outcome.wake_at, check_at) if at), default=None)


def _incident_values(work: Work, case: Any, outcome: Outcome, overtaken: Sequence[Event]) -> dict[str, Any]:
    """What a step means for the open incidents of its case.

    The end of the case, or of the work item that was answered, ends an incident; only an undelivered message stays one.
    While an incident of the clock is open the clock rests, or it would be met again with every step.
    """
    rows = work.other_incidents(case.id)
    ended = {event.work_item_id for event in overtaken}
    over = {
        row.id
        for row in rows
        if row.error_type != UNDELIVERED and (outcome.completed or (row.work_item_id or 0) in ended)
    }
    if over:
        values = {"state": "RESOLVED", "resolved_at": work.now, "resolved_by": work.actor.id}
        work.write(update(Incident).where(Incident.id.in_(over)).values(**values))
    left = [row for row in rows if row.id not in over]
    return {"has_incident": bool(left), **({"wake_at": None} if any(row.actor == CLOCK.id for row in left) else {})}


def move_due(work: Work, case_id: int, before: date | None, after: date | None) -> None:
    """Work items that were due with the service clock are due with it again."""
    was, due_at = deadlines.end_of_day(before), deadlines.end_of_day(after)
    mine = select(WorkItem.id).where(WorkItem.case_id == case_id, WorkItem.due_at == was)
    work.write(update(InboxRow).where(InboxRow.work_item_id.in_(mine)).values(due_at=due_at or NO_DUE_DATE))
    work.write(update(WorkItem).where(WorkItem.case_id == case_id, WorkItem.due_at == was).values(due_at=due_at))


def steps_told(outcome: Outcome) -> list[list[str]]:
    """What the history keeps of the flow nodes of a run."""
    return [[step.element_id, step.name, step.kind, step.event] for step in outcome.steps]


def _with_steps(events: Sequence[Event], outcome: Outcome, messages: list[str]) -> list[Event]:
    """The events, the first of which carries what the engine did in this run."""
    first, *rest = events
    data: dict[str, Any] = {
        **first.data,
        "steps": steps_told(outcome),
    }
    if messages:
        data["messages"] = messages
    return [
        Event(first.kind, first.element_id, first.name, first.work_item_id, data, first.private),
        *rest,
    ]


def _close_items(work: Work, case: Any, closed: frozenset[UUID], item: Any | None) -> None:
    if item is not None and closed == {UUID(bytes=bytes(item.task_id))}:
        work.write(_CLOSE_ONE, {"of_item": item.id}, expect=1)
    elif closed:
        work.write(_CLOSE, {"of_case": case.id, "tasks": [task_id.bytes for task_id in closed]})


def _open_items(work: Work, case: Any, outcome: Outcome, values: Mapping[str, Any]) -> None:
    items, inbox = [], []
    due_by_sla = deadlines.end_of_day(values.get("sla_due", case.sla_due))
    due_by_campaign = _due_by_campaign(work, case, outcome)
    for task in outcome.opened:
        item = {
            "id": new_id(),
            "case_id": case.id,
            "task_id": task.task_id.bytes,
            "element_id": task.element_id,
            "name": task.name,
            "form_id": task.form_id,
            "assignee": task.assignee,
            "groups": list(task.candidate_groups),
            "users": list(task.candidate_users),
            "due_at": due_by_campaign.get(task.headers.get("level", "")) or task.due_at or due_by_sla,
            "follow_up_at": task.follow_up_at,
            "priority": task.priority,
            "headers": dict(task.headers),
            "opened_at": work.now,
        }
        items.append(item)
        inbox += inbox_rows(item, case.id)
    if items:
        work.write(_OPEN, items)
    if inbox:
        work.write(_OFFER, inbox)


def _due_by_campaign(work: Work, case: Any, outcome: Outcome) -> dict[str, datetime | None]:
    """Until when each level of a case's campaign has time; nothing is read where no such level has just begun."""
    if case.campaign_id is None or not any(task.headers.get("level", "") in LEVELS for task in outcome.opened):
        return {}
    window = campaigns.by_id(work.db, case.campaign_id)
    if window is None:
        return {}
    return {level: deadlines.end_of_day(getattr(window, by) or window.closes_on) for level, by in LEVELS.items()}


def _subscriptions(case: Any, outcome: Outcome, values: dict[str, Any]) -> list[dict[str, Any]] | None:
    """The rows to write instead of the present ones; None when nothing changed."""
    rows = [
        {"case_id": case.id, "task_id": s.task_id.bytes, "name": s.name, "key": s.key or "", "element_id": s.element_id}
        for s in outcome.subscriptions
    ]
    keys = sorted(f"{row['task_id'].hex()} {row['name']} {row['key']}" for row in rows)
    mac = hashlib.sha256("\n".join(keys).encode()).hexdigest() if keys else ""
    if mac == case.subscriptions_mac:
        return None
    values["subscriptions_mac"] = mac
    return rows
