"""Send the one-time code with which a browser without scripts may look a person up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from workflows.operators.notices import fill
from workflows.ports import Message
from workflows.projection import write_messages
from workflows.rules import one_time_code
from workflows.work import Work


@dataclass(frozen=True, slots=True)
class SendLookUpCode:
    """Send a code to the registered e-mail or mobile of the person's account; gives what checks it. For a person
    without an account one is drawn all the same, and nobody gets it."""

    pid: str
    by: str

    def run(self, work: Work) -> dict[str, Any]:
        fresh = one_time_code.draw(work.now, work.register.seal)
        values = {"code": fresh.code, "ref": fresh.state["ref"]}
        messages = []
        for account in work.register.accounts_of(pid=self.pid)[:1]:
            key = f"look-up/{account['id']}/{work.now.isoformat()}/{fresh.state['ref']}"
            if self.by == "email":
                subject, _, text = work.register.text("mail.lookup_code").partition("\n")
                payload = {"to": account["email"], "subject": subject.strip(), "text": fill(text.strip(), values)}
                messages.append(Message("mail", payload, key))
            elif account["mobile"]:
                text = fill(work.register.text("sms.otp"), values)
                messages.append(Message("sms", {"to": account["mobile"], "text": text}, key))
        write_messages(work, messages, None)
        return fresh.state
