"""Hashing passwords: Argon2id, a bounded number at a time so that a flood of sign-ins cannot eat the memory."""

from __future__ import annotations

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from workflows.rules.passwords import prepare

_hasher = PasswordHasher(time_cost=2, memory_cost=46 * 1024, parallelism=1)
_at_once = threading.BoundedSemaphore(2)
_DUMMY = _hasher.hash("no password is this one")


def hashed(password: str) -> str:
    """The hash to store."""
    with _at_once:
        return _hasher.hash(prepare(password))


def matches(stored: str | None, password: str) -> bool:
    """Whether the password is right. Takes as long for an account that has none, or is unknown (None)."""
    with _at_once:
        try:
            right = _hasher.verify(stored or _DUMMY, prepare(password))
        except (VerifyMismatchError, InvalidHashError):
            return False
    return right and stored is not None
