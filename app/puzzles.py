"""Puzzles for browsers of strangers: issued and checked without keeping anything, but a mark that one was used."""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta

from app.access import current_actor, product
from workflows.clock import real_now
from workflows.commands.count_attempt import CountAttempt
from workflows.errors import Text, TooMany
from workflows.rules.puzzle import is_solved

LIFETIME = timedelta(minutes=10)

STALE = Text(
    "หน้านี้เปิดไว้นานเกินไปหรือใช้ไปแล้ว กดตรวจสอบอีกครั้ง",
    "This page was open for too long or was used already; press the button again",
)


def issue() -> str:
    """A fresh puzzle, good for ten minutes of real time: ``until.bits.random.mac``."""
    until = int((real_now() + LIFETIME).timestamp())
    body = f"{until}.{product().settings.puzzle_bits}.{secrets.token_hex(12)}"
    return f"{body}.{_mac(body)}"


def problem(puzzle: str, about: str, nonce: str) -> Text | None:
    """What is wrong with a solution; None if it is right, which uses the puzzle up."""
    body, _, mac = puzzle.rpartition(".")
    if not body.isascii() or not mac.isascii() or not hmac.compare_digest(mac, _mac(body)):
        return STALE
    until, bits, _random = body.split(".")
    if real_now().timestamp() > int(until) or not is_solved(puzzle, about, nonce, int(bits)):
        return STALE
    try:
        used = f"puzzle/{product().keyring.digest('puzzle-used', puzzle)}"
        product().runtime.execute(CountAttempt(used, 1, LIFETIME), current_actor())
    except TooMany:
        return STALE
    return None


def _mac(body: str) -> str:
    return product().keyring.digest("puzzle", body)[:32]
