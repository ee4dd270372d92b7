"""Give a requester without an account a way back to their request, whatever became of it."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import insert

from workflows.chain import Event
from workflows.errors import NotAllowed
from workflows.records import OneTimeLink
from workflows.work import Work

LIFETIME = timedelta(minutes=30)
VISITOR = "visitor:"


@dataclass(frozen=True, slots=True)
class OpenReturn:
    """Make a link as a returned request has one, for somebody who knows number and phone of the case. It opens nothing
    without the code that goes to that phone. Gives its token. Raises NotAllowed for the request of an account, whose
    holder signs in.
    """

    case_id: int

    def run(self, work: Work) -> str:
        case = work.case(self.case_id)
        if not case.requester.startswith(VISITOR):
            raise NotAllowed(case=self.case_id)
        token = secrets.token_urlsafe(32)
        row = {
            "token_hash": hashlib.sha256(token.encode()).hexdigest(),
            "purpose": "return",
            "account_id": None,
            "case_id": case.id,
            "expires_at": work.now + LIFETIME,
            "used_at": None,
        }
        work.write(insert(OneTimeLink), row)
        work.append(case.id, Event("requester.asked_back"))
        return token
