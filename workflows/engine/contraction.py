"""Forget history: after every step only what a later step can look at stays in the tree.

Nothing is predicted (``tasks.py``) and joins keep their own books (``joins.py``), so the rule is short. Kept are the
root of each scope, every unfinished task, and the split of an activity with boundary events while any of them is
unfinished. Everything else is spliced out; the order of what stays is unchanged. A scope goes when its owner has
finished. So a step costs the same in lap 1 and in lap 500, whatever else hangs in the tree.

The task table and the list of waiting events are put in tree order on the way. That is the order of a restored case,
so a case held in memory and the same case read back behave alike, down to the order of their steps.
"""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent

from workflows.engine.tasks import COMPLETED, WAITING, EngineTask


def contract(case: Any) -> None:
    """Contract every scope of the case and rebuild its list of waiting events."""
    subprocesses = case.subprocesses
    for task_id, scope in list(subprocesses.items()):
        if scope.owner._state >= COMPLETED or scope.owner.id not in scope.owner.workflow.tasks:
            del subprocesses[task_id]
    for scope in case.scopes:
        tasks = scope.tasks = _tree_order(scope)
        scope.contract_above = max(scope.contract_above, 2 * len(tasks))
        if scope.waiting_joins:
            scope.waiting_joins = join_waits(scope)
        if scope.last_task is not None and scope.last_task.id not in tasks:
            scope.last_task = None
    case.event_manager.tasks = event_waits(case)


def event_waits(case: Any) -> dict[bytes, EngineTask]:
    """The tasks that wait for an event, in tree order."""
    return {
        task.id: task
        for scope in case.scopes
        for task in scope.tasks.values()
        if task._state == WAITING and isinstance(task.task_spec, CatchingEvent)
    }


def join_waits(scope: Any) -> dict[bytes, EngineTask]:
    """The joins of a scope that wait for more tokens, in tree order."""
    return {
        task.id: task
        for task in scope.tasks.values()
        if task._state == WAITING and not isinstance(task.task_spec, CatchingEvent)
    }


def _tree_order(scope: Any) -> dict[bytes, EngineTask]:
    """The tasks to keep, in tree order, with parents and children joined over the gaps.

    Only an activity and its boundary events may hang at a split: what a spliced-out event started goes past it.
    """
    tasks: dict[bytes, EngineTask] = scope.tasks
    root = scope.task_tree
    keep = {root.id}
    for task in tasks.values():
        if task._state < COMPLETED:
            keep.add(task.id)
            parent = task.parent
            if parent is not None and parent.task_spec.is_boundary_split:
                keep.add(parent.id)
    kept: dict[bytes, EngineTask] = {}
    stack: list[tuple[bytes, EngineTask | None, EngineTask | None]] = [(root.id, None, None)]
    while stack:
        task_id, parent, ancestor = stack.pop()
        task = tasks[task_id]
        children = task._children
        direct = None
        if task_id in keep:
            kept[task_id] = task
            task._children = []
            above = parent or ancestor
            if above is not None:
                task._parent = above.id
                above._children.append(task_id)
            direct = task
            if not task.task_spec.is_boundary_split:
                ancestor = task
        for child in reversed(children):
            stack.append((child, direct, ancestor))
    return kept
