"""A hospital's own system has a card read by the bridge of its unit, and the reading is its evidence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from flask import Flask

from card_bridge.bridge import Bridge
from card_bridge.keys import FileStore, load_or_make
from card_bridge.settings import Settings as BridgeSettings
from tests.api.conftest import Caller
from tests.api.test_authentication import account_of, execute
from tests.card_bridge.virtual_card import VirtualCard, Wire
from workflows.actor import Actor
from workflows.commands.decide_card_bridge import DecideCardBridge
from workflows.commands.enrol_card_bridge import EnrolCardBridge
from workflows.commands.make_enrolment_code import MakeEnrolmentCode
from workflows.commands.make_token import MakeToken
from workflows.rules import scopes

PC = Actor("system:card-bridge")


def system(app: Flask, *held: str, unit: str = "99003") -> Caller:
    allowed = held or (scopes.AUTHENTICATIONS_WRITE,)
    command = MakeToken(account_of(app, "admin"), "HIS", scopes=allowed, unit_code=unit)
    return Caller(app, f"Bearer {execute(app, command)[2]}")


@pytest.fixture
def bridge(app: Flask, tmp_path: Path) -> Bridge:
    """An approved PC of unit 99003 with a card in its reader."""
    wired, store = app.extensions["sitthi"], FileStore(tmp_path / "key")
    code = execute(app, MakeEnrolmentCode("99003"))
    device, _ = wired.runtime.execute(EnrolCardBridge(code, load_or_make(store).public, "PC 1"), PC)
    execute(app, DecideCardBridge(device, True))
    raw = serialization.Encoding.Raw, serialization.PublicFormat.Raw
    server_key = wired.keyring.signer("card-challenge").public_key().public_bytes(*raw)
    settings = BridgeSettings(tmp_path, server="http://x", device_id=device, test_readers=True)

    @contextmanager
    def card(_wanted: str) -> Iterator[tuple[Wire, str]]:
        yield Wire(VirtualCard()), "Reader 1"

    return Bridge(settings, load_or_make(store, device), server_key, open_card=card)


def ask(his: Caller, **body: Any) -> Any:
    answer = his("POST", "/api/card-readings", body)
    assert answer.status_code == 201, answer.text
    return answer.json


def test_a_reading_is_asked_for_and_brought_once(app: Flask, bridge: Bridge) -> None:
    his, asked = system(app), None
    asked = ask(his, photo=True)
    here = f"/api/card-readings/{asked['id']}"
    assert his("GET", here).json == {
        "id": asked["id"],
        "state": "waiting",
        "reading_id": None,
        "pid": None,
        "has_photo": False,
        "error": None,
    }
    signed = bridge.read_signed(asked["challenge"], with_photo=True)
    other = system(app)
    for stranger in (other, system(app, unit="99002")):
        assert stranger("GET", here).status_code == 404
        assert stranger("POST", f"{here}/reading", {"reading": signed}).status_code == 404
    taken = his("POST", f"{here}/reading", {"reading": signed})
    assert taken.status_code == 200, taken.text
    assert taken.json is not None
    assert (taken.json["state"], taken.json["has_photo"]) == ("answered", True)
    assert taken.json["pid"].count("X") >= 8
    assert his("POST", f"{here}/reading", {"reading": signed}).status_code == 403, "once"
    body = {"pid": "0991000000020", "mobile": "0800000077", "profession": "nursing"}
    refused = his("POST", "/api/authentications", {**body, "reading_id": taken.json["reading_id"]})
    assert refused.status_code == 400
    assert set(refused.json["errors"]) == {"reading_id"}, "the card is somebody else's"  # type: ignore[index]


def test_a_token_for_looking_only_reads_no_card(app: Flask) -> None:
    his = system(app, scopes.AUTHENTICATIONS_READ)
    assert his("POST", "/api/card-readings", {}).status_code == 403
