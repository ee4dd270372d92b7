"""What may be shown of a personal detail to somebody who may not see all of it."""

from __future__ import annotations

import regex

from workflows.rules.thai_text import arabic_digits

_GRAPHEME = regex.compile(r"\X")
_DIGIT = "[0-9๐-๙]"
_PID = regex.compile(
    rf"(?<!{_DIGIT})(?:{_DIGIT}{{13}}|{_DIGIT}([- ]){_DIGIT}{{4}}\1{_DIGIT}{{5}}\1{_DIGIT}{{2}}\1{_DIGIT})(?!{_DIGIT})"
)
HIDDEN = "???"


def pid(number: str) -> str:
    """``0990000000017`` -> ``099XXXXXXXX17``; anything that is no 13-digit number shows nothing at all."""
    return f"{number[:3]}XXXXXXXX{number[-2:]}" if len(number) == 13 else "X" * len(number)


def in_text(text: str) -> str:
    """Free text with every 13-digit number masked, also in the groups of an ID card and in Thai digits: what officers
    write travels by mail."""
    return str(_PID.sub(lambda found: pid(arabic_digits(found[0]).replace("-", "").replace(" ", "")), text))


def name(text: str, keep: int = 2) -> str:
    """The first two letters as a reader sees them (never a consonant without its marks), then ``???``."""
    return "".join(_GRAPHEME.findall(text)[:keep]) + HIDDEN if text else ""


def full_name(first: str, last: str) -> str:
    """The first name as it is, the family name masked."""
    return f"{first} {name(last)}".strip()


def person(whole: str) -> str:
    """The same for a name that is kept whole, first name first."""
    first, _, last = whole.partition(" ")
    return full_name(first, last)


def phone(number: str) -> str:
    """``0812345678`` -> ``081XXXX678``; the same for +66 numbers."""
    digits = "0" + number[3:] if number.startswith("+66") else number
    return f"{digits[:3]}{'X' * (len(digits) - 6)}{digits[-3:]}" if len(digits) >= 9 else "X" * len(digits)


def email(address: str) -> str:
    """``manee.t@example.go.th`` -> ``ma???@example.go.th``."""
    local, at, domain = address.rpartition("@")
    return f"{local[:2] if len(local) > 2 else ''}{HIDDEN}@{domain}" if at else HIDDEN


def username(text: str) -> str:
    """A user name with its middle hidden: ``69XXXXXXXX001``."""
    return text[:2] + "X" * max(0, len(text) - 5) + text[-3:] if len(text) > 5 else "X" * len(text)


def claim_code(code: str) -> str:
    """``PP1234567890`` -> ``PPXXXXXXXX90``."""
    return code[:2] + "X" * (len(code) - 4) + code[-2:]
