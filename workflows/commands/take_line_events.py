"""Take what the LINE platform tells, to be worked on afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workflows.outgoing import write_messages
from workflows.ports import Message
from workflows.work import Work


@dataclass(frozen=True, slots=True)
class TakeLineEvents:
    """Put events into the outbox, each once: the platform sends what it is not sure of again, with the same id."""

    events: Sequence[Mapping[str, Any]]

    def run(self, work: Work) -> int:
        """Gives how many there were, known ones included."""
        messages = [Message("line.event", event, key=f"line.event:{event['webhookEventId']}") for event in self.events]
        write_messages(work, messages, None)
        return len(messages)
