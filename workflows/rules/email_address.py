"""E-mail addresses: one form for comparing, and what is accepted."""

from __future__ import annotations

import re

from workflows.errors import Text
from workflows.rules.thai_text import normalise

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]")

NOT_AN_EMAIL = Text(
    "อีเมลไม่ถูกต้อง กรุณากรอกในรูปแบบ ชื่อ@หน่วยงาน.go.th ด้วยตัวอักษรภาษาอังกฤษ",
    "This e-mail address is not correct; write it as name@agency.go.th in Latin letters",
)


def clean(text: str) -> str:
    """The form that is stored and compared: no spaces around, lower case."""
    return normalise(text).strip().lower()


def problem(address: str) -> Text | None:
    """What is wrong with an address (at most 254 characters, 64 before the @); None if nothing is."""
    local, _, domain = address.rpartition("@")
    if len(address) > 254 or len(local) > 64 or not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        return NOT_AN_EMAIL
    return None
