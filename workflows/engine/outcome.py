"""What one engine run produced: plain, frozen values the projection writes down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from workflows.ports import Change, Message

if TYPE_CHECKING:
    from workflows.decisions import EvaluatedDecision

StepEvent = Literal["activated", "completed", "terminated"]


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A user task that waits for a person. Times are aware; ``priority`` is 0 to 100, 50 if the diagram is silent."""

    task_id: UUID
    element_id: str
    name: str
    form_id: str | None = None
    assignee: str | None = None
    candidate_groups: tuple[str, ...] = ()
    candidate_users: tuple[str, ...] = ()
    due_at: datetime | None = None
    follow_up_at: datetime | None = None
    priority: int = 50
    headers: Mapping[str, str] = field(default_factory=dict)
    loop_counter: int | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A service task no operator of ours does: it stays open until an outside worker completes it by its id."""

    task_id: UUID
    element_id: str
    type: str
    retries: int
    headers: Mapping[str, str]
    variables: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Subscription:
    """An open wait for a message. ``key`` is the correlation key as text."""

    task_id: UUID
    element_id: str
    name: str
    key: str


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to a flow node. Nodes that never wait have no ``activated`` step."""

    order: int
    element_id: str
    name: str
    kind: str
    task_id: UUID
    event: StepEvent


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run, from the action to the next waits.

    ``opened`` are the user tasks that opened in this run, ``open_ids`` all that are open now. ``jobs`` and
    ``subscriptions`` list everything open now, so the tables that mirror them can simply be compared.
    ``wake_at`` is the earliest due time of a timer in UTC. ``variables_changed`` names the variables of the case itself
    (its root scope). ``signals`` are the signals thrown, for other cases that wait for them.
    ``correlated`` counts the waits a message reached. ``decisions`` are the decision tables evaluated, in order.
    ``stuck`` says that nothing is open although the case has not ended.
    """

    completed: bool
    opened: tuple[OpenTask, ...] = ()
    open_ids: frozenset[UUID] = frozenset()
    jobs: tuple[Job, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()
    wake_at: datetime | None = None
    steps: tuple[Step, ...] = ()
    header: Mapping[str, Any] = field(default_factory=dict)
    messages: tuple[Message, ...] = ()
    changes: tuple[Change, ...] = ()
    variables_changed: frozenset[str] = frozenset()
    signals: tuple[str, ...] = ()
    correlated: int = 0
    decisions: tuple[EvaluatedDecision, ...] = ()
    stuck: bool = False
