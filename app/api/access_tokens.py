"""Access tokens for client credentials: signed, for an hour, worthless once their client is revoked.

A token names its client (the row of the credentials), its end and its scopes; nothing is stored. Every use looks the
client up.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from workflows.sealing import Keyring

LIFETIME = timedelta(hours=1)
_PURPOSE = "access-token"


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What a token says: its client, and what it is for (nothing: all that the client is for)."""

    client: int
    scopes: tuple[str, ...]


def issue(keyring: Keyring, client: int, now: datetime, scopes: Iterable[str] = ()) -> str:
    """A token for the client with this row id, good for an hour of real time."""
    claim = f"at.{client}.{int((now + LIFETIME).timestamp())}.{'+'.join(scopes)}"
    return f"{claim}.{keyring.digest(_PURPOSE, claim)}"


def client_of(keyring: Keyring, token: str, now: datetime) -> Exchanged | None:
    """What a token says that is ours and has not expired; None for anything else."""
    claim, _, mark = token.rpartition(".")
    if not mark.isascii() or not hmac.compare_digest(mark, keyring.digest(_PURPOSE, claim)):
        return None
    _, client, ends, scopes = claim.split(".")
    if now.timestamp() >= int(ends):
        return None
    return Exchanged(int(client), tuple(scopes.split("+")) if scopes else ())
