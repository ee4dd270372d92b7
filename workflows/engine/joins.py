"""Gateways where tokens meet.

The library counts the join tasks it finds in the tree, earlier laps included, so its joins fire early in loops. Here
a waiting join is one task that keeps its own books: ``tokens`` counts the tokens per incoming neighbour.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import ParallelGateway

from workflows.engine.node import Node
from workflows.engine.tasks import CANCELLED, COMPLETED, WAITING, EngineTask


class TokenJoin(Node):
    """A gateway that may have several incoming flows. Subclasses say when it may fire."""

    name: str
    _inputs: list[str]
    _wf_spec: Any

    @cached_property
    def needed(self) -> Counter[str]:
        """How many tokens it takes from each neighbour: one per flow."""
        return Counter(self._inputs)

    def may_fire(self, my_task: Any, tokens: dict[str, int]) -> bool:
        raise NotImplementedError

    def _update_hook(self, my_task: Any) -> bool:
        if len(self._inputs) < 2:
            return True
        waiting = my_task.workflow.waiting_joins
        if my_task._state == WAITING:
            tokens = my_task.internal_data["tokens"]
        else:
            came_from = my_task.parent.task_spec.name
            other = next((t for t in waiting.values() if t.task_spec is self and t._state == WAITING), None)
            tokens = {} if other is None else other.internal_data["tokens"]
            tokens[came_from] = tokens.get(came_from, 0) + 1
            if other is not None:
                other._set_state(CANCELLED)
                del waiting[other.id]
        if not self.may_fire(my_task, tokens):
            self._wait(my_task, tokens)
            return False
        waiting.pop(my_task.id, None)
        left = {name: count - self.needed[name] for name, count in tokens.items() if count > self.needed[name]}
        if left:
            rest = EngineTask(my_task.workflow, self, my_task.parent)
            self._wait(rest, left)
        return True

    def _wait(self, my_task: Any, tokens: dict[str, int]) -> None:
        my_task.internal_data["tokens"] = tokens
        my_task._set_state(WAITING)
        my_task.workflow.waiting_joins[my_task.id] = my_task


class ParallelJoin(TokenJoin, ParallelGateway):
    """A parallel gateway: fires when a token has come over every incoming flow."""

    def may_fire(self, _task: Any, tokens: dict[str, int]) -> bool:
        return all(tokens.get(name, 0) >= count for name, count in self.needed.items())

    def _run_hook(self, _task: Any) -> bool:
        return True


class InclusiveJoin(TokenJoin):
    """The joining side of an inclusive gateway.

    Fires when every incoming flow has brought a token, or when no other live token of the scope can still get here
    (Camunda's rule for joining inclusive gateways).
    """

    looks_around = True

    @cached_property
    def upstream(self) -> frozenset[str]:
        """The names of all flow nodes from which the gateway can be reached without passing it."""
        found: set[str] = set()
        stack = list(self._inputs)
        while stack:
            name = stack.pop()
            if name not in found and name != self.name:
                found.add(name)
                stack.extend(self._wf_spec.task_specs[name]._inputs)
        return frozenset(found)

    def may_fire(self, my_task: Any, tokens: dict[str, int]) -> bool:
        if all(name in tokens for name in self.needed):
            return True
        return not any(
            task._state < COMPLETED for task in my_task.workflow.tasks.values() if task.task_spec.name in self.upstream
        )
