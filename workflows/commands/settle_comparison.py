"""Write down how the comparison of a target system with the register ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert, select, update

from workflows.chain import Event
from workflows.errors import NotAllowed, NotFound
from workflows.operators.other_cases import start_of_case, word_to_case
from workflows.outgoing import write_messages
from workflows.records import ProvisioningTarget, Role, TargetSystem
from workflows.rules.drift import Difference
from workflows.work import Work

REFERENCE = 2
"""The audit chain of reference data."""
PROCESS = "access_drift"
SUPERSEDED = "newer_comparison"
"""The message that ends a case whose list a newer comparison has replaced."""
MOST_LINES = 200


@dataclass(frozen=True, slots=True)
class SettleComparison:
    """Differences open one case for the owner of the system, one in a day; an open case of an earlier day ends, since
    its list is old. For the system itself, administrators and the owner of the system. Raises NotAllowed, NotFound.
    """

    system_code: str
    day: date
    found: Sequence[Difference]

    def run(self, work: Work) -> None:
        if not work.actor.is_system and not work.actor.groups & {"admin", f"system_owner:{self.system_code}"}:
            raise NotAllowed()
        name = work.db.execute(select(TargetSystem.name).where(TargetSystem.code == self.system_code)).scalar()
        if name is None:
            raise NotFound(system=self.system_code)
        this = ProvisioningTarget.system_code == self.system_code
        known = work.db.execute(work.lock(select(ProvisioningTarget.result).where(this))).first()
        before = known.result if known is not None else None
        comparison = f"{self.system_code}/{self.day.isoformat()}"
        result = {
            "day": self.day.isoformat(),
            "missing": sum(one.side == "missing" for one in self.found),
            "extra": sum(one.side == "extra" for one in self.found),
            "comparison": comparison,
        }
        self._store(work, known is not None, result)
        messages = []
        if before and before.get("comparison") not in (None, comparison):
            last = before["comparison"]
            messages.append(word_to_case(SUPERSEDED, last, {}, key=f"{SUPERSEDED}/{last}", lasts=timedelta()))
        if self.found:
            variables = {
                "comparison": comparison,
                "system": {"code": self.system_code, "name": name},
                "compared_on": result["day"],
                "total": len(self.found),
                "lines": self._lines(work),
            }
            messages.append(start_of_case(PROCESS, variables, key=f"{PROCESS}/{comparison}"))
        write_messages(work, messages, None)
        work.record(REFERENCE, Event("target.compared", data=result))

    def _store(self, work: Work, known: bool, result: dict[str, Any]) -> None:
        values: dict[str, Any] = {"checked_at": work.now, "result": result}
        if known:
            this = ProvisioningTarget.system_code == self.system_code
            work.write(update(ProvisioningTarget).where(this).values(**values))
            return
        row = {"system_code": self.system_code, "kind": "manual", "url": "", "token_sealed": None}
        stamp = {"updated_at": work.now, "updated_by": work.actor.id}
        work.write(insert(ProvisioningTarget), {**row, **stamp, **values})

    def _lines(self, work: Work) -> list[dict[str, str]]:
        names = select(Role.code, Role.name).where(Role.system_code == self.system_code)
        roles = {row.code: row.name for row in work.db.execute(names)}
        return [
            {
                "username": one.username,
                "role_code": one.role_code,
                "role": roles.get(one.role_code, ""),
                "side": one.side,
            }
            for one in self.found[:MOST_LINES]
        ]
