"""Proving that one holds an account without signing in: a code to what the register knows of its holder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows.errors import Text
from workflows.operators.notices import fill, mail
from workflows.operators.registry import both, operator
from workflows.ports import BpmnError, Context, Message, Result
from workflows.rules import masking, one_time_code
from workflows.rules.account_care import answers_for, refusal

_OPEN = ("username", "realm", "status", "title", "first_name", "last_name", "position", "unit_code")


@operator(
    "identity.send",
    inputs={
        "pid": "citizen ID somebody typed",
        "prove_by": "mobile or email: where the code goes",
        "sends?": "how many codes were sent before, in this check",
    },
    outputs={"otp": "ref, digest, sent_at, expires_at, attempts, sends"},
    errors={"OTP_LIMIT": "the limit of codes for one check is reached"},
)
def send(inputs: Mapping[str, Any], context: Context) -> Result:
    """Send a one-time code to the registered mobile or e-mail of the person's account.

    Number and address stay in the register: whoever typed the citizen ID learns neither them nor whether there is an
    account. Without one a code is drawn all the same, and nobody gets it.
    """
    sends = int(inputs["sends"] or 0) + 1
    if sends > one_time_code.MOST_SENDS:
        text = Text("ขอรหัสครบจำนวนครั้งแล้ว กรุณาเริ่มใหม่ภายหลัง", "No more codes; start again later")
        raise BpmnError("OTP_LIMIT", text)
    fresh = one_time_code.draw(context.now, context.lookups.seal, sends)
    values = {"code": fresh.code, "ref": fresh.state["ref"]}
    messages: tuple[Message, ...] = ()
    for account in context.lookups.accounts_of(pid=str(inputs["pid"]))[:1]:
        if inputs["prove_by"] == "email":
            messages = (mail("mail.otp", account["email"], values, context),)
        elif account["mobile"]:
            text_ = fill(context.lookups.text("sms.otp"), values)
            key = f"identity:{context.case_id}:{fresh.state['ref']}:{sends}"
            messages = (Message("sms", {"to": account["mobile"], "text": text_}, key=key),)
    return Result({"otp": fresh.state}, messages=messages)


@operator(
    "account.open",
    inputs={
        "requester": "who asks: a username, or visitor:… for somebody without a session",
        "pid?": "citizen ID of the person, which a code has proven; none = the requester's own account",
        "username?": "an account the requester answers for, or one of the person's own",
        "suspended?": "true = only an account that is suspended or dormant",
    },
    outputs={
        "account": "username, realm, status, title, first_name, last_name, position, unit_code, unit_name, region, "
        "pid; to its holder also email and mobile",
        "accounts": "those of the person that the requester may ask about and are not cancelled, as {value, label}",
        "asked_by": "self, head (of the account's unit) or nhso",
    },
    errors={"NO_ACCOUNT": "there is none, or the requester does not answer for it; variable problem"},
)
def open_account(inputs: Mapping[str, Any], context: Context) -> Mapping[str, Any]:
    """Take up the account a request is about, for its holder or for somebody who answers for it."""
    username, pid = str(inputs["username"] or ""), str(inputs["pid"] or "")
    if pid:
        found, asked_by = context.lookups.accounts_of(pid=pid), "self"
    elif username and username != inputs["requester"]:
        found, asked_by = _answered_for(username, context)
    else:
        mine = context.lookups.accounts_of(username=str(inputs["requester"]))
        found, asked_by = (context.lookups.accounts_of(pid=mine[0]["pid"]) if mine else []), "self"
    usable = [each for each in found if each["status"] != "cancelled"]
    chosen = next((each for each in usable if username in ("", each["username"])), None)
    if chosen is not None and inputs["suspended"] is True:
        _refuse_what_works(chosen, context)
    if chosen is None:
        text = Text(
            "ไม่พบบัญชีที่ใช้ได้ หรือท่านไม่มีหน้าที่ดูแลบัญชีนี้ กรุณาตรวจชื่อผู้ใช้หรือเลขประจำตัวประชาชน",
            "There is no such account, or you do not answer for it; check the user name or citizen ID",
        )
        raise BpmnError("NO_ACCOUNT", text, {"problem": both(text)})
    return {"account": _shown(chosen, asked_by, context), "accounts": _options(usable), "asked_by": asked_by}


@operator(
    "account.find",
    inputs={
        "pid": "citizen ID",
        "unit_code": "unit, as the requester wrote it",
        "first_name": "first name, as the requester wrote it",
        "last_name": "family name, as the requester wrote it",
        "mobile": "mobile number that the requester proved",
    },
    outputs={
        "account": "known (false: no account), username, first_name, last_name (masked), unit_code, unit_name, region, "
        "name_matches, mobile_matches"
    },
)
def find(inputs: Mapping[str, Any], context: Context) -> Mapping[str, Any]:
    """What those who decide must know of the account of somebody who could not prove to hold it: masked, as the
    requester can see the case. Without an account, the unit that was written decides which region looks at it."""
    found = [each for each in context.lookups.accounts_of(pid=inputs["pid"]) if each["status"] != "cancelled"]
    account: Mapping[str, Any] = found[0] if found else {}
    unit = context.lookups.unit(account.get("unit_code") or inputs["unit_code"]) or {}
    shown = {
        "known": bool(found),
        "unit_code": unit.get("code") or "",
        "unit_name": unit.get("name") or "",
        "region": str(unit.get("region") or ""),
    }
    if found:
        shown |= {
            "username": masking.username(account["username"]),
            "first_name": account["first_name"],
            "last_name": masking.name(account["last_name"]),
            "name_matches": all(account[key] == inputs[key] for key in ("first_name", "last_name")),
            "mobile_matches": account["mobile"] == inputs["mobile"],
        }
    return {"account": shown}


@operator(
    "account.check_holder",
    inputs={
        "requester": "who asks: a username, or visitor:… for somebody without a session",
        "pid": "citizen ID of the applicant",
        "mobile": "mobile number that the requester proved",
        "request_kind": "new (an account) or more (rights)",
    },
    errors={"NOT_HOLDER": "it is not the registered number of the account; variable problem says so and what to do"},
)
def check_holder(inputs: Mapping[str, Any], context: Context) -> None:
    """Who has not signed in asks for more rights only with the registered number of the account, just proven. Checked
    after the proof, so that nobody can try numbers."""
    if inputs["request_kind"] != "more" or not str(inputs["requester"]).startswith("visitor:"):
        return
    accounts = [each for each in context.lookups.accounts_of(pid=inputs["pid"]) if each["status"] != "cancelled"]
    if accounts and inputs["mobile"] not in {each["mobile"] for each in accounts}:
        text = Text(
            "เบอร์มือถือที่ยืนยันไม่ใช่เบอร์ที่ลงทะเบียนไว้ของบัญชี ให้เข้าสู่ระบบก่อนขอสิทธิเพิ่ม หรือแก้ไขเบอร์ด้วย “ขอแก้ไขข้อมูลบัญชี”",
            "The proven number is not that of the account: sign in to ask for more rights, or change the number of the "
            "account first",
        )
        raise BpmnError("NOT_HOLDER", text, {"problem": both(text)})


def _refuse_what_works(account: Mapping[str, Any], context: Context) -> None:
    if refusal({**account, "is_admin": False}, context.now) not in ("dormant", "irregular"):
        text = Text(
            "บัญชีนี้ไม่ได้ถูกระงับ เข้าสู่ระบบได้ตามปกติ หากลืมรหัสผ่าน ให้ใช้ “ลืมรหัสผ่าน”",
            "This account is not suspended; sign in as usual. If you forgot the password, use “Forgot password”",
        )
        raise BpmnError("NO_ACCOUNT", text, {"problem": both(text)})


def _answered_for(username: str, context: Context) -> tuple[list[Mapping[str, Any]], str]:
    """The account of this name and the others of its holder, as far as the actor answers for them."""
    for account in context.lookups.accounts_of(username=username):
        asked_by = _asked_by(account, context)
        if asked_by:
            others = context.lookups.accounts_of(pid=account["pid"])
            return [each for each in others if _asked_by(each, context)], asked_by
    return [], ""


def _asked_by(account: Mapping[str, Any], context: Context) -> str | None:
    unit = context.lookups.unit(account["unit_code"]) or {}
    return answers_for(context.actor.groups, account["unit_code"], str(unit.get("region") or ""))


def _shown(account: Mapping[str, Any], asked_by: str, context: Context) -> dict[str, Any]:
    unit = context.lookups.unit(account["unit_code"]) or {}
    shown = {key: account[key] for key in _OPEN}
    shown |= {"unit_name": unit.get("name") or "", "region": str(unit.get("region") or ""), "pid": account["pid"]}
    if asked_by == "self":
        shown |= {"email": account["email"], "mobile": account["mobile"]}
    return shown


def _options(accounts: list[Mapping[str, Any]]) -> list[dict[str, str]]:
    return [{"value": each["username"], "label": f"{each['username']} ({each['realm']})"} for each in accounts]
