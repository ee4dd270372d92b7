"""The way of a case in the requester's words: which steps its diagram has, and where the case stands on them.

A user task names its step in its extension property ``step``; tasks with the same words are one step. So does what
waits without a person, a receive task or an event, and a called diagram whose own tasks name no step; it is the
current step while it is the stage of the case. So a process owner decides in the diagram what requesters see.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from workflows.engine import xml
from workflows.queries.definitions import by_key

_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
_WAITS = (f"{_BPMN}receiveTask", f"{_BPMN}intermediateCatchEvent", f"{_BPMN}callActivity")
_WELL = ("approved", "partly_approved", "issued")
_ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: ``state`` is done, current, returned, rejected, skipped or waiting."""

    label: str
    state: str
    at: datetime | None = None


def plan(db: Connection, definition_key: int) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The steps of a definition in diagram order: (words, element ids)."""
    return _plan_of(db, definition_key)[0]


def _plan_of(db: Connection, definition_key: int) -> _Plan:
    if definition_key not in _known:
        _known[definition_key] = _plan(bytes(by_key(db, definition_key)["body"]))
    return _known[definition_key]


_Plan = tuple[tuple[tuple[str, tuple[str, ...]], ...], frozenset[str]]
_known: dict[int, _Plan] = {}
"""Definitions never change, so neither do their plans."""


def _plan(body: bytes) -> _Plan:
    """The steps, and the words of those in which nobody has anything to do."""
    steps: dict[str, list[str]] = {}
    with_people: set[str] = set()
    for task in xml.parse(body).iter(f"{_BPMN}userTask", *_WAITS):
        for found in task.iter(f"{_ZEEBE}property"):
            if found.get("name") == "step":
                steps.setdefault(found.get("value", ""), []).append(task.get("id", ""))
                if task.tag not in _WAITS:
                    with_people.add(found.get("value", ""))
    return tuple((label, tuple(ids)) for label, ids in steps.items()), frozenset(set(steps) - with_people)


def steps(
    db: Connection,
    case: Mapping[str, Any],
    milestones: Sequence[Mapping[str, Any]],
    open_elements: Sequence[str],
) -> list[Step]:
    """Where a case stands. ``milestones`` are its completed items in order, ``open_elements`` what is open now."""
    done: dict[str, Mapping[str, Any]] = {m["element_id"]: m for m in milestones if m["kind"] == "item.completed"}
    found: list[Step] = []
    way, waits = _plan_of(db, case["definition_key"])
    ended = case["state"] != "ACTIVE"
    here = case["stage"] if not ended and case["stage"] in waits else None
    reached = len(way) if ended and case["outcome"] in _WELL and waits else -1
    for number, (label, ids) in enumerate(way):
        if label == here or any(id_ in done or id_ in open_elements for id_ in ids):
            reached = max(reached, number)
    for number, (label, ids) in enumerate(way):
        last = next((done[id_] for id_ in reversed(ids) if id_ in done), None)
        if any(id_ in open_elements for id_ in ids):
            found.append(Step(label, "returned" if last is not None and last["decision"] == "return" else "current"))
        elif label == here:
            found.append(Step(label, "current"))
        elif label in waits and number < reached:
            found.append(Step(label, "done"))
        elif last is not None and last["decision"] == "reject":
            found.append(Step(label, "rejected", last["at"]))
        elif last is not None and last["decision"] == "return" and not ended:
            found.append(Step(label, "returned", last["at"]))
        elif last is not None:
            found.append(Step(label, "done", last["at"]))
        elif number < reached:
            found.append(Step(label, "skipped"))
        else:
            found.append(Step(label, "waiting"))
    return found
