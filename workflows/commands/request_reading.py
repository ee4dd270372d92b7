"""Ask for one card to be read."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, insert

from workflows.clock import real_now
from workflows.records import ReadingRequest, new_id
from workflows.rules import card_reading
from workflows.work import Work

LIFETIME = timedelta(seconds=90)


@dataclass(frozen=True, slots=True)
class RequestReading:
    """Let a bridge of the actor's unit read one card within 90 seconds, for this session and purpose only.

    ``audience`` is the server's origin. Gives (request id, permission for the bridge).
    """

    session_hash: str
    purpose: str
    audience: str
    with_photo: bool = False

    def run(self, work: Work) -> tuple[int, str]:
        nonce, id_, expires = secrets.token_urlsafe(32), new_id(), real_now() + LIFETIME
        key = work.services.keyring.signer("card-challenge")
        challenge = card_reading.permission(key, nonce=nonce, audience=self.audience, device_id=None, expires=expires)
        work.write(delete(ReadingRequest).where(ReadingRequest.expires_at < real_now() - timedelta(hours=1)))
        work.write(
            insert(ReadingRequest),
            {
                "id": id_,
                "nonce_hash": hashlib.sha256(nonce.encode()).hexdigest(),
                "challenge": challenge,
                "actor": work.actor.id,
                "session_hash": self.session_hash,
                "unit_code": work.actor.organisation,
                "purpose": self.purpose[:80],
                "with_photo": self.with_photo,
                "state": "waiting",
                "error": "",
                "expires_at": expires,
                "reading_id": None,
            },
        )
        return id_, challenge
