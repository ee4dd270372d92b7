"""The one-time code that proves a mobile number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows.errors import Text
from workflows.operators.notices import fill
from workflows.operators.registry import both, operator
from workflows.ports import BpmnError, Context, Message, Result
from workflows.rules import one_time_code


@operator(
    "otp.send",
    inputs={"mobile": "mobile number", "sends?": "how many codes were sent before, in this check"},
    outputs={"otp": "ref, digest, sent_at, expires_at, attempts, sends"},
    errors={"OTP_LIMIT": "the limit of codes for one check is reached"},
)
def send(inputs: Mapping[str, Any], context: Context) -> Result:
    """Send a six-digit code by SMS, with a reference. Only a keyed digest stays; an older code is void."""
    sends = int(inputs["sends"] or 0) + 1
    if sends > one_time_code.MOST_SENDS:
        text = Text(
            "ขอรหัส OTP ครบจำนวนครั้งแล้ว กรุณาตรวจเบอร์มือถือแล้วลองใหม่",
            "No more codes for this number; check the mobile number and try again",
        )
        raise BpmnError("OTP_LIMIT", text)
    fresh = one_time_code.draw(context.now, context.lookups.seal, sends)
    ref = fresh.state["ref"]
    text_ = fill(context.lookups.text("sms.otp"), {"code": fresh.code, "ref": ref})
    message = Message("sms", {"to": inputs["mobile"], "text": text_}, key=f"otp:{context.case_id}:{ref}:{sends}")
    return Result({"otp": fresh.state}, messages=(message,))


@operator(
    "otp.check",
    inputs={"otp": "what otp.send left", "otp_code?": "the code the person typed"},
    outputs={"mobile_verified_at": "when the number was proven (ISO, UTC)"},
    errors={"OTP_WRONG": "wrong, expired or used up; variables problem and otp (with one more attempt)"},
)
def check(inputs: Mapping[str, Any], context: Context) -> Mapping[str, Any]:
    """Compare the typed code with the digest. The form has done so too; here it counts, because the case decides."""
    otp = dict(inputs["otp"])
    wrong = one_time_code.problem(otp, str(inputs["otp_code"] or ""), context.now, context.lookups.seal)
    if wrong:
        raise BpmnError("OTP_WRONG", wrong, {"problem": both(wrong), "otp": {**otp, "attempts": otp["attempts"] + 1}})
    return {"mobile_verified_at": context.now.isoformat()}
