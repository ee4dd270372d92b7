"""Forms count working days with the calendar of whoever shows them."""

from __future__ import annotations

from datetime import date
from typing import Any

from forms.builder import from_json
from tests.forms.conftest import NOW, world
from workflows.feel import Environment
from workflows.rules.working_days import Calendar

CONDITION = '=working days between("2026-11-23", due) >= 15'
FIELD: dict[str, Any] = {"type": "textfield", "key": "reason", "label": "เหตุผล", "conditional": {"hide": CONDITION}}


def test_a_condition_counts_working_days() -> None:
    environment = Environment(lambda: NOW, working_days=Calendar([], date(2026, 1, 1), date(2027, 12, 31)))
    parts = world() | {"env": environment}
    for due, answers in (("2026-12-11", {"reason": "ด่วน"}), ("2026-12-14", {})):
        form = from_json({"components": [FIELD]}, {"due": due}, {"reason": "ด่วน"}, **parts)
        assert form.validate()
        assert form.answers == answers
