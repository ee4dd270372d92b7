"""Who may start a process that asks a decision first: its property ``start.decision`` names the decision.

The decision gets ``rules.oss.inputs`` and gives every condition that is not met, none if all are: {condition, problem,
problem_en, way_out, way_out_en}.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from workflows.actor import Actor
from workflows.clock import BANGKOK
from workflows.definition_store import DefinitionStore, Process
from workflows.errors import NotAllowed, Text
from workflows.feel import Environment
from workflows.register import Register
from workflows.rules import oss


class NotEligible(NotAllowed):
    """You cannot start this yet; every condition that is not met is named with its way out / ยังเริ่มเรื่องนี้ไม่ได้"""

    def __init__(self, failed: list[Mapping[str, Any]]) -> None:
        thai = " ".join(f"({n}) {each['problem']} → {each['way_out']}" for n, each in enumerate(failed, 1))
        english = " ".join(f"({n}) {each['problem_en']} → {each['way_out_en']}" for n, each in enumerate(failed, 1))
        text = Text(f"ยังเริ่มเรื่องนี้ไม่ได้: {thai}", f"You cannot start this yet: {english}")
        super().__init__(text, failed=failed)
        self.failed = failed


def failed_conditions(
    process: Process, actor: Actor, register: Register, definitions: DefinitionStore, now: datetime
) -> list[Mapping[str, Any]]:
    """Every condition of the process's ``start.decision`` that the actor does not meet; none where it has no such."""
    decision_id = process.definition.properties.get("start.decision")
    if not decision_id or actor.is_system:
        return []
    authority = register.authority(actor.id)
    chosen = oss.chosen_unit(authority)
    code = chosen["unit_code"] if chosen else str(authority["unit_code"] or "")
    facts = oss.facts(process.id, actor.id, authority, register.unit(code), register.standing(code))
    told = oss.inputs(facts)
    found = definitions.decide(decision_id, told, Environment(lambda: now.astimezone(BANGKOK))).output
    return list(found) if isinstance(found, list) else []
