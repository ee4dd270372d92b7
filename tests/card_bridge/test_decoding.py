"""A zoo of cards: what is printed on each is what is read from it, and what cannot be read says why."""

from __future__ import annotations

import io
import random

import pytest
from PIL import Image

from card_bridge.card import Address, CardDate, Name, address, date, photo
from card_bridge.errors import MESSAGES, CardError
from card_bridge.reading import read_card
from tests.card_bridge.virtual_card import (
    OLD_ATR,
    VirtualCard,
    Wire,
    memory,
    picture,
    with_check_digit,
)

MUTATED = 10_000


def read(card: VirtualCard, *, with_photo: bool = False):
    return read_card(Wire(card), with_photo=with_photo)


def test_the_whole_card() -> None:
    found = read(VirtualCard(), with_photo=True)
    card = found.card
    assert card.citizen_id == with_check_digit("011017012345")
    assert card.thai_name == Name("นาย", "ทดสอบ", "", "ระบบบัตร")
    assert card.english_name == Name("Mr.", "Thodsob", "", "Rabobbat")
    assert (card.birth, card.sex) == (CardDate("25330412", 1990, 4, 12), "male")
    assert (card.issuer, card.request_number) == ("ท้องถิ่นเขตตัวอย่าง/กรุงเทพมหานคร", "1234-01-12345678")
    assert card.issued == CardDate("25660115", 2023, 1, 15)
    assert card.expires == CardDate("25750411", 2032, 4, 11)
    assert card.photo_number == "10011123456789"
    assert (card.address.house, card.address.moo, card.address.trok) == ("99/1", "2", "ทดสอบ")
    assert (card.address.soi, card.address.road) == ("ทดสอบ 3", "ทดสอบ")
    assert (card.address.tambon, card.address.amphoe) == ("ตัวอย่าง", "ตัวอย่าง")
    assert card.address.province == "กรุงเทพมหานคร"
    assert found.photo == picture()
    assert found.photo is not None
    Image.open(io.BytesIO(found.photo)).verify()


def test_the_photo_is_read_only_when_asked_for() -> None:
    card = VirtualCard()
    assert read(card).photo is None
    assert card.commands < 20


@pytest.mark.parametrize(
    "behaviour",
    [
        {"answers_at_once": True},
        {"wants_exact_length": True},
        {"atr": OLD_ATR},
        {"cells": memory({0x0000: "0002"})},
    ],
    ids=["9000 at once", "6Cxx", "3B67", "version 0002"],
)
def test_every_way_to_answer_gives_the_same_card(behaviour: dict) -> None:
    one, same = read(VirtualCard(), with_photo=True), read(VirtualCard(**behaviour), with_photo=True)
    assert (same.card.thai_name, same.card.address, same.photo) == (one.card.thai_name, one.card.address, one.photo)


def test_an_old_card_asked_in_the_new_way_says_no() -> None:
    """The control: without the rule for 3B67 the card would refuse."""
    card = VirtualCard(atr=OLD_ATR)
    wire = Wire(card)
    wire.atr = bytes.fromhex("3B79")
    with pytest.raises(CardError, match="card_unresponsive: 6A86"):
        read_card(wire)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("25330000", CardDate("25330000", 1990)),
        ("25330400", CardDate("25330400", 1990, 4)),
        ("25630229", CardDate("25630229", 2020, 2, 29)),
        ("25640229", CardDate("25640229", 2021, 2)),
        ("99999999", CardDate("99999999", lifelong=True)),
        ("        ", CardDate("")),
        ("00000000", CardDate("00000000")),
        ("19900412", CardDate("19900412")),
        ("2533O412", CardDate("2533O412")),
    ],
)
def test_dates_that_a_calendar_does_not_know(written: str, found: CardDate) -> None:
    assert date(written.encode()) == found
    assert read(VirtualCard(memory({0x00D9: written.encode(), 0x016F: written.encode()}))).card.expires == found


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("น.ส.#มานี#ใจงาม#ทดสอบ", Name("น.ส.", "มานี", "ใจงาม", "ทดสอบ")),
        ("นาง#มานี", Name("นาง", "มานี", "", "")),
        ("", Name("", "", "", "")),
        ("นาย#ก#ข#ค#ง#จ", Name("นาย", "ก", "ข", "ค")),
        ("นาย# สม  ชาย ##  ดี  ", Name("นาย", "สม ชาย", "", "ดี")),
    ],
)
def test_names_with_parts_missing(written: str, found: Name) -> None:
    cells = memory({0x0011: b" " * 100})
    assert read(VirtualCard(cells[:0x11] + written.encode("tis-620").ljust(100) + cells[0x75:])).card.thai_name == found


