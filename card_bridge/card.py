"""What a Thai national ID card says, decoded.

Memory map and rules: several independent readers of real cards agree on every offset used here. What they disagree on
(religion, the signature, the laser code) is not read; nobody needs it.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any, Final, NamedTuple

from card_bridge.errors import CardError


class Field(NamedTuple):
    """A piece of the card's memory."""

    offset: int
    length: int


VERSION: Final = Field(0x0000, 4)
CITIZEN_ID: Final = Field(0x0004, 13)
THAI_NAME: Final = Field(0x0011, 100)
ENGLISH_NAME: Final = Field(0x0075, 100)
BIRTH: Final = Field(0x00D9, 8)
SEX: Final = Field(0x00E1, 1)
REQUEST_NUMBER: Final = Field(0x00E2, 20)
ISSUER: Final = Field(0x00F6, 100)
ISSUED: Final = Field(0x0167, 8)
EXPIRES: Final = Field(0x016F, 8)
PHOTO: Final = Field(0x017B, 5118)
ADDRESS: Final = Field(0x1579, 160)
PHOTO_NUMBER: Final = Field(0x1619, 14)

TEXT_BLOCKS: Final = (Field(0x0000, 0x0177), Field(0x1579, 0x1627 - 0x1579))
"""All text fields lie in these two pieces."""

_BUDDHIST_ERA = 543
_YEARS = range(2400, 2700)  # of the Buddhist era; anything else on a card is a mistake


@dataclass(frozen=True, slots=True)
class Name:
    prefix: str
    first: str
    middle: str
    last: str


@dataclass(frozen=True, slots=True)
class CardDate:
    """A date as the card knows it: month and day may be unknown (``00``), and so may all of it. Common era."""

    raw: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    lifelong: bool = False


@dataclass(frozen=True, slots=True)
class Address:
    """The registered address. Parts are empty where a card does not follow the usual order; ``raw`` is always whole."""

    raw: str
    house: str = ""
    moo: str = ""
    trok: str = ""
    soi: str = ""
    road: str = ""
    tambon: str = ""
    amphoe: str = ""
    province: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """One card's text. ``sex`` is male, female or empty."""

    version: str
    citizen_id: str
    thai_name: Name
    english_name: Name
    birth: CardDate
    sex: str
    request_number: str
    issuer: str
    issued: CardDate
    expires: CardDate
    address: Address
    photo_number: str

    def plain(self) -> dict[str, Any]:
        """As JSON values."""
        return asdict(self)


def decode(first: bytes, second: bytes) -> Card:
    """A card from its two text blocks. Raises CardError: unsupported_card for an unknown layout whose number does not
    add up, bad_data for a known one whose number does not."""

    def field(where: Field) -> bytes:
        block, start = (first, TEXT_BLOCKS[0]) if where.offset < TEXT_BLOCKS[1].offset else (second, TEXT_BLOCKS[1])
        at = where.offset - start.offset
        return block[at : at + where.length]

    version, citizen_id = text(field(VERSION)), text(field(CITIZEN_ID))
    if not number_adds_up(citizen_id):
        raise CardError("bad_data" if version == "0003" else "unsupported_card", f"version {version!r:.12}")
    return Card(
        version=version,
        citizen_id=citizen_id,
        thai_name=name(field(THAI_NAME)),
        english_name=name(field(ENGLISH_NAME)),
        birth=date(field(BIRTH)),
        sex={"1": "male", "2": "female"}.get(text(field(SEX)), ""),
        request_number=text(field(REQUEST_NUMBER)),
        issuer=text(field(ISSUER)),
        issued=date(field(ISSUED)),
        expires=date(field(EXPIRES)),
        address=address(field(ADDRESS)),
        photo_number=text(field(PHOTO_NUMBER)),
    )


def text(raw: bytes) -> str:
    """TIS-620 text without its padding. Bytes that are no TIS-620 become the replacement character: a name with one
    odd byte is still a name."""
    if not raw.strip(b" \0\xff"):
        return ""  # never written
    return raw.decode("tis-620", errors="replace").strip(" \0")


def name(raw: bytes) -> Name:
    """``prefix#first#middle#last``; missing parts are empty."""
    parts = [_single_spaces(part) for part in text(raw).split("#")]
    prefix, first, middle, last = (parts + [""] * 4)[:4]
    return Name(prefix, first, middle, last)


def date(raw: bytes) -> CardDate:
    """``YYYYMMDD`` of the Buddhist era; ``99999999`` is lifelong, ``00`` and blanks are unknown."""
    written = text(raw)
    if written == "99999999":
        return CardDate(written, lifelong=True)
    if not re.fullmatch(r"[0-9]{8}", written) or int(written[:4]) not in _YEARS:
        return CardDate(written)
    year, month, day = int(written[:4]) - _BUDDHIST_ERA, int(written[4:6]), int(written[6:])
    if not 1 <= month <= 12:
        return CardDate(written, year)
    if not 1 <= day <= _days(year, month):
        return CardDate(written, year, month)
    return CardDate(written, year, month, day)


def _days(year: int, month: int) -> int:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if month == 2 and leap else (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]


_PREFIXES: Final = {"moo": "หมู่ที่", "trok": "ตรอก", "soi": "ซอย", "road": "ถนน"}
_PLACES: Final = {"tambon": ("ตำบล", "แขวง"), "amphoe": ("อำเภอ", "เขต"), "province": ("จังหวัด",)}


def address(raw: bytes) -> Address:
    """Eight parts by position. Lane, soi and road are told apart by their Thai word, because cards differ in order."""
    written = text(raw)
    parts = [_single_spaces(part) for part in written.split("#")]
    whole = _single_spaces(written.replace("#", " "))
    if len(parts) != 8:
        return Address(whole)
    found = {"house": parts[0]}
    unclear = []
    for usual, part in zip(("moo", "trok", "soi", "road"), parts[1:5], strict=True):
        meant = next((key for key, word in _PREFIXES.items() if part.startswith(word)), None)
        if meant is not None and meant not in found:
            found[meant] = part.removeprefix(_PREFIXES[meant]).strip()
        elif part:
            unclear.append((usual, part))
    for usual, part in unclear:
        found.setdefault(usual, part)
    for key, part in zip(("tambon", "amphoe", "province"), parts[5:], strict=True):
        prefix = next((word for word in _PLACES[key] if part.startswith(word)), "")
        found[key] = part.removeprefix(prefix).strip()
    return Address(whole, **found)


def _single_spaces(written: str) -> str:
    return " ".join(written.split())


def photo(raw: bytes) -> bytes | None:
    """The JPEG of the photo area: from its beginning to its last end marker. None if there is no picture."""
    end = raw.rfind(b"\xff\xd9")
    if not raw.startswith(b"\xff\xd8") or end < 0:
        return None
    return raw[: end + 2]


def number_adds_up(citizen_id: str) -> bool:
    """Whether the thirteenth digit is the check digit of the first twelve."""
    if not re.fullmatch(r"[0-9]{13}", citizen_id):
        return False
    total = sum(int(digit) * (13 - at) for at, digit in enumerate(citizen_id[:12]))
    return (11 - total % 11) % 10 == int(citizen_id[12])
