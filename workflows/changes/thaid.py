"""Using up what ThaID confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import update

from workflows.chain import Event
from workflows.changes.registry import writes
from workflows.records import ThaidProof
from workflows.work import Work


@writes("thaid_proof.use")
def use_proof(work: Work, case: Any, given: Mapping[str, Any], values: dict[str, Any]) -> Event:
    """A confirmation counts for one case, once: who comes second is told to start again, and then finds none."""
    unused = update(ThaidProof).where(ThaidProof.id == given["id"], ThaidProof.used_at.is_(None))
    work.write(unused.values(used_at=work.now, used_case=case.id), expect=1)
    return Event("thaid.used", data={"proof": str(given["id"])})
