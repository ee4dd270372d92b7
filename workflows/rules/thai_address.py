"""The parts of a Thai address as registries and cards write it: house, moo, village, tambon, amphoe, province."""

from __future__ import annotations

import re
from typing import NamedTuple

from workflows.rules.thai_text import arabic_digits, normalise

_PLACES = {
    "moo": re.compile(r"(?:หมู่ที่|หมู่|ม\.)\s*([0-9]{1,3})(?![0-9])"),
    "village": re.compile(r"(?:หมู่บ้าน|บ้าน|บ\.)(?!เลขที่)\s*([^\s#,]+)"),
    "tambon": re.compile(r"(?:ตำบล|แขวง|ต\.)\s*([^\s#,]+)"),
    "amphoe": re.compile(r"(?:อำเภอ|เขต|อ\.)\s*([^\s#,]+)"),
    "province": re.compile(r"(?:จังหวัด|จ\.)\s*([^\s#,]+)"),
}


class Address(NamedTuple):
    """What was found; the rest is empty."""

    moo: str = ""
    village: str = ""
    tambon: str = ""
    amphoe: str = ""
    province: str = ""


def parts(text: str) -> Address:
    """Reads ``12 หมู่ 3 บ้านตัวอย่าง ต.ในเมือง อ.เมือง จ.ขอนแก่น`` and the ``12#หมู่ที่ 3####ตำบลในเมือง#…`` of a card."""
    plain = arabic_digits(normalise(text.replace("#", " # ")))
    found = {name: pattern.search(plain) for name, pattern in _PLACES.items()}
    return Address(**{name: hit[1] for name, hit in found.items() if hit})
