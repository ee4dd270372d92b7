"""Accounts after they were made: new details, cancellation, return."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from workflows.errors import Text
from workflows.operators.links import one_time_link
from workflows.operators.notices import mail, sms
from workflows.operators.other_cases import word_to_case
from workflows.operators.password_reset import way_to_new_password
from workflows.operators.registry import both, operator
from workflows.ports import BpmnError, Change, Context, Message, Result
from workflows.rules import thai_dates

_CONFIRM_WITHIN = timedelta(days=7)
_LABELS = {
    "title": "คำนำหน้า",
    "first_name": "ชื่อ",
    "last_name": "นามสกุล",
    "position": "ตำแหน่ง",
    "unit_code": "หน่วยงาน",
    "mobile": "โทรศัพท์มือถือ",
    "email": "อีเมล",
}
_WITH_LETTER = ("title", "first_name", "last_name", "unit_code")
_NAMES_ACCOUNT = {"username": "name of the account", "case_number?": "number of the case"}


@operator(
    "account.check_changes",
    inputs={
        "account": "what account.open gave the holder",
        **{f"{field}?": f"new {field.replace('_', ' ')}; none = as it is" for field in _LABELS},
        "detail?": "anything else that is to be changed, in words",
    },
    outputs={
        "changes": "field: new value, of what really changes",
        "compared": "label, before and after of each, for those who decide",
        "changes_email": "true if both addresses must agree",
        "changes_mobile": "true if the new number must be proven",
        "needs_region": "true if the region decides: name, unit, or something in words",
    },
    errors={
        "NO_CHANGE": "nothing is changed; variable problem",
        "EMAIL_TAKEN": "the e-mail belongs to somebody else; variable problem",
    },
)
def check_changes(inputs: Mapping[str, Any], context: Context) -> Mapping[str, Any]:
    """Find out what a holder really changes, and so who must agree."""
    account = inputs["account"]
    changes = {name: inputs[name] for name in _LABELS if inputs[name] and inputs[name] != account[name]}
    detail = str(inputs["detail"] or "").strip()
    if not changes and not detail:
        text = Text("ยังไม่มีข้อมูลใดเปลี่ยนแปลง แก้ไขอย่างน้อยหนึ่งช่อง", "Nothing is changed yet; change at least one field")
        raise BpmnError("NO_CHANGE", text, {"problem": both(text)})
    if "email" in changes:
        _refuse_taken_email(changes["email"], account["pid"], context)
    compared = [
        {"label": _LABELS[name], "before": _words(name, account[name], context), "after": _words(name, new, context)}
        for name, new in changes.items()
    ]
    return {
        "changes": changes,
        "compared": compared,
        "changes_email": "email" in changes,
        "changes_mobile": "mobile" in changes,
        "needs_region": bool(detail) or not changes.keys().isdisjoint(_WITH_LETTER),
    }


@operator(
    "account.confirm_email",
    inputs={"account": "what account.open gave the holder", "email": "the new address", "case_number": "its number"},
)
def confirm_email(inputs: Mapping[str, Any], context: Context) -> Result:
    """Mail a link that works once to the old and to the new address. The case gets the answers as the messages
    ``email_old_answer`` and ``email_new_answer``, with ``answer`` yes or no."""
    account, new = inputs["account"], str(inputs["email"])
    messages, changes = [], []
    for which, address in (("old", str(account["email"])), ("new", new)):
        link, made = one_time_link(context, f"email_{which}", _CONFIRM_WITHIN, account["username"])
        values = {"username": account["username"], "case_number": inputs["case_number"], "new": new, "link": link}
        messages.append(mail(f"mail.confirm_{which}_email", address, values, context))
        changes.append(made)
    return Result(messages=tuple(messages), changes=tuple(changes))


@operator(
    "account.change",
    inputs={
        "account": "what account.open gave the holder",
        "changes": "what account.check_changes found",
        "case_number": "number of the case",
    },
    errors={"EMAIL_TAKEN": "the address was taken meanwhile; variable problem"},
)
def change(inputs: Mapping[str, Any], context: Context) -> Result:
    """Write the agreed changes into every account of the person, and tell the holder, at the old address too.

    Who leaves a unit leaves its roles: they were granted to the unit's officer. Those of the new unit are asked for
    there.
    """
    account, changes = inputs["account"], dict(inputs["changes"])
    if "email" in changes:
        _refuse_taken_email(changes["email"], account["pid"], context)
    made: list[Change] = []
    for each in context.lookups.accounts_of(pid=account["pid"]):
        if each["status"] == "cancelled":
            continue
        if "unit_code" in changes:
            made += _revoked(each["username"], context, each["unit_code"])
        if changes:
            made.append(Change("account.update", {"username": each["username"], "changes": changes}))
    values = {
        "name": _name(account),
        "case_number": inputs["case_number"],
        "fields": "\n".join(f"- {_LABELS[name]}" for name in changes) or "-",
    }
    addresses = dict.fromkeys([account["email"], changes.get("email", account["email"])])
    return Result(
        messages=tuple(mail("mail.account_changed", to, values, context) for to in addresses), changes=tuple(made)
    )


@operator(
    "account.check_cancel",
    inputs={
        "username": "the account to cancel, or all: every one that accounts lists",
        "accounts": "what account.open gave: options {value, label}",
    },
    outputs={"usernames": "the names of the accounts to cancel"},
    errors={"LAST_ADMIN": "nobody would be left to administer the service; variable problem"},
)
def check_cancel(inputs: Mapping[str, Any], context: Context) -> Mapping[str, Any]:
    """Which accounts a request to cancel is about, and whether they may go."""
    listed = [str(option["value"]) for option in inputs["accounts"] if option["value"] != "all"]
    usernames = [name for name in listed if inputs["username"] in ("all", name)]
    _keep_an_administrator(usernames, context)
    return {"usernames": usernames}


@operator(
    "account.cancel",
    inputs={
        "usernames": "names of the accounts, which are of one person",
        "reason": "why, in words",
        "case_number": "number of the case",
    },
    errors={"LAST_ADMIN": "nobody would be left to administer the service; variable problem"},
)
def cancel(inputs: Mapping[str, Any], context: Context) -> Result:
    """Cancel accounts: every role is revoked, sessions end, tokens are revoked, whom they act for ends, the history
    stays, the holder is told. One that is cancelled already stays as it is.

    Requests that wait for somebody's decision are withdrawn: those sent from these accounts, and those about the person
    when no account is left. Work they had taken goes back to the others. Their own cancellations of accounts go on.
    """
    _keep_an_administrator(inputs["usernames"], context)
    named = [each for name in inputs["usernames"] for each in context.lookups.accounts_of(username=name)]
    accounts = [each for each in named if each["status"] != "cancelled"]
    if not accounts:
        return Result()
    made: list[Change] = []
    for account in accounts:
        username = account["username"]
        status = {"username": username, "status": "cancelled", "reason": inputs["reason"]}
        made += [*_revoked(username, context), Change("account.status", status)]
    stopped = _undecided(accounts, context)
    told = {**inputs, "stopped": ", ".join(each["number"] for each in stopped if each["number"]) or "-"}
    messages = [
        *_told("account_cancelled", accounts, told, context),
        *(_withdrawal(each["case_id"], inputs, context) for each in stopped),
        *(_put_back(each["username"], context) for each in accounts),
    ]
    return Result(messages=tuple(messages), changes=tuple(made))


@operator("account.reactivate", inputs=_NAMES_ACCOUNT)
def reactivate(inputs: Mapping[str, Any], context: Context) -> Result:
    """Let a suspended or dormant account act again, and mail its holder the link to a new password: the old one opens
    nothing."""
    for account in context.lookups.accounts_of(username=inputs["username"]):
        link, changes = way_to_new_password(account, context)
        status = Change("account.status", {"username": account["username"], "status": "active"})
        messages = _told("account_reactivated", [account], {**inputs, "link": link}, context)
        return Result(messages=messages, changes=(status, *changes))
    return Result()


@operator(
    "notice.account",
    inputs={
        "text": "which notice: texts mail.… and, if there is one, sms.…",
        "username?": "name of the account",
        "usernames?": "names of several accounts of one person, instead",
        "case_number?": "number of the case",
        "reason?": "why",
        "effective_on?": "from which day (ISO date)",
    },
)
def tell(inputs: Mapping[str, Any], context: Context) -> Result:
    """Send a notice to the registered address and mobile of an account; whoever asked for it need not know them."""
    names = inputs["usernames"] or [inputs["username"]]
    accounts = [each for name in names for each in context.lookups.accounts_of(username=name)]
    return Result(messages=_told(inputs["text"], accounts, inputs, context))


def _revoked(username: str, context: Context, unit_code: str = "") -> list[Change]:
    return [
        Change("grant.revoke", {"username": username, "role_code": held["role_code"], "unit_code": held["unit_code"]})
        for held in context.lookups.grants_of(username)
        if unit_code in ("", held["unit_code"])
    ]


def _told(
    text: str, accounts: Sequence[Mapping[str, Any]], values: Mapping[str, Any], context: Context
) -> tuple[Message, ...]:
    """One mail for each address and one SMS for each number of the accounts, naming those it belongs to."""
    messages = []
    for kind, send in (("email", mail), ("mobile", sms)):
        for to in dict.fromkeys(account[kind] for account in accounts if account[kind]):
            mine = [account for account in accounts if account[kind] == to]
            names = ", ".join(account["username"] for account in mine)
            told = {**values, "name": _name(mine[0]), "username": names, "site": context.base_url}
            if values.get("effective_on"):
                told["effective_on"] = thai_dates.short(date.fromisoformat(str(values["effective_on"])))
            messages.append(send(f"{'mail' if kind == 'email' else 'sms'}.{text}", to, told, context))
    return tuple(messages)


def _keep_an_administrator(usernames: Sequence[str], context: Context) -> None:
    administrators = set(context.lookups.members("admin"))
    if administrators and administrators <= set(usernames):
        text = Text(
            "บัญชีนี้เป็นผู้ดูแลระบบคนสุดท้าย จึงยกเลิกไม่ได้ ให้มอบบทบาทผู้ดูแลระบบแก่ผู้อื่นก่อน",
            "This is the account of the last administrator; make somebody else one first",
        )
        raise BpmnError("LAST_ADMIN", text, {"problem": both(text)})


def _undecided(accounts: Sequence[Mapping[str, Any]], context: Context) -> list[Mapping[str, Any]]:
    """The requests that end with these accounts. While the person keeps another, what is about them may be meant for
    that one."""
    usernames, pid = [account["username"] for account in accounts], accounts[0]["pid"]
    others = (each for each in context.lookups.accounts_of(pid=pid) if each["username"] not in usernames)
    stays = any(each["status"] != "cancelled" for each in others)
    found = context.lookups.undecided(usernames, "" if stays else pid)
    return [each for each in found if each["process_id"] != context.process_id]


def _withdrawal(case_id: int, inputs: Mapping[str, Any], context: Context) -> Message:
    why = f"บัญชีผู้ใช้ถูกยกเลิกตามคำขอเลขที่ {inputs['case_number']} ({inputs['reason']})"
    return word_to_case("withdraw", str(case_id), {"stopped_because": why}, key=f"{context.case_id}/withdraw/{case_id}")


def _put_back(username: str, context: Context) -> Message:
    return Message("work_items.put_back", {"username": username}, key=f"put_back:{context.case_id}:{username}")


def _name(account: Mapping[str, Any]) -> str:
    return f"{account['first_name']} {account['last_name']}"


def _words(field: str, value: Any, context: Context) -> str:
    if field != "unit_code":
        return str(value or "-")
    unit = context.lookups.unit(str(value))
    return f"{value} {unit['name']}" if unit else str(value)


def _refuse_taken_email(email: str, pid: str, context: Context) -> None:
    if context.lookups.email_taken(email, pid):
        text = Text(
            "อีเมลนี้เป็นของผู้ใช้อื่นแล้ว กรุณาใช้อีเมลส่วนตัวที่ไม่ซ้ำกับผู้อื่น",
            "This e-mail belongs to another account; give a personal address that nobody else uses",
        )
        raise BpmnError("EMAIL_TAKEN", text, {"problem": both(text)})
