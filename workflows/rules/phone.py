"""Thai telephone numbers: ten digits for a mobile, nine for a fixed line, stored in E.164 form."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from workflows.errors import Text
from workflows.rules.thai_text import arabic_digits, normalise

_NOISE = re.compile(r"[\s\-.()]")
_MOBILE = re.compile(r"0[689][0-9]{8}")
_FIXED = re.compile(r"0[2-57][0-9]{7}")

NOT_A_MOBILE = Text(
    "เบอร์โทรศัพท์มือถือต้องเป็นตัวเลข 10 หลัก ขึ้นต้นด้วย 06 08 หรือ 09",
    "A mobile number has 10 digits and begins with 06, 08 or 09",
)
NOT_A_PHONE = Text(
    "หมายเลขโทรศัพท์ไม่ถูกต้อง มือถือมี 10 หลัก โทรศัพท์พื้นฐานมี 9 หลัก ขึ้นต้นด้วย 0",
    "This telephone number is not correct: a mobile has 10 digits, a fixed line 9, both begin with 0",
)


class Phone(NamedTuple):
    """A correct number. ``national`` is what people dial and read: 0812345678."""

    kind: Literal["mobile", "fixed"]
    national: str

    @property
    def e164(self) -> str:
        """The international form that is stored and sent to: +66812345678."""
        return "+66" + self.national[1:]


def parse(text: str) -> Phone | None:
    """Reads a number as people type it: spaces, dashes, Thai digits, +66 or 66 in front. None if it is none."""
    digits = _NOISE.sub("", arabic_digits(normalise(text)))
    for country in ("+66", "66"):
        if digits.startswith(country):
            digits = "0" + digits.removeprefix(country).removeprefix("0")
            break
    if _MOBILE.fullmatch(digits):
        return Phone("mobile", digits)
    return Phone("fixed", digits) if _FIXED.fullmatch(digits) else None


def parse_list(text: str) -> list[Phone] | None:
    """Several numbers with commas between them, the first required; None if any of them is no number."""
    phones = [parse(part) for part in text.split(",")]
    return [phone for phone in phones if phone] if all(phones) else None
