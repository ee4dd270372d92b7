"""Accounts and grants: one account for each person and realm, made or extended when everybody has agreed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from workflows.clock import bangkok_date
from workflows.errors import Text
from workflows.operators.links import one_time_link
from workflows.operators.notices import fill, mail
from workflows.operators.registry import both, operator
from workflows.ports import BpmnError, Change, Context, Result
from workflows.rules import masking, usernames

_SIGN_IN_REALM = "DC"
_LINK_LIFETIME = timedelta(days=7)
_ERRORS = {
    "ADM007": "the person already has an account of this realm; variable problem says so and what to do",
    "EMAIL_TAKEN": "the e-mail belongs to somebody else's account; variable problem says so",
}


@operator(
    "account.check",
    inputs={"pid": "citizen ID", "email": "e-mail address", "request_kind": "new (an account) or more (rights)"},
    errors=_ERRORS,
)
def check(inputs: Mapping[str, Any], context: Context) -> None:
    """Refuse early what could never be issued: a second account for a person, more rights for one that is cancelled, or
    an e-mail of somebody else."""
    present = context.lookups.account_of(inputs["pid"], _SIGN_IN_REALM)
    if present is not None:
        _refuse_what_is_there(present, inputs)
    _refuse_taken_email(inputs["email"], inputs["pid"], context)


@operator(
    "account.issue",
    inputs={
        "pid": "citizen ID",
        "title?": "title",
        "first_name": "first name",
        "last_name": "family name",
        "position?": "position",
        "email": "e-mail address, the only one that gets the answer",
        "mobile": "mobile number",
        "unit": "the unit as unit.load gives it",
        "granted_systems": "the systems that were granted, as catalogue.systems gives them",
        "requested_systems": "all systems asked for",
        "owner_results?": "{system, decision, comment} for each system that has an owner's decision",
        "request_kind": "new = make an account, more = add to the one there is",
        "handover?": "true if roles with a single holder move from their present holder",
        "case_number": "number of the case",
    },
    outputs={"usernames": "one {realm, username, created} per realm"},
    errors={**_ERRORS, "ROLE_HELD": "somebody else of the unit holds a role that only one may hold; variable problem"},
)
def issue(inputs: Mapping[str, Any], context: Context) -> Result:
    """Make or extend the accounts, grant the roles, and mail the result with a link to set a password that works once.

    A password is never made, kept or sent. The realm of each system decides in which account its roles go. Somebody
    whose account was cancelled and who asks for a new one gets it back, with what was agreed to now.
    """
    _refuse_taken_email(inputs["email"], inputs["pid"], context)
    changes: list[Change] = []
    accounts: list[dict[str, Any]] = []
    lines: list[str] = []
    for realm in dict.fromkeys(system["realm"] for system in inputs["granted_systems"]):
        account, made, line = _account(realm, inputs, context)
        accounts.append(account)
        changes += made
        lines.append(line)
    names = {account["realm"]: account["username"] for account in accounts}
    changes += _grants(inputs, names, context)
    values = {
        "name": f"{inputs['first_name']} {inputs['last_name']}",
        "unit_name": inputs["unit"]["name"],
        "province": inputs["unit"]["province"],
        "case_number": inputs["case_number"],
        "accounts": "\n\n".join(lines),
        "systems": _results(inputs["requested_systems"], inputs["granted_systems"], inputs["owner_results"] or ()),
        "sign_in": f"{context.base_url}/sign-in",
        "site": context.base_url,
    }
    message = mail("mail.result", inputs["email"], values, context)
    return Result({"usernames": accounts}, messages=(message,), changes=tuple(changes))


def _account(realm: str, inputs: Mapping[str, Any], context: Context) -> tuple[dict[str, Any], list[Change], str]:
    """The account of a realm, the changes that make it if there is none, and its lines in the mail."""
    present = context.lookups.account_of(inputs["pid"], realm)
    if present is not None:
        _refuse_what_is_there(present, inputs)
    if present is not None and present["status"] != "cancelled":
        text = context.lookups.text("mail.result.present_account")
        line = fill(text, {"realm": realm, "username": present["username"]})
        return {"realm": realm, "username": present["username"], "created": False}, [], line
    username = present["username"] if present else _new_username(realm, inputs["unit"]["code"], context)
    person = ("pid", "title", "first_name", "last_name", "position", "email", "mobile")
    account = {
        **{key: inputs[key] or "" for key in person},
        "username": username,
        "realm": realm,
        "unit_code": inputs["unit"]["code"],
    }
    link, link_change = one_time_link(context, "activation", _LINK_LIFETIME, username)
    text = context.lookups.text("mail.result.new_account")
    line = fill(text, {"realm": realm, "username": username, "link": link})
    created = {"realm": realm, "username": username, "created": True}
    return created, [Change("account.renew" if present else "account.create", account), link_change], line


def _new_username(realm: str, unit_code: str, context: Context) -> str:
    today = bangkok_date(context.now)
    unit = usernames.unit_part(unit_code)
    if realm == _SIGN_IN_REALM:
        return usernames.dc_username(today, unit, int(context.lookups.next_number(usernames.dc_series(today, unit))))
    return usernames.ndc_username(unit, int(context.lookups.next_number(usernames.ndc_series(unit))))


def _grants(inputs: Mapping[str, Any], names: Mapping[str, str], context: Context) -> Iterator[Change]:
    unit_code = inputs["unit"]["code"]
    for system in inputs["granted_systems"]:
        for role in system["roles"]:
            username = names[system["realm"]]
            if role["single_holder"]:
                yield from _take_over(unit_code, role, username, inputs["handover"] is True, context)
            yield Change(
                "grant.add",
                {
                    "username": username,
                    "system_code": system["code"],
                    "role_code": role["code"],
                    "unit_code": unit_code,
                    "single_holder": role["single_holder"],
                },
            )


def _take_over(
    unit_code: str, role: Mapping[str, Any], username: str, handover: bool, context: Context
) -> Iterator[Change]:
    """A role with a single holder is free, moves, or is refused with the present holder's masked name."""
    holder = context.lookups.grant_holder(unit_code, role["code"])
    if holder is None or holder["username"] == username:
        return
    if not handover:
        text = Text(
            f"{role['name']}: หน่วยงานมีผู้ถือบทบาทนี้แล้วคือ {holder['masked_name']} ให้ผู้ขอแจ้งรับช่วงต่อก่อน",
            f"{role['name']}: {holder['masked_name']} of this unit holds it; the applicant must ask to take it over",
        )
        raise BpmnError("ROLE_HELD", text, {"problem": both(text)})
    yield Change("grant.revoke", {"username": holder["username"], "role_code": role["code"], "unit_code": unit_code})


