"""The 13-digit citizen ID (PID) and its check digit (modulo 11, Department of Provincial Administration).

The first digit tells the kind of person: 1-8 are in use, 0 belongs to persons without registration. This product's own
fictional people begin with 0 too, 9 is nobody's.
"""

from __future__ import annotations

import re

from workflows.errors import Text
from workflows.rules.thai_text import arabic_digits, normalise

LENGTH = 13
_SEPARATORS = re.compile(r"[\s\-.]")
_DIGITS = re.compile(r"[0-9]{13}", re.ASCII)

NOT_13_DIGITS = Text(
    "เลขประจำตัวประชาชนต้องเป็นตัวเลข 13 หลัก กรุณาตรวจสอบจำนวนหลัก",
    "A citizen ID has 13 digits; check how many were typed",
)
WRONG_FIRST_DIGIT = Text(
    "เลขประจำตัวประชาชนต้องขึ้นต้นด้วย 0 ถึง 8 กรุณาตรวจสอบหลักแรก",
    "A citizen ID begins with 0 to 8; check the first digit",
)
WRONG_CHECK_DIGIT = Text(
    "เลขประจำตัวประชาชนไม่ถูกต้อง (หลักสุดท้ายไม่ตรง) กรุณาตรวจสอบกับบัตรประชาชน",
    "This citizen ID is not correct (the last digit does not match); compare it with the card",
)


def clean(text: str) -> str:
    """Typed text without spaces, dashes and dots, Thai digits turned Arabic. Not yet checked."""
    return _SEPARATORS.sub("", arabic_digits(normalise(text)))


def check_digit(first_twelve: str) -> str:
    """The thirteenth digit for twelve digits."""
    total = sum(int(digit) * weight for digit, weight in zip(first_twelve, range(13, 1, -1), strict=True))
    return str((11 - total % 11) % 10)


def problem(pid: str) -> Text | None:
    """What is wrong with a cleaned citizen ID; None if nothing is."""
    if not _DIGITS.fullmatch(pid):
        return NOT_13_DIGITS
    if pid[0] == "9":
        return WRONG_FIRST_DIGIT
    if pid[-1] != check_digit(pid[:-1]):
        return WRONG_CHECK_DIGIT
    return None


def make(prefix: str, serial: int = 0) -> str:
    """A fictional citizen ID: a prefix beginning with 0, a serial number filling twelve digits, the check digit."""
    first_twelve = f"{prefix}{serial:0{max(0, 12 - len(prefix))}d}" if len(prefix) < 12 else prefix
    if not (first_twelve.isdecimal() and len(first_twelve) == 12 and first_twelve[0] == "0"):
        raise ValueError("a fictional citizen ID begins with 0 and its prefix and serial fill 12 digits")
    return first_twelve + check_digit(first_twelve)
