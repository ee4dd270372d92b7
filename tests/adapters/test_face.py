"""The face app over HTTP: what it is asked, what is believed of its answers, and that each counts once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from app import create_app
from app.adapters import face
from config import BadSettings, Settings
from tests.commands import samples
from tests.support.stand_in import Asked, StandIn, standing_in
from tests.support.world import SECRET, World
from workflows.clock import real_now
from workflows.delivery import Captured
from workflows.sealing import Keyring

KEY = "a secret shared with the face app"
PID = "0991000000011"
QUESTION = {
    "face_ref": "ref-1",
    "pid": PID,
    "unit_code": "99003",
    "profession": "nursing",
    "expires_at": "2026-11-02T02:03:00+00:00",
}
SETTINGS = Settings(face_key=KEY, base_url="https://sitthi.example")
WAITS = samples.diagram(
    samples.START,
    samples.catch("wait", samples.event("message", "M")),
    samples.user("after", samples.TO_ISSUERS),
    samples.END,
    samples.flows("s>wait", "wait>after", "after>e"),
    process_id="waits_for_face",
    top=samples.message("M", "face_result", "=face_ref"),
)


@pytest.fixture
def there() -> Iterator[StandIn]:
    with standing_in(lambda _: (202, {"accepted": True})) as server:
        yield server


def ask(there: StandIn, **how: Any) -> None:
    face.asks(replace(SETTINGS, face_url=f"{there.url}/sessions"), Keyring(SECRET.encode()), **how)(QUESTION, "key-1")


def test_the_app_is_asked_with_a_signature(there: StandIn) -> None:
    ask(there)
    ask(there)
    first, second = there.asked
    said = json.loads(first.body)
    assert (first.method, first.path, said["session"], said["pid"]) == ("POST", "/sessions", "ref-1", PID)
    assert said["callback"] == "https://sitthi.example/api/face/callback"
    assert said["idempotency_key"] == "key-1"
    assert said["nonce"] != json.loads(second.body)["nonce"]
    now = datetime.fromtimestamp(int(first.headers["X-Face-Timestamp"]), tz=real_now().tzinfo)
    assert first.headers["X-Face-Signature"] == face.signed(KEY.encode(), face.ASK, first.body, now)["X-Face-Signature"]
    with pytest.raises(face.Unbelievable):  # a question sent back is no answer
        face.read(KEY.encode(), first.headers, first.body, now)


@pytest.mark.parametrize("status", [302, 401, 409, 500, 503])
def test_a_refusal_is_tried_again_by_the_outbox(there: StandIn, status: int) -> None:
    there.answer = lambda _: (status, {})
    with pytest.raises(OSError, match=str(status)):
        ask(there)


def test_silence_is_tried_again(there: StandIn) -> None:
    def hang_up(_: Asked) -> tuple[int, Any]:
        raise ConnectionError

    there.answer = hang_up
    with pytest.raises(OSError) as raised:
        ask(there, timeout=0.3)
    assert PID not in str(raised.value)


def test_without_an_app(tmp_path: Path) -> None:
    keyring = Keyring(SECRET.encode())
    with pytest.raises(Captured):
        face.asks(replace(SETTINGS, demo=True), keyring)(QUESTION, "k")
    with pytest.raises(LookupError):
        face.asks(SETTINGS, keyring)(QUESTION, "k")
    with pytest.raises(BadSettings):
        Settings.from_env({"SECRET_KEY": SECRET, "FACE_URL": "https://face.example", "FACE_KEY": "short"})


# -- what is believed ---------------------------------------------------------------------------------------------

SAID: dict[str, Any] = {
    "session": "ref-1",
    "transaction": "t-1",
    "result": "match",
    "score": 0.97,
    "at": "2026-11-02T09:00:00+07:00",
    "latitude": 16.44,
    "longitude": 102.83,
}


def believed(said: Any, key: str = KEY, **late: int) -> face.Answer:
    now = real_now()
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    return face.read(KEY.encode(), face.signed(key.encode(), face.ANSWER, body, now), body, now + timedelta(**late))


def test_a_signed_answer_is_believed() -> None:
    answer = believed(SAID)
    assert answer.variables() == {
        "face_result": {
            "matched": True,
            "at": SAID["at"],
            "latitude": 16.44,
            "longitude": 102.83,
            "transaction": "t-1",
            "reason": "",
            "score": 0.97,
        }
    }
    refused = believed({**SAID, "result": "no_match", "reason": "too dark"})
    assert (refused.matched, refused.reason) == (False, "too dark")


@pytest.mark.parametrize(
    "place",
    [
        {"latitude": 91, "longitude": 0},
        {"latitude": "16.4", "longitude": 102.8},
        {"latitude": True, "longitude": 1},
        {"latitude": 16.4, "longitude": None},
        {"latitude": float("nan"), "longitude": 1},
    ],
)
def test_half_a_position_or_a_wrong_one_is_none(place: dict[str, Any]) -> None:
    answer = believed({**SAID, **place})
    assert (answer.matched, answer.latitude, answer.longitude) == (True, None, None)


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"[]",
        b"nonsense",
        b"\xff\xfe",
        {**SAID, "result": "maybe"},
        {**SAID, "result": True},
        {**SAID, "session": 7},
        {name: SAID[name] for name in SAID if name != "transaction"},
        b"[" * 20_000,
    ],
)
def test_nonsense_is_not_believed_though_signed(said: Any) -> None:
    with pytest.raises(face.Unbelievable):
        believed(said)


def test_only_the_app_is_believed_and_only_now() -> None:
    with pytest.raises(face.Unbelievable):
        believed(SAID, key="another secret of thirty-two letters")
    for seconds in (301, -301):
        with pytest.raises(face.Unbelievable):
            believed(SAID, seconds=seconds)
    assert believed(SAID, seconds=299)
    body, now = json.dumps(SAID).encode(), real_now()
    headers = face.signed(KEY.encode(), face.ANSWER, body, now)
    for changed in (
        {},
        {**headers, "X-Face-Timestamp": str(int(now.timestamp()) + 1)},
        {**headers, "X-Face-Timestamp": "x"},
        {**headers, "X-Face-Signature": ""},
        {**headers, "X-Face-Signature": "é"},
    ):
        with pytest.raises(face.Unbelievable):
            face.read(KEY.encode(), changed, body, now)
    with pytest.raises(face.Unbelievable):
        face.read(KEY.encode(), headers, body.replace(b"0.97", b"0.98"), now)


# -- the callback -------------------------------------------------------------------------------------------------


@pytest.fixture
def app(world: World) -> FlaskClient:
    world.deploy(waits__bpmn=WAITS)
    return create_app(wired=world.product).test_client()


def call(app: FlaskClient, world: World, **changes: Any) -> int:
    body = json.dumps({**SAID, **changes}).encode()
    headers = face.signed(face.key_of(world.product.settings, world.keyring), face.ANSWER, body, real_now())
    return app.post("/api/face/callback", data=body, headers=headers, content_type="application/json").status_code


def test_the_answer_reaches_the_case_that_waits_once(app: FlaskClient, world: World) -> None:
    case = world.start("waits_for_face", "requester", face_ref="ref-1").case_id
    other = world.start("waits_for_face", "requester", face_ref="ref-2").case_id
    assert call(app, world) == 200
    assert world.variables(case)["face_result"]["matched"] is True
    assert "face_result" not in world.variables(other)
    assert call(app, world) == 409  # a replay
    assert call(app, world, transaction="t-2") == 404  # nobody waits any more
    assert call(app, world, session="ref-2", transaction="t-3", result="no_match") == 200
    assert world.variables(other)["face_result"]["matched"] is False
    world.check()


def test_an_unsigned_a_forged_and_a_long_answer(app: FlaskClient, world: World) -> None:
    case = world.start("waits_for_face", "requester", face_ref="ref-1").case_id
    body = json.dumps(SAID).encode()
    assert app.post("/api/face/callback", data=body).status_code == 403
    forged = face.signed(b"0" * 64, face.ANSWER, body, real_now())
    assert app.post("/api/face/callback", data=body, headers=forged).status_code == 403
    long = body + b" " * 9000
    headers = face.signed(face.key_of(world.product.settings, world.keyring), face.ANSWER, long, real_now())
    assert app.post("/api/face/callback", data=long, headers=headers).status_code == 413
    assert app.post("/api/face/callback").status_code == 403
    assert "face_result" not in world.variables(case)
