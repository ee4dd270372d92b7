"""Choose how grants reach a target system."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert, select, update

from workflows.chain import Event
from workflows.errors import NotAllowed, NotFound
from workflows.records import ProvisioningTarget, TargetSystem, token_place
from workflows.work import Work

REFERENCE = 2
"""The audit chain of reference data."""


@dataclass(frozen=True, slots=True)
class SetTarget:
    """The adapter of a system: ``kind`` manual, csv or scim, with an address for scim. ``token`` None keeps the one
    that is stored. For administrators. Raises NotAllowed, NotFound.

    What was granted before is not sent again; the next comparison finds what the target lacks.
    """

    system_code: str
    kind: str
    url: str = ""
    token: str | None = field(default=None, repr=False)

    def run(self, work: Work) -> None:
        if "admin" not in work.actor.roles:
            raise NotAllowed()
        if work.db.execute(select(TargetSystem.code).where(TargetSystem.code == self.system_code)).first() is None:
            raise NotFound(system=self.system_code)
        values: dict[str, Any] = {"kind": self.kind, "url": self.url}
        if self.token is not None:
            sealed = work.services.keyring.seal(token_place(self.system_code), self.token.encode())
            values["token_sealed"] = sealed if self.token else None
        values |= {"updated_at": work.now, "updated_by": work.actor.id}
        this = ProvisioningTarget.system_code == self.system_code
        known = work.db.execute(work.lock(select(ProvisioningTarget.system_code).where(this))).first()
        if known is None:
            work.write(insert(ProvisioningTarget), {"token_sealed": None, "system_code": self.system_code, **values})
        else:
            work.write(update(ProvisioningTarget).where(this).values(**values))
        data = {"system": self.system_code, "kind": self.kind, "url": self.url, "new_token": self.token is not None}
        work.record(REFERENCE, Event("target.set", data=data))
