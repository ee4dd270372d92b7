"""Rounds over the interface: the same lines, rights and decisions as on their pages."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from flask import Flask

from app import create_app
from tests.support.rounds import CLOSES, FIRST, GRANTED, SECOND, approve, line, send
from tests.support.world import World, person


@pytest.fixture
def application(world: World) -> Flask:
    return create_app(wired=world.product)


def call(app: Flask, who: str, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    basic = base64.b64encode(f"{who}:sitthi-demo".encode()).decode()
    answer = app.test_client().open(path, method=method, json=body, headers={"Authorization": f"Basic {basic}"})
    return answer.status_code, answer.json


def test_lines_are_decided_one_by_one(world: World, application: Flask) -> None:
    world.run_rounds()
    first, second, third, late = (send(world, serial=serial) for serial in (1, 2, 3, 4))
    for case_id in (first, second, third):
        approve(world, case_id)
    numbers = {case_id: world.case(case_id)["number"] for case_id in (first, second, third, late)}
    status, found = call(application, "issuer", "GET", f"/api/rounds/{FIRST}")
    assert (status, found["lines"], found["cutoff"]) == (200, {"approved": 3, "waiting": 1}, "2026-11-10")
    assert [each["id"] for each in call(application, "issuer", "GET", "/api/rounds")[1]["items"]] == [FIRST]
    waiting = call(application, "issuer", "GET", f"/api/rounds/{FIRST}/lines?state=waiting")[1]["items"]
    assert [(each["case"], each["stage"]) for each in waiting] == [(numbers[late], "หัวหน้าหน่วยงาน")]
    assert person(4)["pid"] not in str(waiting)
    world.go_to(CLOSES[FIRST])
    world.run_rounds()
    path = f"/api/rounds/{FIRST}/lines"

    def decide(who: str, decision: str, cases: list[Any], reason: str = "") -> tuple[int, Any]:
        return call(application, who, "POST", path, {"decision": decision, "cases": cases, "reason": reason})

    assert decide("region", "confirm", [numbers[first]])[0] == 403
    assert decide("requester", "confirm", [numbers[first]])[0] == 403
    assert decide("issuer", "confirm", [numbers[first], "69-07-999999"])[0] == 404  # all or none
    status, problem = decide("issuer", "refuse", [numbers[second]])
    assert (status, set(problem["errors"])) == (400, {"reason"})
    assert decide("issuer", "confirm", [numbers[first]]) == (200, {"decided": 1, "round": None})
    assert decide("issuer", "confirm", [numbers[first]])[0] == 409
    assert decide("issuer", "refuse", [str(second)], "บัตรหมดอายุ")[0] == 200  # by its key
    assert decide("designer", "carry", [numbers[third]], "หน่วยขอเลื่อน") == (200, {"decided": 1, "round": SECOND})
    for wrong in ([], ["x"] * 501, "all", [1]):
        assert decide("issuer", "confirm", wrong)[0] == 400  # type: ignore[arg-type]
    assert decide("issuer", "approve", [numbers[first]])[0] == 400
    world.go_to(GRANTED[FIRST])
    world.run_rounds()
    assert [world.case(case_id)["outcome"] for case_id in (first, second, third)] == ["approved", "rejected", ""]
    assert line(world, third)[SECOND] == ("approved", "หน่วยขอเลื่อน")
    ended = call(application, "auditor", "GET", "/api/rounds?ended=true")[1]["items"]
    assert [(each["id"], each["state"], each["lines"]["effective"]) for each in ended] == [(FIRST, "issued", 1)]


def test_who_may_not_see_rounds(world: World, application: Flask) -> None:
    send(world)
    for path in ("/api/rounds", f"/api/rounds/{FIRST}", f"/api/rounds/{FIRST}/lines"):
        assert call(application, "requester", "GET", path)[0] == 403
        assert application.test_client().get(path).status_code == 401
    assert call(application, "issuer", "GET", "/api/rounds/nothing")[0] == 404
    assert call(application, "issuer", "GET", f"/api/rounds/{FIRST}/lines?state=gone")[0] == 400
    assert call(application, "issuer", "GET", f"/api/rounds/{FIRST}/lines?after=-1")[0] == 400
    mine = call(application, "region", "GET", f"/api/rounds/{FIRST}/lines")[1]["items"]
    assert len(mine) == 1