def _results(requested: Sequence[Any], granted: Sequence[Any], decided: Sequence[Any]) -> str:
    """One line for each system: granted with its roles, or refused with the owner's reason."""
    yes = {system["code"] for system in granted}
    reasons = {result["system"]: masking.in_text(result.get("comment") or "-") for result in decided}
    lines = []
    for system in requested:
        roles = ", ".join(f"{role['code']} {role['name']}" for role in system["roles"])
        outcome = f"อนุมัติ ({roles})" if system["code"] in yes else f"ไม่อนุมัติ: {reasons.get(system['code'], '-')}"
        lines.append(f"- {system['name']}: {outcome}")
    return "\n".join(lines)


def _refuse_what_is_there(present: Mapping[str, Any], inputs: Mapping[str, Any]) -> None:
    """One account for each person and realm; and nothing is added to one that is cancelled."""
    cancelled, new = present["status"] == "cancelled", inputs["request_kind"] == "new"
    if new == cancelled:
        return
    masked = masking.pid(inputs["pid"])
    if cancelled:
        text = Text(
            f"บัญชีของเลขที่บัตรประชาชน {masked} ถูกยกเลิกแล้ว จึงขอสิทธิเพิ่มไม่ได้ ให้ยื่นคำขอใหม่โดยเลือก “ขอรหัสผู้ใช้ใหม่”",
            f"The account of citizen ID {masked} was cancelled, so it gets no more rights; make a new request and "
            "choose “A new account”",
        )
    else:
        text = Text(
            f"ADM007 – ไม่สามารถสมัครเข้าใช้งานระบบได้ เนื่องจากเลขที่บัตรประชาชน {masked} ได้ถูกนำไปสร้างผู้ใช้แล้ว "
            "หากท่านลืมรหัสผ่าน ให้ใช้ฟังก์ชัน “ลืมรหัสผ่าน” หากต้องการสิทธิเพิ่ม ให้เลือก “ขอสิทธิเพิ่ม”",
            f"ADM007 – Registration is not possible: an account was already made with citizen ID {masked}. "
            "If you forgot the password, use “Forgot password”; for more rights, choose “More rights for my account”",
        )
    raise BpmnError("ADM007", text, {"problem": both(text)})


def _refuse_taken_email(email: str, pid: str, context: Context) -> None:
    if not context.lookups.email_taken(email, pid):
        return
    text = Text(
        "อีเมลนี้เป็นของผู้ใช้อื่นแล้ว กรุณาใช้อีเมลส่วนตัวที่ไม่ซ้ำกับผู้อื่น",
        "This e-mail belongs to another account; give a personal address that nobody else uses",
    )
    raise BpmnError("EMAIL_TAKEN", text, {"problem": both(text)})
