"""Readings of cards, made by the real bridge: taken once, fresh, from an approved PC, for the session that asked."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from sqlalchemy import select, update

from card_bridge.bridge import Bridge
from card_bridge.keys import FileStore, load_or_make
from card_bridge.settings import Settings as BridgeSettings
from tests.card_bridge.virtual_card import PERSON, VirtualCard, Wire, picture
from tests.support.races import naive, race
from tests.support.world import World
from workflows.actor import Actor
from workflows.clock import real_now
from workflows.commands.accept_reading import AcceptReading, ReadingRefused
from workflows.commands.decide_card_bridge import DecideCardBridge
from workflows.commands.enrol_card_bridge import EnrolCardBridge
from workflows.commands.make_enrolment_code import MakeEnrolmentCode
from workflows.commands.request_reading import RequestReading
from workflows.errors import Conflict, NotAllowed, NotFound
from workflows.queries import readings
from workflows.records import CardBridge, EnrolmentCode, HistoryRow, Reading, ReadingRequest

SERVER = "https://sitthi.example"
DESK, SESSION = "frontdesk", "s" * 64
PC = Actor("system:card-bridge")


class Clinic:
    """A PC of unit 99003 with a bridge, and the desk in front of it."""

    def __init__(self, world: World, directory: Path, unit: str = "99003") -> None:
        self.world, self.reader = world, "Reader 1"
        store = FileStore(directory / f"key-{unit}")
        key = load_or_make(store)
        code = world.execute(MakeEnrolmentCode(unit), "admin")
        self.device, _ = world.execute(EnrolCardBridge(code, key.public, "PC 1"), PC)
        raw = serialization.Encoding.Raw, serialization.PublicFormat.Raw
        server_key = world.keyring.signer("card-challenge").public_key().public_bytes(*raw)
        settings = BridgeSettings(directory, server=SERVER, device_id=self.device, test_readers=True)
        self.bridge = Bridge(settings, load_or_make(store, self.device), server_key, open_card=self.open_card)

    def approve(self) -> Clinic:
        self.world.execute(DecideCardBridge(self.device, True), "admin")
        return self

    @contextmanager
    def open_card(self, _wanted: str) -> Iterator[tuple[Wire, str]]:
        yield Wire(VirtualCard()), self.reader

    def ask(self, who: str = DESK, session: str = SESSION) -> str:
        _, challenge = self.world.execute(RequestReading(session, "desk", SERVER, True), who)
        return challenge

    def read(self, **asked: Any) -> dict[str, Any]:
        return self.bridge.read_signed(self.ask(**asked), with_photo=True)

    def hand_in(self, reading: Any, who: str = DESK, session: str | None = SESSION, **more: Any) -> int:
        return self.world.execute(AcceptReading(reading, SERVER, session, **more), who)


@pytest.fixture
def clinic(world: World, tmp_path: Path) -> Clinic:
    return Clinic(world, tmp_path).approve()


def refused(clinic: Clinic, reading: Any, **how: Any) -> str:
    with pytest.raises(ReadingRefused) as raised:
        clinic.hand_in(reading, **how)
    with clinic.world.runtime.reading() as db:
        assert db.execute(select(Reading.id)).first() is None
    return str(raised.value.details["why"])


def test_a_reading_becomes_evidence(clinic: Clinic) -> None:
    world = clinic.world
    id_ = clinic.hand_in(clinic.read())
    with world.runtime.reading() as db:
        found = readings.reading(db, world.keyring, id_, world.actor(DESK))
        stored = db.execute(select(*Reading.__table__.c)).one()
        told = db.execute(select(HistoryRow.kind).where(HistoryRow.subject_id == id_)).scalars().all()
        assert readings.reading(db, world.keyring, id_, world.actor("head")) is None
    assert found is not None
    assert found["card"]["thai_name"]["first"] == "ทดสอบ"
    assert found["photo"] == picture()
    assert told == ["card.read"]
    assert PERSON[0x0004].encode() not in bytes(stored.card) + str(stored.envelope).encode()
    assert stored.pid_index == world.keyring.index("pid", PERSON[0x0004])
    world.check()


def test_once(clinic: Clinic) -> None:
    reading = clinic.read()
    clinic.hand_in(reading)
    with pytest.raises(ReadingRefused):
        clinic.hand_in(reading)


def test_handed_in_twice_at_once_counts_once(clinic: Clinic) -> None:
    world, reading = clinic.world, clinic.read()
    command = AcceptReading(reading, SERVER, SESSION)
    results = race([world.runtime], (command, world.actor(DESK)), (command, world.actor(DESK)))
    assert sorted(isinstance(result, ReadingRefused) for result in results) == [False, True]
    again = AcceptReading(clinic.read(), SERVER, SESSION)
    results = race([naive(world)], (again, world.actor(DESK)), (again, world.actor(DESK)))
    assert not any(isinstance(result, ReadingRefused) for result in results)  # the control takes it twice


def test_only_for_the_session_and_person_that_asked(clinic: Clinic) -> None:
    assert refused(clinic, clinic.read(), session="t" * 64) == "session"
    assert refused(clinic, clinic.read(), who="signatory") == "session"
    assert refused(clinic, clinic.read(who="head")) == "session"


def test_a_pc_of_another_unit_does_not_count(clinic: Clinic, tmp_path: Path) -> None:
    other = Clinic(clinic.world, tmp_path, "99001").approve()
    assert refused(clinic, other.bridge.read_signed(clinic.ask())) == "unit"


def test_fresh(clinic: Clinic) -> None:
    reading = clinic.read()
    with clinic.world.database.begin() as db:
        db.execute(update(ReadingRequest).values(expires_at=real_now() - timedelta(seconds=1)))
    assert refused(clinic, reading) == "late"


def test_not_before_approval_and_not_after_revocation(world: World, tmp_path: Path) -> None:
    clinic = Clinic(world, tmp_path)
    assert refused(clinic, clinic.read()) == "bridge"
    clinic.approve()
    world.execute(DecideCardBridge(clinic.device, False), "admin")
    assert refused(clinic, clinic.read()) == "bridge"
    with pytest.raises(Conflict):
        clinic.approve()
    with pytest.raises(NotFound):
        world.execute(DecideCardBridge("cb_x", True), "admin")


def test_numbers_must_grow(clinic: Clinic) -> None:
    reading = clinic.read()
    with clinic.world.database.begin() as db:
        db.execute(update(CardBridge).values(last_seq=reading["envelope"]["seq"]))
    assert refused(clinic, reading) == "seq"


def test_a_virtual_reader_counts_in_a_demonstration_only(clinic: Clinic) -> None:
    clinic.reader = "Virtual PCD 00 00"
    reading = clinic.read()
    assert refused(clinic, reading) == "reader"
    clinic.hand_in(reading, virtual=True)


@pytest.mark.parametrize(
    "change",
    [
        lambda r: r["card"].__setitem__("citizen_id", "0000000000001"),
        lambda r: r["card"]["thai_name"].__setitem__("last", "อื่น"),
        lambda r: r.__setitem__("photo", None),
        lambda r: r.__setitem__("photo", "////"),
        lambda r: r["envelope"].__setitem__("nonce", "another"),
        lambda r: r["envelope"].__setitem__("aud", "https://evil.example"),
        lambda r: r["envelope"].__setitem__("seq", 10**18),
        lambda r: r["envelope"].__setitem__("v", 2),
        lambda r: r.__setitem__("signature", "AAAA"),
        lambda r: r.__setitem__("signature", 7),
        lambda r: r.pop("card"),
        lambda r: r.__setitem__("card", []),
        lambda r: r.__setitem__("envelope", "x"),
    ],
)
def test_whatever_is_changed_afterwards_is_noticed(clinic: Clinic, change: Any) -> None:
    reading = clinic.read()
    changed = copy.deepcopy(reading)
    change(changed)
    refused(clinic, changed)
    clinic.hand_in(reading)


@pytest.mark.parametrize("nonsense", [None, [], "x", 5, {}, {"envelope": {}}, {"envelope": {"device_id": []}}])
def test_nonsense_is_refused(clinic: Clinic, nonsense: Any) -> None:
    assert refused(clinic, nonsense) == "bridge"


def test_a_code_enrols_one_pc_within_its_time(world: World, tmp_path: Path) -> None:
    key = load_or_make(FileStore(tmp_path / "a")).public
    code = world.execute(MakeEnrolmentCode("99003"), "admin")
    device, unit = world.execute(EnrolCardBridge(code.lower().replace("-", " "), key, "PC"), PC)
    assert (device[:3], unit) == ("cb_", "99003")
    other = load_or_make(FileStore(tmp_path / "b")).public
    for wrong in (code, "ABCD-EFGH-JKMN", ""):
        with pytest.raises(NotAllowed):
            world.execute(EnrolCardBridge(wrong, other, "PC"), PC)
    late = world.execute(MakeEnrolmentCode("99003"), "admin")
    with world.database.begin() as db:
        db.execute(update(EnrolmentCode).values(expires_at=real_now() - timedelta(seconds=1)))
    with pytest.raises(NotAllowed):
        world.execute(EnrolCardBridge(late, other, "PC"), PC)
    with pytest.raises(Conflict):  # the same key does not become two PCs
        world.execute(EnrolCardBridge(world.execute(MakeEnrolmentCode("99003"), "admin"), key, "PC"), PC)
    with pytest.raises(NotFound):
        world.execute(MakeEnrolmentCode("12345"), "admin")
    world.check()
