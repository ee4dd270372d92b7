"""Note that somebody looked a person up without signing in."""

from __future__ import annotations

from dataclasses import dataclass

from workflows.chain import Event
from workflows.work import Work


@dataclass(frozen=True, slots=True)
class NoteLookUp:
    """One event in the audit chain of the looked-up person, whom only the index of the citizen ID names; ``by`` says
    how: puzzle, or code. The same for a person nobody knows."""

    pid_index: bytes
    by: str

    def run(self, work: Work) -> None:
        event = Event("person.looked_up", data={"pid": self.pid_index.hex(), "by": self.by})
        work.record(subject_of(self.pid_index), event)


def subject_of(pid_index: bytes) -> int:
    """The audit subject of a person: positive, and of no case or account but by a chance of one in 2**63."""
    return int.from_bytes(pid_index[:8]) >> 1
