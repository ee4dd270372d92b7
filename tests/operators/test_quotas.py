"""Holding, using and giving back places of a quota, as the operators decide it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.operators.register import Register, context
from workflows.operators import table
from workflows.ports import BpmnError, Context

PLACE = {"unit_code": "99003", "profession": "nursing"}
MONTH = ("99003", "nursing", "2026-11")


def moment(total: int | None = 3, used: int = 0, **mine: Any) -> Context:
    register = Register.demo()
    if total is not None:
        register.quotas[MONTH] = {"month": "2026-11", "total": total, "held": 0, "used": used}
    if mine:
        register.holds["4711"] = {**PLACE, "month": "2026-11", "state": "held", **mine}
    return context(register)


def run(operator: str, at: Context, **given: Any) -> Any:
    return table()[operator](given, at)


def hold(at: Context, **given: Any) -> Any:
    return run("quota.hold", at, **{**PLACE, "day": "2026-11-05", **given})


def test_a_place_is_held_for_the_case_or_whoever_the_diagram_names() -> None:
    made = hold(moment())
    assert made.variables == {"quota_key": "4711", "quota_left": 2}
    assert [change.kind for change in made.changes] == ["quota.hold"]
    assert hold(moment(), key="booking/1").variables["quota_key"] == "booking/1"


def test_without_a_quota_there_is_no_limit() -> None:
    at = moment(total=None)
    assert hold(at).variables == {"quota_key": "4711", "quota_left": None}
    assert hold(at).changes == run("quota.use", at, claim_code="PP1").changes == run("quota.release", at).changes == ()


@pytest.mark.parametrize(("total", "used"), [(0, 0), (3, 3), (1, 3)])
def test_where_none_is_left_it_says_so_and_what_else_can_be_done(total: int, used: int) -> None:
    with pytest.raises(BpmnError) as refused:
        hold(moment(total, used))
    problem = refused.value.variables["problem"]
    assert refused.value.code == "QUOTA_EMPTY"
    assert "พฤศจิกายน 2569" in problem["th"]
    assert "ขอเพิ่มโควตา" in problem["th"]
    assert "การพยาบาล" in problem["th"]
    assert "November 2026" in problem["en"]


def test_holding_again_holds_once_and_another_profession_gives_the_first_back() -> None:
    full = moment(1, 1, state="held")  # its own place is the last one
    assert hold(full).changes == ()
    kinds = [change.kind for change in hold(moment(profession="pharmacy")).changes]
    assert kinds == ["quota.release", "quota.hold"]
    assert hold(moment(state="used")).changes == ()


def test_one_step_may_hold_use_and_give_back() -> None:
    at = moment()
    assert hold(at).changes
    assert [change.kind for change in run("quota.use", at, claim_code="PP1").changes] == ["quota.use"]
    assert run("quota.use", at, claim_code="PP1").changes == ()
    (change,) = run("quota.release", at).changes
    assert change.values["from"]["state"] == "used"
    assert run("quota.release", at).changes == ()
