"""Note when a token was used, for the list of its keepers."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import update

from workflows.clock import real_now
from workflows.records import ApiToken
from workflows.work import Work


@dataclass(frozen=True, slots=True)
class NoteTokenUse:
    """The token was used now (real time)."""

    token_id: int

    def run(self, work: Work) -> None:
        work.write(update(ApiToken).where(ApiToken.id == self.token_id).values(last_used_at=real_now()))