def test_bytes_that_are_no_tis_620_spoil_one_letter_only() -> None:
    name = "นาย#ส".encode("tis-620") + b"\xa0\xff" + "ม##ดี".encode("tis-620") + b" " * 100
    found = read(VirtualCard(memory({0x0011: name[:100]}))).card.thai_name
    assert (found.prefix, found.last) == ("นาย", "ดี")
    assert found.first.startswith("ส")
    assert found.first.endswith("ม")


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("1####ต.ก#อ.ข#จ.ค", None),
        ("1##ซอย 5##ถนนใหญ่#ตำบลก#อำเภอข#จังหวัดค", {"soi": "5", "road": "ใหญ่", "tambon": "ก", "province": "ค"}),
        ("1#หมู่ที่ 9##ซอยแก้ว##ตำบลก#อำเภอข#จังหวัดค", {"moo": "9", "soi": "แก้ว", "amphoe": "ข"}),
        ("1###ไม่มีคำ##ตำบลก#อำเภอข#จังหวัดค", {"soi": "ไม่มีคำ"}),
        ("ห้อง 5 อาคาร", None),
    ],
)
def test_addresses(written: str, found: dict | None) -> None:
    got = address(written.encode("tis-620"))
    assert got.raw == " ".join(written.replace("#", " ").split())
    if found is None:
        assert got == Address(got.raw)
    else:
        assert {name: getattr(got, name) for name in found} == found


def test_an_address_of_160_bytes_is_whole() -> None:
    road = "ก" * (160 - len("9###ถนน#ตำบลข#อำเภอค#จังหวัดง".encode("tis-620")) - 1)
    written = f"9####ถนน{road}#ตำบลข#อำเภอค#จังหวัดง"
    assert len(written) == 160
    found = read(VirtualCard(memory({0x1579: written}))).card.address
    assert (found.road, found.province) == (road, "ง")


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (picture() + b" " * 40, picture()),
        (picture() + b"\x20\xff\xd9\x00\x00", picture() + b"\x20\xff\xd9"),
        (b" " * 5118, None),
        (b"\xff\xd8 no end", None),
        (b"", None),
    ],
)
def test_photos(raw: bytes, found: bytes | None) -> None:
    assert photo(raw) == found


@pytest.mark.parametrize(
    ("card", "code"),
    [
        (VirtualCard(applications=()), "not_thai_id"),
        (VirtualCard(memory({0x0004: "0110170123450"})), "bad_data"),
        (VirtualCard(memory({0x0000: "9999", 0x0004: "ABCDEFGHIJKLM"})), "unsupported_card"),
        (VirtualCard(memory({0x0004: b" " * 13})), "bad_data"),
    ],
    ids=["another card", "wrong check digit", "unknown layout", "no number"],
)
def test_what_cannot_be_read_says_why(card: VirtualCard, code: str) -> None:
    with pytest.raises(CardError) as raised:
        read(card)
    assert raised.value.code == code
    assert raised.value.thai
    assert raised.value.english


def test_two_people_are_never_mixed() -> None:
    other = memory({0x0004: with_check_digit("099999999999"), 0x0011: "นาง#อื่น##คน"})
    whole = VirtualCard()
    read(whole, with_photo=True)
    outcomes = set()
    for at in range(whole.commands):
        card = VirtualCard(pulled_after=at, becomes=other)
        try:
            found = read(card, with_photo=True)
        except CardError as error:
            outcomes.add(error.code)
            continue
        names = {found.card.thai_name.first, found.card.citizen_id[:3]}
        assert names in ({"ทดสอบ", "011"}, {"อื่น", "099"}), f"mixed after {at} commands"
        outcomes.add("one person")
    assert {"card_removed", "one person"} <= outcomes <= {"card_removed", "one person", "bad_data"}


def test_pulled_at_every_command() -> None:
    whole = VirtualCard()
    read(whole, with_photo=True)
    for at in range(whole.commands):
        with pytest.raises(CardError, match="card_removed"):
            read(VirtualCard(pulled_after=at), with_photo=True)


class Nonsense(VirtualCard):
    """Answers as a broken card, reader or driver might."""

    def __init__(self, seed: int) -> None:
        super().__init__(answers_at_once=bool(seed % 2), atr=OLD_ATR if seed % 3 == 0 else memory()[:14])
        self._random = random.Random(seed)

    def command(self, sent: bytes) -> bytes:
        answer = super().command(sent)
        match self._random.randrange(12):
            case 0:
                return answer[: self._random.randrange(2, len(answer) + 1)]
            case 1:
                return answer[:-2] + self._random.randbytes(2)
            case 2:
                return self._random.randbytes(self._random.randrange(2, 300))
            case 3:
                return bytes([0x61, self._random.randrange(256)])
            case 4:
                return bytes([0x6C, self._random.randrange(256)])
            case 5:
                return self._random.randbytes(len(answer) - 2) + answer[-2:]
            case 6:
                return answer[:-2] * 2 + answer[-2:]
            case _:
                return answer


def test_ten_thousand_mutated_answers() -> None:
    outcomes: dict[str, int] = {}
    commands = seed = 0
    while commands < MUTATED:
        card = Nonsense(seed)
        try:
            read(card, with_photo=seed % 4 == 0)
            outcome = "read"
        except CardError as error:
            outcome = error.code
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
        commands += card.commands
        seed += 1
    assert outcomes.keys() <= {"read", *MESSAGES}
    assert {"read", "card_unresponsive", "bad_data"} <= outcomes.keys()
