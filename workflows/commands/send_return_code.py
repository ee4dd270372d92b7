"""Send the one-time code that proves who uses a return link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from workflows.errors import NotFound
from workflows.operators.notices import fill
from workflows.ports import Message
from workflows.projection import write_messages
from workflows.records import OneTimeLink
from workflows.rules import one_time_code
from workflows.work import Work


@dataclass(frozen=True, slots=True)
class SendReturnCode:
    """Send a fresh code by SMS to the phone of the link's case; an older code is void."""

    link_hash: str

    def run(self, work: Work) -> None:
        statement = select(*OneTimeLink.__table__.c).where(OneTimeLink.token_hash == self.link_hash)
        link = work.db.execute(work.lock(statement)).first()
        if link is None or link.case_id is None:
            raise NotFound()
        case = work.case(link.case_id)
        definition = work.services.definitions.process(case.definition_key).definition
        live = work.services.interpreter.load(definition, bytes(case.snapshot), str(case.id).encode())
        mobile = self._phone(work, case, live.variables)
        sends = (link.code or {}).get("sends", 0) + 1
        fresh = one_time_code.draw(work.now, work.register.seal, sends)
        work.write(update(OneTimeLink).where(OneTimeLink.token_hash == self.link_hash).values(code=fresh.state))
        text = fill(work.register.text("sms.otp"), {"code": fresh.code, "ref": fresh.state["ref"]})
        key = f"return-code/{self.link_hash[:32]}/{fresh.state['ref']}/{sends}"
        write_messages(work, [Message("sms", {"to": mobile, "text": text}, key)], case.id)

    @staticmethod
    def _phone(work: Work, case: Any, variables: Mapping[str, Any]) -> str:
        """The phone the case is followed by: the requester's, else the one of the account it is about."""
        account = variables.get("account")
        known = [variables.get("mobile"), account.get("mobile") if isinstance(account, dict) else None]
        phones = [str(phone) for phone in known if phone]
        index = work.services.keyring.index
        followed = (phone for phone in phones if case.phone_index and index("phone", phone) == bytes(case.phone_index))
        found = next(followed, phones[0] if phones else None)
        if found is None:
            raise NotFound(case=case.id)
        return found
