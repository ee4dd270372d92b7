"""Case numbers: ``69-000123-8`` = Buddhist year, running number, check digit (Damm).

The check digit catches every single wrong digit and every two neighbours swapped, so a number read over the telephone
is either right or known to be wrong. The running number has at least six digits and grows when a year needs more.
"""

from __future__ import annotations

import re
from datetime import date

from workflows.errors import Text
from workflows.rules.thai_text import arabic_digits, normalise

# H. Michael Damm's quasigroup of order 10 (dissertation, Marburg 2004)
_TABLE = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip
_WIDTH = 6
_WITH_DASHES = re.compile(r"([0-9]{2})-([0-9]{1,12})-([0-9])")
_ONLY_DIGITS = re.compile(r"([0-9]{2})([0-9]{6,12})([0-9])")
_DASHES = re.compile(r"\s*[-\u2010-\u2015\u2212/._\s]\s*")

NOT_A_CASE_NUMBER = Text(
    "เลขที่เรื่องไม่ถูกต้อง กรุณากรอกให้ครบตามที่ได้รับ เช่น 69-000123-8",
    "This case number is not correct; type all of it as you received it, e.g. 69-000123-8",
)


def make(on: date, running: int) -> str:
    """The case number of the running-th case of the Buddhist year of a Bangkok day."""
    if running < 1:
        raise ValueError("running numbers begin at 1")
    return _assemble(f"{(on.year + 543) % 100:02d}", running)


def series(on: date) -> str:
    """The series whose running number :func:`make` takes; it begins anew each Buddhist year."""
    return f"case:{on.year + 543}"


def parse(text: str) -> str | None:
    """A number as people type it (Thai digits, other dashes or none, missing zeros) in its one form; None if wrong."""
    plain = _DASHES.sub("-", arabic_digits(normalise(text)))
    found = _WITH_DASHES.fullmatch(plain) or _ONLY_DIGITS.fullmatch(plain.replace("-", ""))
    if not found or int(found[2]) < 1:
        return None
    number = _assemble(found[1], int(found[2]))
    return number if number[-1] == found[3] else None


def check_digit(digits: str) -> str:
    """The Damm check digit; over digits that end with their own check digit it is 0."""
    interim = 0
    for digit in digits:
        interim = int(_TABLE[interim][int(digit)])
    return str(interim)


def _assemble(year: str, running: int) -> str:
    digits = f"{running:0{_WIDTH}d}"
    return f"{year}-{digits}-{check_digit(year + digits)}"
