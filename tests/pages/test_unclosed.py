"""The list of claim codes that are still open, and closing from it."""

from __future__ import annotations

import re
from datetime import date

import pytest
from flask import Flask

from app import create_app
from tests.house.test_routes import signed_in
from tests.support.patients import DESK, PID, arrive
from tests.support.world import World


@pytest.fixture
def application(world: World) -> Flask:
    return create_app(wired=world.product)


def coded(world: World, **about: str) -> str:
    case_id = arrive(world, **about)
    world.do(DESK, "identify", case_id, method="photo", photo=[world.upload(DESK, "face.jpg")])
    world.do(DESK, "confirm", case_id, confirm=True)
    return str(world.variables(case_id)["claim_code"])


def test_open_codes_are_listed_and_closed_from_the_list(world: World, application: Flask) -> None:
    desk = signed_in(application, DESK)
    assert "ปิดสิทธิครบทุกรายการแล้ว" in desk.get("/authentications/unclosed").text
    old = coded(world)
    world.go_to(date(2026, 11, 4))
    new = coded(world, service_code="SA0010001")
    listed = desk.get("/authentications/unclosed").text
    assert listed.index(old) < listed.index(new)
    assert ("ค้าง 2 วัน" in listed, PID in listed) == (True, False)
    assert f'href="/authentications/{old}"' in listed
    assert desk.get(f"/authentications/{old}").status_code == 200
    task = re.search(r'href="(/work/\d+)">ปิดสิทธิ', listed)
    assert task is not None
    page = desk.get(task[1]).text
    assert old in page
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    answers = {"csrf_token": token[1], "claimable": "1,200.50", "not_claimable": "0", "visit_number": "VN-77"}
    assert desk.post(task[1], data={**answers, "claimable": "-1"}).status_code == 422
    assert desk.post(task[1], data=answers, follow_redirects=True).status_code == 200
    listed = desk.get("/authentications/unclosed").text
    assert (old in listed, new in listed) == (False, True)


def test_other_units_and_strangers_see_nothing(world: World, application: Flask) -> None:
    coded(world)
    assert signed_in(application, "requester").get("/authentications/unclosed").status_code == 403
    assert signed_in(application, DESK).get("/authentications/unclosed?after=2026-11-02.x").status_code == 200
