"""Gateways where the way divides by conditions."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import ExclusiveGateway, InclusiveGateway

from workflows.engine.incidents import no_way_out
from workflows.engine.joins import InclusiveJoin
from workflows.engine.node import Node
from workflows.engine.tasks import EngineTask


class Choice(Node):
    """The outgoing flows of a gateway with their conditions; a flow without one is the default."""

    chooses_outputs = True
    cond_task_specs: list[tuple[Any, str]]
    _wf_spec: Any

    def take(self, my_task: Any, names: list[str]) -> None:
        """Put a token on each of these followers, or on the default; an incident if there is none."""
        names = names or [name for condition, name in self.cond_task_specs if condition is None][:1]
        if not names:
            raise no_way_out(my_task)
        for name in names:
            EngineTask(my_task.workflow, self._wf_spec.task_specs[name], my_task)

    def true_ways(self, my_task: Any, first_only: bool) -> list[str]:
        engine = my_task.workflow.script_engine
        names = []
        for condition, name in self.cond_task_specs:
            if condition is not None and engine.condition(my_task, condition.args[0]):
                names.append(name)
                if first_only:
                    break
        return names


class ExclusiveChoice(Choice, ExclusiveGateway):
    """An exclusive gateway: the first true condition, in the order of the diagram."""

    def _run_hook(self, my_task: Any) -> bool:
        self.take(my_task, self.true_ways(my_task, first_only=True))
        return True


class InclusiveChoice(Choice, InclusiveJoin, InclusiveGateway):
    """An inclusive gateway: waits for the tokens that can still come, then takes every true condition."""

    def _run_hook(self, my_task: Any) -> bool:
        self.take(my_task, self.true_ways(my_task, first_only=False))
        return True
