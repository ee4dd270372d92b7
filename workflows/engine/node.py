"""What every flow node of ours has in common: the few facts the engine asks a spec for."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any


class Node:
    """A flow node. The class attributes say how the engine treats its tasks."""

    kind = ""
    extensions: Mapping[str, Any] = MappingProxyType({})  # what the diagram's zeebe elements say, see extensions.py
    bpmn_id: str | None
    open_state = 0  # the task state in which the node counts as active; 0 if it never waits
    chooses_outputs = False  # the spec itself makes the tasks that follow
    looks_around = False  # a waiting task of this spec depends on the other tasks of its scope
    is_boundary_split = False
    is_boundary_event = False
    is_boundary_join = False
    is_event_subprocess = False
    starts_fresh = False  # its inner scope does not see the variables outside
    instance_spec: str | None = None  # the spec name of the instances of a multi-instance body

    def _on_ready(self, my_task: Any) -> None:
        self._on_ready_hook(my_task)  # type: ignore[attr-defined]
