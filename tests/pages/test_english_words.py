"""Pages in English say what the diagrams say in English: processes, tasks, steps, stages, buttons, history."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient

from tests.support import patients
from tests.support.world import World

Enter = Callable[[str], FlaskClient]


def speaking(client: FlaskClient, language: str) -> FlaskClient:
    client.post("/language", data={"lang": language})
    return client


def test_what_can_be_started_is_named_in_both_languages(enter: Enter) -> None:
    client = enter("frontdesk")
    for language, name in (("th", "ยืนยันตัวตนผู้รับบริการ"), ("en", "Authenticate a patient")):
        page = speaking(client, language).get("/start").text
        assert f"<b>{name}</b>" in page
        assert f"<h1>{name}</h1>" in client.get("/start/patient_authentication").text


def test_a_case_its_task_and_its_button(world: World, enter: Enter) -> None:
    case = patients.arrive(world)
    world.do(
        "frontdesk",
        "identify",
        case,
        method="endorsed",
        endorser="guardian",
        relation="parent",
        reason="unconscious",
        proof="card",
        face_not_possible="device",
        line_not_possible="no_phone",
        endorser_reading_id=patients.card(world, patients.ENDORSER),
    )
    item = world.item("frontdesk", "confirm", case)
    client = enter("frontdesk")
    expected = {
        "th": ("ยืนยันการเข้ารับบริการ", "ออกรหัส", "มีผู้ยืนยันแทน – ยืนยันได้", "LINE สแกน QR ของหน่วย – ทำไม่ได้"),
        "en": ("Confirm the visit", "issue the code", "Somebody else confirms – ", "QR code – not possible"),
    }
    for language, (task, button, proven, tried) in expected.items():
        speaking(client, language)
        work, file = client.get(f"/work/{item['id']}").text, client.get(f"/cases/{case}").text
        assert f"<h1>{task}</h1>" in work
        assert button in work.partition("data-primary")[2][:200]
        assert task in file
        assert proven in file
        assert tried in file


def test_once_it_has_its_number_a_process_says_what_came_of_it(world: World, enter: Enter) -> None:
    case = patients.arrive(world)
    world.do("frontdesk", "identify", case, method="card", reading_id=patients.card(world, patients.PID))
    item = world.item("frontdesk", "confirm", case)
    client = enter("frontdesk")
    client.post(f"/work/{item['id']}", data={"_go": "next", "confirm": "true"})
    number = world.case(case)["number"]
    assert f"ออกรหัสเข้ารับบริการ {number} แล้ว" in client.get(f"/cases/{number}").text
    assert f"/front-desk/{case}/slip.pdf" in client.get(f"/cases/{number}").text
