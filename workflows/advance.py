"""Moving a case: push the engine, then write down what came out of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from workflows.actions import Action
from workflows.actor import CLOCK
from workflows.chain import Event
from workflows.engine import Interpreter, Live, Outcome
from workflows.ports import Context
from workflows.projection import project, steps_told
from workflows.work import Pushing, Work


@dataclass(frozen=True, slots=True)
class Answered:
    """The answers to a user task that has just opened, and what the history says of them."""

    task_id: UUID
    variables: Mapping[str, Any]
    event: Event


Answering = Callable[[Live, Outcome], Answered | None]
"""Asked after every push; None lets the case wait."""


def advance(
    work: Work,
    case: Any,
    actions: Sequence[Action],
    events: Sequence[Event],
    *,
    item: Any | None = None,
    answering: Answering | None = None,
    fresh: dict[str, Any] | None = None,
) -> Outcome:
    """Push the engine with one or more actions, then with what ``answering`` gives, and project what came out of all
    of them. ``fresh`` is the queued row of a case that begins here (``project``).

    The first event tells the history what the engine did. While an incident of the clock is open the timers of the case
    rest: whoever acts on another branch must not meet it again. On EngineIncident nothing of it is kept, and
    ``work.pushing`` tells the runtime what to take up again; nothing when it came from an answer of ``answering``.
    """
    services = work.services
    process = services.definitions.process(case.definition_key)
    context = Context(
        work.now,
        work.actor,
        work.register,
        case.id,
        base_url=services.base_url,
        process_id=process.id,
        working_days=services.holidays.calendar(),
    )
    before: frozenset[UUID] = frozenset()
    outcome: Outcome | None = None
    work.pushing = Pushing(case, actions[0], item)
    if actions[0].kind == "start":
        live, outcome = services.interpreter.start(
            process.definition, actions[0].variables, context, message=actions[0].name or None
        )
        actions = actions[1:]
    else:
        live = _live(work, case)
        live.timers_rest = case.has_incident and any(row.actor == CLOCK.id for row in work.other_incidents(case.id))
        before = live.open_ids()
    for action in actions:
        work.pushing = Pushing(case, action, item)
        step = _push(services.interpreter, live, action, context)
        outcome = step if outcome is None else _joined(outcome, step)
    assert outcome is not None  # there is at least one action
    work.pushing = None
    while answering is not None and (answered := answering(live, outcome)) is not None:
        step = services.interpreter.complete(live, answered.task_id, answered.variables, context)
        told = {**answered.event.data, "steps": steps_told(step)}
        events = [*events, replace(answered.event, data=told)]
        outcome = replace(_joined(outcome, step), steps=outcome.steps)
    snapshot = services.interpreter.dump(live, str(case.id).encode())
    project(work, case, outcome, snapshot=snapshot, before=before, events=events, item=item, fresh=fresh)
    if not outcome.completed:
        work.after_commit(lambda: services.cache.put(case.id, case.revision + 1, live))
    return outcome


def is_open(work: Work, case: Any, task_id: UUID) -> bool:
    """Whether a case still waits at this user task or for this answer."""
    return work.services.interpreter.is_open(_decoded(work, case), task_id)


def _live(work: Work, case: Any) -> Live:
    """The running engine object of a case: the cached one if it is of this very revision, else decoded."""
    found = work.services.cache.take(case.id, case.revision)
    return _decoded(work, case) if found is None else found


def _decoded(work: Work, case: Any) -> Live:
    services = work.services
    definition = services.definitions.process(case.definition_key).definition
    return services.interpreter.load(definition, bytes(case.snapshot), str(case.id).encode())


def _push(interpreter: Interpreter, live: Live, action: Action, context: Context) -> Outcome:
    variables: Mapping[str, Any] = action.variables
    match action.kind:
        case "complete" | "reply":
            assert action.task_id is not None
            return interpreter.complete(live, action.task_id, variables, context)
        case "wake":
            return interpreter.wake(live, context)
        case "deliver":
            return interpreter.deliver(live, action.name, action.key, variables, context, task_id=action.task_id)
        case "fail":
            assert action.task_id is not None
            return interpreter.fail_job(live, action.task_id, action.name, action.key or "", variables, context)
        case "signal":
            return interpreter.signal(live, action.name, variables, context)
        case "set":
            return interpreter.set_variables(live, variables, context)
    raise ValueError(action.kind)


def _joined(first: Outcome, then: Outcome) -> Outcome:
    """Two runs of one unit of work as one: what happened in both, and what is open after the second."""
    still_open = tuple(task for task in first.opened if task.task_id in then.open_ids)
    return replace(
        then,
        opened=still_open + then.opened,
        steps=first.steps + then.steps,
        messages=first.messages + then.messages,
        changes=first.changes + then.changes,
        signals=first.signals + then.signals,
        correlated=first.correlated + then.correlated,
    )
