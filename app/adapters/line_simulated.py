"""The demonstration's LINE: invented accounts that sign in by choosing one, and a channel secret of our own."""

from __future__ import annotations

import base64
import hmac
import json
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlencode

from app.adapters.line import REFUSED, LineRefused
from workflows.sealing import Keyring


class Simulated(NamedTuple):
    """An invented LINE account."""

    key: str
    user_id: str
    name: str


USERS = tuple(
    Simulated(f"user{number}", f"U{number:032x}", name)
    for number, name in enumerate(("ผู้ใช้จำลอง ก", "ผู้ใช้จำลอง ข", "ผู้ใช้จำลอง ค", "ผู้ใช้จำลอง ง"), 1)
)
BY_KEY = {user.key: user for user in USERS}
PAGE = "/demo/line/sign-in"


class SimulatedLogin:
    """The port ``LineLogin`` of a demonstration. Its codes are sealed, so that only its own page can make one."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def address(self, state: str, nonce: str, redirect_uri: str) -> str:
        return f"{PAGE}?{urlencode({'state': state, 'nonce': nonce})}"

    def code(self, user: Simulated, nonce: str) -> str:
        """What the sign-in page of LINE would send back."""
        told = json.dumps([user.user_id, nonce]).encode()
        return base64.urlsafe_b64encode(self._keyring.seal("line.simulated-code", told)).decode()

    def user(self, code: str, nonce: str, redirect_uri: str, now: datetime) -> str:
        try:
            told = self._keyring.unseal("line.simulated-code", base64.urlsafe_b64decode(code))
            user_id, for_nonce = json.loads(told)
        except Exception:
            raise LineRefused(REFUSED) from None
        if not hmac.compare_digest(str(for_nonce).encode(), nonce.encode()):
            raise LineRefused(REFUSED)
        return str(user_id)


def secret(keyring: Keyring) -> str:
    """The channel secret that the simulator signs with."""
    return keyring.digest("line-simulator", "channel secret")
