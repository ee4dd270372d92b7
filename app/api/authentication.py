"""Who calls the API: HTTP Basic with a person's name and password, or a Bearer token. Cookies are never looked at.

Verifying a password takes a twentieth of a second on purpose. A verified pair is therefore remembered for some minutes,
in this process only, under a keyed digest of name, password and the stored hash: whoever changes the password makes the
memory worthless, and a suspended account is refused whatever is remembered.
"""

from __future__ import annotations

import time
from base64 import b64decode
from collections import OrderedDict
from datetime import timedelta
from threading import Lock
from types import SimpleNamespace
from typing import Any

from flask import current_app, g, request
from sqlalchemy import Connection

from app import passwords
from app.access import PUBLIC, RULES, SCOPES, act_as, product
from app.api import access_tokens
from app.api.body import storable
from app.errors import ScopeMissing
from app.rate import Limiter
from app.refusals import REFUSALS
from workflows.actor import Actor
from workflows.clock import real_now
from workflows.commands.count_attempt import CountAttempt
from workflows.commands.note_token_use import NoteTokenUse
from workflows.commands.note_use import NoteUse
from workflows.errors import NotAllowed, SignInRefused, Text, TooMany
from workflows.queries import actors, attempts
from workflows.rules import scopes
from workflows.rules.account_care import refusal

REMEMBERED = timedelta(minutes=5)
WINDOW, PER_ADDRESS, PER_NAME = timedelta(minutes=15), 20, 100
"""How many wrong passwords may be tried for one name: from one address, and from all together."""

NOTED_EVERY = timedelta(minutes=5)
"""How exactly the last use of a token is known."""

_NEW_PASSWORD = Text(
    "ต้องตั้งรหัสผ่านใหม่ก่อน กรุณาเข้าสู่ระบบทางหน้าเว็บ", "A new password must be set first: sign in on the web page"
)
_OTHER_SITE = Text("เรียกจากเว็บไซต์อื่นไม่ได้", "Another site may not call this in your name")


class VerifiedPasswords:
    """Digests of pairs that were verified lately; bounded, safe for threads."""

    def __init__(self, capacity: int = 10_000, lifetime: timedelta = REMEMBERED) -> None:
        self._until: OrderedDict[str, float] = OrderedDict()
        self._lock = Lock()
        self._capacity = capacity
        self._seconds = lifetime.total_seconds()

    def knows(self, digest: str) -> bool:
        """Whether the pair was verified within the lifetime."""
        with self._lock:
            return self._until.get(digest, 0.0) > time.monotonic()

    def keep(self, digest: str) -> None:
        """Remember a pair that was just verified."""
        with self._lock:
            self._until[digest] = time.monotonic() + self._seconds
            self._until.move_to_end(digest)
            while len(self._until) > self._capacity:
                self._until.popitem(last=False)


def authenticate() -> None:
    """Before each request of the API: find the caller, or answer 401."""
    if PUBLIC in RULES.get(request.endpoint or "", frozenset()):
        return
    if request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
        raise NotAllowed(_OTHER_SITE)  # a browser adds remembered credentials to requests of any site
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    match scheme.lower():
        case "basic":
            actor = _by_password(credentials.strip())
        case "bearer":
            actor = _by_token(credentials.strip(), SCOPES[request.endpoint or ""])
        case _:
            raise SignInRefused(
                Text(
                    "ต้องระบุตัวตนด้วย Authorization แบบ Basic หรือ Bearer",
                    "Say who you are: Authorization with Basic or Bearer",
                )
            )
    act_as(actor)


def _by_password(credentials: str) -> Actor:
    try:
        username, _, password = b64decode(credentials, validate=True).decode().partition(":")
    except ValueError:
        raise SignInRefused() from None
    if not storable(username) or len(username) > 256 or len(password) > 1000:
        raise SignInRefused()
    with product().runtime.reading() as db:
        found = actors.caller(db, username, demo=product().settings.demo)
    account, actor = found or (None, None)
    _verify(username, password, account["password_hash"] if account else None)
    reason = refusal(account, product().runtime.clock.now()) if account else None
    if reason is not None:
        raise SignInRefused(REFUSALS[reason].text)
    return _admitted((actor, SimpleNamespace(**account)) if account else None)


def _verify(username: str, password: str, stored: str | None) -> None:
    """Raise SignInRefused for a wrong password, TooMany when too many were wrong."""
    remembered: VerifiedPasswords = current_app.extensions["sitthi_passwords"]
    keyring, runtime = product().keyring, product().runtime
    digest = keyring.digest("verified-password", f"{username}\0{password}\0{stored}")
    if stored is not None and remembered.knows(digest):
        return
    address = keyring.digest("attempt", f"{username.lower()}\0{request.remote_addr}")
    name = keyring.digest("attempt", username.lower())
    limits = {f"api/address/{address}": PER_ADDRESS, f"api/name/{name}": PER_NAME}
    with runtime.reading() as db:
        wait = max(attempts.refused_for(db, key, limit, real_now()) for key, limit in limits.items())
    if wait:
        raise TooMany(retry_after=wait)
    if not passwords.matches(stored, password):
        for key, limit in limits.items():
            runtime.execute(CountAttempt(key, limit, WINDOW), Actor("visitor:"))
        raise SignInRefused()
    remembered.keep(digest)


def _by_token(secret: str, needed: str) -> Actor:
    """Whom a token acts for. Raises ScopeMissing when it is not for this route, TooMany when it calls too often."""
    now, wired = real_now(), product()
    exchanged = access_tokens.client_of(wired.keyring, secret, now)
    with wired.runtime.reading() as db:
        token = actors.client(db, exchanged.client, now) if exchanged else actors.bearer(db, secret, now)
        caller = _caller(db, token.account_id) if token is not None and not token.unit_code else None
    if token is None:
        raise SignInRefused(Text("โทเคนนี้ใช้ไม่ได้ หมดอายุ หรือถูกยกเลิกแล้ว", "The token is unknown, expired or revoked"))
    actor = token.program if token.unit_code else _admitted(caller)
    calls: Limiter = current_app.extensions["sitthi_token_calls"]
    if wait := calls.wait(str(token.id)):
        raise TooMany(retry_after=wait)
    if token.last_used_at is None or now - token.last_used_at > NOTED_EVERY:
        wired.runtime.execute(NoteTokenUse(token.id), actor)
    held = exchanged.scopes if exchanged and exchanged.scopes else token.scopes
    if not scopes.allows(held, needed):
        raise ScopeMissing(needed)
    g.scopes = held
    return actor


def _caller(db: Connection, account_id: int) -> tuple[Actor | None, Any]:
    """Who an account acts as (None if it may not act), and how it was used."""
    return _actor(db, account_id), actors.last_use(db, account_id)


def _actor(db: Connection, account_id: int) -> Actor | None:
    return actors.actor_of(db, account_id, demo=product().settings.demo)


def _admitted(caller: tuple[Actor | None, Any] | None) -> Actor:
    """The caller, unless the account may not act now; the use is noted once a day."""
    if caller is None:
        raise SignInRefused()
    actor, use = caller
    if actor is None or actor.account_id is None:
        raise SignInRefused()
    if use.must_change_password:
        raise NotAllowed(_NEW_PASSWORD)
    runtime = product().runtime
    if use.last_used_at is None or runtime.clock.now() - use.last_used_at > timedelta(days=1):
        runtime.execute(NoteUse(actor.account_id), actor)
    return actor
