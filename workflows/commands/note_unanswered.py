"""Remember that a target system could not be compared with the register."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update

from workflows.errors import NotAllowed
from workflows.records import ProvisioningTarget
from workflows.work import Work


@dataclass(frozen=True, slots=True)
class NoteUnanswered:
    """Keep beside the last result why there is no newer one; the next comparison that succeeds forgets it. For the
    system itself."""

    system_code: str
    why: str

    def run(self, work: Work) -> None:
        if not work.actor.is_system:
            raise NotAllowed()
        this = ProvisioningTarget.system_code == self.system_code
        known = work.db.execute(work.lock(select(ProvisioningTarget.result).where(this))).first()
        if known is not None:
            result = {**(known.result or {}), "unanswered": self.why[:300]}
            work.write(update(ProvisioningTarget).where(this).values(result=result))
