"""Keep what the rights registry answered, as evidence."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workflows.chain import Event
from workflows.records import RightsAnswer, new_id, table
from workflows.work import Work

_KEEP = table(RightsAnswer).insert()


@dataclass(frozen=True, slots=True)
class KeepRights:
    """Keep an answer of the registry about a person: for whoever asked (the actor), at which unit, when, from which
    registry. ``answer`` is None when the registry knows nobody of this number; that is kept, too.

    ``case_id`` ties it to a case from the start, ``asked_for`` names the person for whom a worker asked. Gives its id.
    """

    pid: str
    unit_code: str
    source: str
    answer: Mapping[str, Any] | None
    case_id: int | None = None
    asked_for: str = ""

    def run(self, work: Work) -> int:
        id_, keyring = new_id(), work.services.keyring
        pid_index = keyring.index("pid", self.pid)
        actor = self.asked_for or work.actor.id
        work.write(
            _KEEP,
            {
                "id": id_,
                "actor": actor,
                "unit_code": self.unit_code,
                "asked_at": work.now,
                "source": self.source,
                "pid_index": pid_index,
                "answer": keyring.seal(f"rights/{id_}", json.dumps(self.answer, ensure_ascii=False).encode()),
                "case_id": self.case_id,
            },
        )
        told = {"pid": pid_index.hex(), "unit": self.unit_code, "source": self.source, "by": actor}
        work.record(id_, Event("rights.looked_up", data=told), is_new=True)
        return id_
