"""The demonstration's stand-in for ThaID: a page on which one chooses which invented person to be.

A code is the sealed choice with its nonce, good for two minutes. There is none of it outside of a demonstration, nor
where THAID_ISSUER is set.
"""

from __future__ import annotations

import base64
import json
from urllib.parse import urlencode

from app.adapters.thaid import Identity, ThaidRefused
from workflows.clock import real_now
from workflows.rules import citizen_id
from workflows.sealing import Keyring, SealBroken

_PLACE, _GOOD_FOR, _IAL = "thaid.demo", 120, "2.3"

NEWCOMERS = tuple(
    Identity(citizen_id.make("0", serial), title, first, last, _IAL, "demo")
    for serial, title, first, last in (
        (7001, "นางสาว", "ปราณี", "ตัวอย่าง"),
        (7002, "นาย", "ธีรเดช", "ตัวอย่าง"),
        (7003, "นาง", "สมหญิง", "สาธิต"),
    )
)
"""Invented people without an account, who may register themselves or answer for a patient."""


class DemoThaid:
    """The provider of a demonstration."""

    issuer = "demo"

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def address(self, state: str, nonce: str, verifier: str, back: str) -> str:
        """The page on which one chooses whom to be."""
        return f"/demo/thaid?{urlencode({'state': state, 'nonce': nonce})}"

    def code(self, pid: str, title: str, first_name: str, last_name: str, nonce: str) -> str:
        """What the page sends back when somebody chose to be this person."""
        told = json.dumps([pid, title, first_name, last_name, nonce, real_now().timestamp()]).encode()
        return base64.urlsafe_b64encode(self._keyring.seal(_PLACE, told)).decode()

    def identity(self, code: str, nonce: str, verifier: str, back: str) -> Identity:
        """See ``app.adapters.thaid.Provider``."""
        try:
            *person, asked, at = json.loads(self._keyring.unseal(_PLACE, base64.urlsafe_b64decode(code)))
        except (SealBroken, ValueError):
            raise ThaidRefused("token") from None
        if asked != nonce or real_now().timestamp() - at > _GOOD_FOR:
            raise ThaidRefused("token")
        pid, title, first_name, last_name = map(str, person)
        return Identity(pid, title, first_name, last_name, _IAL, self.issuer)
