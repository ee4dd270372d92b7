"""The interpreter of diagrams: bytes in, ``Outcome`` out. The only place that knows SpiffWorkflow.

``load`` parses a bundle once into an immutable ``Definition``; an ``Interpreter`` starts cases on it, pushes them from
wait to wait, and turns them into sealed snapshots of about a kilobyte and back. ``gate`` inspects what is uploaded.
"""

from workflows.engine.definition import Definition, calls, load, start_form
from workflows.engine.interpreter import Interpreter, Live
from workflows.engine.outcome import Job, OpenTask, Outcome, Step, Subscription
from workflows.engine.snapshot import SnapshotKeys

__all__ = [
    "Definition",
    "Interpreter",
    "Job",
    "Live",
    "OpenTask",
    "Outcome",
    "SnapshotKeys",
    "Step",
    "Subscription",
    "calls",
    "load",
    "start_form",
]
