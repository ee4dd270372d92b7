"""Where the catalogue and the decision table of eligible roles say different things."""

from __future__ import annotations

from sqlalchemy import Connection

from app.access import product
from app.registers.organisations import KIND_OPTIONS
from workflows import master_data
from workflows.clock import BANGKOK
from workflows.errors import SitthiError, Text
from workflows.feel import Environment
from workflows.queries.master_data import every

DECISION = "role_eligibility"


def disagreements(db: Connection) -> list[Text]:
    """One line for each role whose kinds of unit the table does not decide as the catalogue says. The table decides
    the regular channel only."""
    runtime = product().runtime
    environment = Environment(lambda: runtime.clock.now().astimezone(BANGKOK))
    found: list[Text] = []
    for role in every(db, master_data.ROLES):
        if not role["active"] or role["channel"] != "regular":
            continue
        only_table, only_catalogue = [], []
        for kind, words in KIND_OPTIONS:
            variables = {"role": role["code"], "unit_kind": kind}
            try:
                output = runtime.services.definitions.decide(DECISION, variables, environment).output
            except SitthiError as failed:
                return [failed.text]
            allowed = isinstance(output, dict) and output.get("allowed") is True
            if allowed and kind not in role["unit_kinds"]:
                only_table.append(words)
            elif not allowed and kind in role["unit_kinds"]:
                only_catalogue.append(words)
        name = f"{role['code']} {role['name']}"
        for kinds, thai, english in (
            (only_table, "ตารางอนุญาต แต่ทะเบียนไม่มี", "the table allows, the catalogue does not"),
            (only_catalogue, "ทะเบียนมี แต่ตารางไม่อนุญาต", "the catalogue allows, the table does not"),
        ):
            if kinds:
                th, en = ", ".join(each.th for each in kinds), ", ".join(each.en for each in kinds)
                found.append(Text(f"{name}: {thai} {th}", f"{name}: {english} {en}"))
    return found
