"""Delegates: whom the signatory of a unit lets act for it in OSS."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows.errors import Text
from workflows.operators.notices import mail
from workflows.operators.registry import both, operator
from workflows.ports import BpmnError, Change, Context, Result
from workflows.rules.usernames import counts_as_dc

_UNFIT = Text(
    "บัญชีนี้เป็นผู้รับมอบอำนาจไม่ได้: ต้องเป็นบัญชีที่ใช้งานได้ สมัครเองในระบบ OSS ยืนยันตัวตนด้วย ThaID แล้ว และไม่ใช่บัญชี Data Center เดิม "
    "ให้ผู้รับมอบอำนาจสมัครบัญชี OSS ด้วย ThaID ก่อน แล้วใช้ชื่อผู้ใช้ที่ขึ้นต้นด้วย S",
    "This account cannot be a delegate: it must be active, made by its holder in OSS, verified with ThaID and no old "
    "Data Center account; let them register in OSS with ThaID first, and give the user name that begins with S",
)
_THERE = Text("บัญชีนี้ทำการแทนหน่วยบริการนี้ได้อยู่แล้ว", "This account acts for the unit already")
_NOT_THERE = Text("บัญชีนี้ไม่ได้เป็นผู้รับมอบอำนาจของหน่วยบริการนี้", "This account is no delegate of the unit")


@operator(
    "delegate.check",
    inputs={
        "unit": "the unit as oss.open gives it",
        "username": "user name of the delegate",
        "act": "appoint or end",
    },
    outputs={"delegate": "username, name, email, position and unit_code of the account"},
    errors={"DELEGATE_UNFIT": "the account cannot be appointed, or is no delegate; variable problem says why"},
)
def check(inputs: Mapping[str, Any], context: Context) -> Mapping[str, Any]:
    """Whether an account may act for the unit as delegate, by the same conditions that OSS has for everybody."""
    username, code = str(inputs["username"]).strip(), inputs["unit"]["code"]
    account = next(iter(context.lookups.accounts_of(username=username)), None)
    authority = context.lookups.authority(username)
    held = {each["role"] for each in authority["units"] if each["unit_code"] == code}
    if inputs["act"] == "end":
        if account is None or "delegate" not in held:
            raise BpmnError("DELEGATE_UNFIT", _NOT_THERE, {"problem": both(_NOT_THERE)})
    else:
        verified = authority["self_registered_at"] is not None and authority["thaid_verified_at"] is not None
        if account is None or account["status"] != "active" or not verified or counts_as_dc(username):
            raise BpmnError("DELEGATE_UNFIT", _UNFIT, {"problem": both(_UNFIT)})
        if held:
            raise BpmnError("DELEGATE_UNFIT", _THERE, {"problem": both(_THERE)})
    name = f"{account['title']}{account['first_name']} {account['last_name']}"
    told = {key: account[key] for key in ("username", "email", "position", "unit_code")}
    return {"delegate": {**told, "name": name}}


@operator(
    "delegate.settle",
    inputs={
        "unit": "the unit as oss.open gives it",
        "delegate": "the account as delegate.check gives it",
        "act": "appoint or end",
        "case_number": "number of the case",
        "name": "the signatory who named them",
        "to?": "the signatory's e-mail address",
    },
)
def settle(inputs: Mapping[str, Any], context: Context) -> Result:
    """Let the delegate act for the unit from now on, or no more; both are told by mail."""
    unit, delegate, appointed = inputs["unit"], inputs["delegate"], inputs["act"] != "end"
    membership = {"username": delegate["username"], "role": "delegate", "scope": unit["code"], "wanted": appointed}
    values = {
        "case_number": inputs["case_number"],
        "name": inputs["name"],
        "delegate": delegate["name"],
        "unit_code": unit["code"],
        "unit_name": unit["name"],
    }
    text = "mail.delegate_appointed" if appointed else "mail.delegate_ended"
    addresses = dict.fromkeys(each for each in (delegate["email"], inputs["to"]) if each)
    messages = tuple(mail(text, str(to), values, context) for to in addresses)
    return Result(messages=messages, changes=(Change("membership.set", membership),))
