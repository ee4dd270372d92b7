"""Rights are looked up before a patient's case begins, outside any transaction, so that the case need not wait."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from app.access import product
from workflows.actor import Actor
from workflows.clock import bangkok_date
from workflows.commands.keep_rights import KeepRights
from workflows.definition_store import Process
from workflows.queries.authentications import own_units
from workflows.register import Register
from workflows.rules import citizen_id

log = logging.getLogger(__name__)


def with_rights(process: Process, answers: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
    """The answers with ``rights_answer``, where the process wants rights looked up first (its property
    ``start.looks_up`` is ``rights``) and the answers name a patient.

    A silent registry adds nothing: the case then asks by itself. Nor is anybody asked about for a unit that may not
    authenticate patients.
    """
    pid, units = str(answers.get("pid") or ""), own_units(actor)
    if process.definition.properties.get("start.looks_up") != "rights" or citizen_id.problem(pid):
        return dict(answers)
    unit_code = str(answers.get("unit_code") or (units[0] if units else ""))
    wired = product()
    with wired.runtime.reading() as db:
        standing = Register(db, wired.keyring, locked=False).standing(unit_code)
    if unit_code not in units or standing["registered_at"] is None or standing["reactivated_at"] is None:
        return dict(answers)
    try:
        found = wired.rights.look_up(pid, bangkok_date(wired.runtime.clock.now()))
    except OSError as silent:
        log.warning("the registry of rights is silent: %s", type(silent).__name__)
        return dict(answers)
    kept = wired.runtime.execute(KeepRights(pid, unit_code, wired.rights.source, found), actor)
    return {**answers, "rights_answer": str(kept)}
