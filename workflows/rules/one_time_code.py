"""One-time codes by SMS: a five-digit reference people compare, a six-digit code they type, good for five minutes.

The clear code exists only in the SMS. A case keeps a keyed digest of reference and code, so that a copy of the case
tells nobody the code, and the same code sent twice does not look the same.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from workflows.errors import Text

LIFETIME = timedelta(minutes=5)
MOST_ATTEMPTS = 5
MOST_SENDS = 5
RESEND_AFTER = timedelta(seconds=60)

WRONG = Text("รหัส OTP ไม่ถูกต้อง กรุณาตรวจรหัสอ้างอิงแล้วกรอกใหม่", "The code is wrong; compare the reference and type it again")
EXPIRED = Text("รหัส OTP หมดอายุแล้ว กรุณาขอรหัสใหม่", "The code has expired; ask for a new one")
USED_UP = Text("กรอกรหัส OTP ผิดหลายครั้ง กรุณาขอรหัสใหม่", "The code was typed wrongly too often; ask for a new one")

Seal = Callable[[str, str], str]


class Fresh(NamedTuple):
    """A code that was just drawn: ``state`` is what a case may keep, ``code`` is for the SMS only."""

    state: dict[str, Any]
    code: str


def draw(now: datetime, seal: Seal, sends: int = 1) -> Fresh:
    """Draw a reference and a code. ``seal(purpose, text)`` is the keyed digest; ``sends`` counts codes sent so far."""
    ref, code = f"{secrets.randbelow(10**5):05d}", f"{secrets.randbelow(10**6):06d}"
    state = {
        "ref": ref,
        "digest": _digest(seal, ref, code),
        "sent_at": now.isoformat(),
        "expires_at": (now + LIFETIME).isoformat(),
        "attempts": 0,
        "sends": sends,
    }
    return Fresh(state, code)


def problem(state: Mapping[str, Any] | None, code: str, now: datetime, seal: Seal) -> Text | None:
    """Why a typed code does not do, or None if it is right. Takes the same time for any wrong code."""
    if not state or int(state["attempts"]) >= MOST_ATTEMPTS:
        return USED_UP
    if now >= datetime.fromisoformat(state["expires_at"]):
        return EXPIRED
    return None if hmac.compare_digest(state["digest"], _digest(seal, state["ref"], code.strip())) else WRONG


def too_soon(state: Mapping[str, Any] | None, now: datetime) -> Text | None:
    """Why another code is not sent yet; None when enough time has passed since the last one."""
    if not state:
        return None
    wait = datetime.fromisoformat(state["sent_at"]) + RESEND_AFTER - now
    if wait <= timedelta():
        return None
    seconds = -(-wait // timedelta(seconds=1))
    return Text(f"ขอรหัสใหม่ได้ในอีก {seconds} วินาที", f"You can ask for a new code in {seconds} seconds")


def _digest(seal: Seal, ref: str, code: str) -> str:
    return seal("otp", f"{ref}:{code}")
