"""The decision tables of the access request say what the catalogue and the documents say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.demo.catalogue import ROLES
from app.demo.organisations import KINDS
from tests.operators.register import NOON
from workflows.decisions import parse_dmn
from workflows.engine import xml
from workflows.feel import Environment

FOLDER = Path(__file__).parents[2] / "bpmn"


def decide(name: str, **variables: Any) -> Any:
    model = parse_dmn(xml.parse((FOLDER / f"{name}.dmn").read_bytes()))
    return model.evaluate(name, variables, Environment(now=lambda: NOON)).output


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.code)
def test_the_table_of_eligible_roles_agrees_with_the_catalogue(role: Any) -> None:
    for kind in KINDS:
        found = decide("role_eligibility", role=role.code, unit_kind=kind)
        assert found["allowed"] is (kind in role.unit_kinds), (role.code, kind)
        assert found["allowed"] or (found["reason_th"] and found["reason_en"])


def test_a_role_nobody_knows_is_refused_with_a_reason() -> None:
    assert decide("role_eligibility", role="999", unit_kind="clinic")["reason_en"].startswith("There is no such role")


@pytest.mark.parametrize(
    ("unit_kind", "has_supervisor", "applicant_is_head", "levels"),
    [
        ("subdistrict_hospital", True, False, ["head", "supervisor", "region", "owners"]),
        ("subdistrict_hospital", True, True, ["supervisor", "region", "owners"]),
        ("community_hospital", False, False, ["head", "region", "owners"]),
        ("clinic", False, True, ["region", "owners"]),
        ("nhso_region", False, False, ["head", "owners"]),
    ],
)
def test_which_levels_a_request_passes(
    unit_kind: str, has_supervisor: bool, applicant_is_head: bool, levels: list[str]
) -> None:
    route = decide(
        "approval_route",
        region=7,
        unit_kind=unit_kind,
        form=1,
        has_supervisor=has_supervisor,
        applicant_is_head=applicant_is_head,
    )
    assert [level for level, wanted in route.items() if wanted] == levels


@pytest.mark.parametrize(("region", "days", "unit"), [(7, 15, "working"), (9, 10, "working"), (13, 3, "calendar")])
def test_how_long_a_region_has(region: int, days: int, unit: str) -> None:
    assert decide("sla_days", region=region, form=1) == {"days": days, "unit": unit}
