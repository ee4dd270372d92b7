"""Ask for target systems to be compared with the register."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from workflows.errors import NotAllowed
from workflows.outgoing import write_messages
from workflows.ports import Message
from workflows.records import ProvisioningTarget
from workflows.work import Work


@dataclass(frozen=True, slots=True)
class AskComparisons:
    """Leave a message for every system that can be asked what is there, or for one. ``at`` makes a repeated request
    count: each night asks once, each press of a button again. For the system itself, administrators and the owner of
    the system. Gives how many are asked.
    """

    day: date
    system_code: str | None = None
    at: str = ""

    def run(self, work: Work) -> int:
        if not work.actor.is_system and not work.actor.groups & {"admin", f"system_owner:{self.system_code}"}:
            raise NotAllowed()
        served = select(ProvisioningTarget.system_code).where(ProvisioningTarget.kind == "scim")
        if self.system_code is not None:
            served = served.where(ProvisioningTarget.system_code == self.system_code)
        day = self.day.isoformat()
        messages = [
            Message("provision.compare", {"system": system, "day": day}, key=f"compare/{system}/{day}/{self.at}")
            for system in work.db.execute(served.order_by(ProvisioningTarget.system_code)).scalars()
        ]
        write_messages(work, messages, None)
        return len(messages)
