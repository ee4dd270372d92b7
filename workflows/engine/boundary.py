"""An activity with boundary events: a split in front of it, a join that watches who ends first.

The library's join waits, counts and searches the tree; when a boundary flow leads back to its own activity it cancels
the next lap too. Here a join looks only at the split its own parent hangs at, decides at once and is done.
"""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin, BoundaryEventSplit

from workflows.engine.node import Node
from workflows.engine.tasks import COMPLETED, WAITING


class BoundarySplit(Node, BoundaryEventSplit):
    """Starts the activity and arms its boundary events."""

    is_boundary_split = True

    def _run_hook(self, _task: Any) -> bool:
        return True


class BoundaryJoin(Node, BoundaryEventJoin):
    """Runs when the activity or one of its boundary events has completed, and ends what has lost."""

    is_boundary_join = True

    def _update_hook(self, my_task: Any) -> bool:
        finished = my_task.parent
        for task in finished.parent.children:
            if task is finished or task._state >= COMPLETED:
                continue
            if not task.task_spec.is_boundary_event:
                task.cancel()  # an interrupting event came before the activity ended
            elif task.task_spec.cancel_activity:
                task.cancel()
            elif task._state == WAITING:
                task.task_spec.disarm(task)
        my_task._set_state(COMPLETED)
        return False
