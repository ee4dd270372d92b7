"""The ladder of proofs in words: its methods, and what became of an attempt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from app.i18n import words
from workflows.rules.ladder import METHODS

RESULTS = {
    "proven": ("ok", _l("ยืนยันได้")),
    "failed": ("bad", _l("ไม่ผ่าน")),
    "no_answer": ("bad", _l("ไม่ตอบภายในเวลา")),
    "not_possible": ("skip", _l("ทำไม่ได้")),
}
"""How an attempt may end: its tone on the desk's screen, and in words."""


def method(code: str) -> str:
    """A way of proving an identity; as it stands if it is none that is known."""
    return words(METHODS.get(code, code))


def attempt(tried: Mapping[str, Any]) -> str:
    """One line of a history: what was tried, and how it ended."""
    _tone, result = RESULTS.get(tried.get("result", ""), ("", ""))
    name = method(tried.get("method", ""))
    return f"{name} – {result}" if result else name
