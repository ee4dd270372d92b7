"""The register of changes: which function writes down what an operator wants changed.

A writer queues its statements in the transaction of the step that asked for it and gives the event to tell, if any.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from workflows.chain import Event
from workflows.work import Work

Writer = Callable[[Work, Any, Mapping[str, Any], dict[str, Any]], Event | None]
"""Gets the work, the case row, the change's values and the case columns to come, which it may set."""
WRITERS: dict[str, Writer] = {}


def writes(kind: str) -> Callable[[Writer], Writer]:
    """Register a function as what writes the changes of a kind. Each kind has one."""

    def register(writer: Writer) -> Writer:
        if kind in WRITERS:
            raise ValueError(f"changes of kind {kind} are written twice")
        WRITERS[kind] = writer
        return writer

    return register
