"""Make a bearer token for a program."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import insert

from workflows.chain import Event
from workflows.clock import real_now
from workflows.errors import NotAllowed, NotFound
from workflows.records import ApiToken, new_id
from workflows.rules.scopes import FULL, OF_UNITS, SCOPES
from workflows.work import Work


@dataclass(frozen=True, slots=True)
class MakeToken:
    """Make a token that is shown once. With ``as_client`` it is the secret of new client credentials.

    With a ``unit_code`` it is of that unit's own system, and acts for no person. Gives (token id, client id or "",
    secret). Raises NotFound for a unit that is not there, NotAllowed for scopes that such a token cannot have.
    """

    account_id: int
    name: str
    lifetime: timedelta | None = timedelta(days=90)
    as_client: bool = False
    scopes: tuple[str, ...] = (FULL,)
    unit_code: str = ""

    def run(self, work: Work) -> tuple[int, str, str]:
        possible = OF_UNITS if self.unit_code else tuple(SCOPES)
        if not self.scopes or not set(self.scopes) <= set(possible):
            raise NotAllowed(scopes=self.scopes)
        if self.unit_code:
            unit = work.register.unit(self.unit_code)
            if unit is None or not unit["active"]:
                raise NotFound(unit=self.unit_code)
        secret = "st_" + secrets.token_urlsafe(32)
        client_id = "client-" + secrets.token_hex(8) if self.as_client else None
        now, id_ = real_now(), new_id()
        work.write(
            insert(ApiToken),
            {
                "id": id_,
                "token_hash": hashlib.sha256(secret.encode()).hexdigest(),
                "account_id": self.account_id,
                "name": self.name[:80],
                "unit_code": self.unit_code,
                "scopes": [scope for scope in possible if scope in self.scopes],
                "client_id": client_id,
                "created_at": now,
                "expires_at": now + self.lifetime if self.lifetime else None,
                "revoked_at": None,
                "last_used_at": None,
            },
        )
        told = {"token": id_, "unit": self.unit_code, "scopes": sorted(self.scopes)}
        work.record(self.account_id, Event("token.made", data=told))
        return id_, client_id or "", secret
