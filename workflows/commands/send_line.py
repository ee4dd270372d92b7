"""Send somebody a message in LINE."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from workflows.outgoing import write_messages
from workflows.ports import Message
from workflows.work import Work


@dataclass(frozen=True, slots=True)
class SendLine:
    """Queue a message that belongs to no case. A second one with the same ``key`` is not sent."""

    user_id: str
    text: str
    key: str
    quick: Sequence[dict[str, str]] = field(default_factory=tuple)

    def run(self, work: Work) -> None:
        payload: dict[str, Any] = {"to": self.user_id, "text": self.text}
        if self.quick:
            payload["quick"] = list(self.quick)
        write_messages(work, [Message("line", payload, key=self.key)], None)
