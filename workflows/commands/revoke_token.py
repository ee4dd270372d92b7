"""Revoke a bearer token."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update

from workflows.chain import Event
from workflows.clock import real_now
from workflows.errors import NotFound
from workflows.records import ApiToken
from workflows.work import Work


@dataclass(frozen=True, slots=True)
class RevokeToken:
    """A token stops working at once: one that ``account_id`` made for themselves, or one of ``unit_code``'s systems,
    whoever made that. ``account_id`` is who revokes. Raises NotFound for any other."""

    account_id: int
    token_id: int
    unit_code: str = ""

    def run(self, work: Work) -> None:
        mine = ApiToken.account_id == self.account_id
        whose = ApiToken.unit_code == self.unit_code if self.unit_code else mine & (ApiToken.unit_code == "")
        this = (ApiToken.id == self.token_id, whose)
        if not work.db.execute(select(ApiToken.id).where(*this)).first():
            raise NotFound(token=self.token_id)
        work.write(update(ApiToken).where(*this, ApiToken.revoked_at.is_(None)).values(revoked_at=real_now()))
        told = {"token": self.token_id, **({"unit": self.unit_code} if self.unit_code else {})}
        work.record(self.account_id, Event("token.revoked", data=told))
