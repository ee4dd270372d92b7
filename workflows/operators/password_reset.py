"""A forgotten password: a link to the mailbox of the account, or to a new one that the region agreed to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from workflows.errors import Text
from workflows.operators.links import one_time_link
from workflows.operators.notices import fill, mail
from workflows.operators.registry import both, operator
from workflows.ports import BpmnError, Change, Context, Message, Result

LIFETIME = timedelta(hours=24)
_FIRST_PASSWORD_LIFETIME = timedelta(days=7)
_NOT_AGAIN_WITHIN = timedelta(minutes=5)


@operator("password.reset", inputs={"email": "the address somebody typed"})
def reset(inputs: Mapping[str, Any], context: Context) -> Result:
    """Mail the holder of this address a link to set a new password; the old one is dead at once.

    Nobody learns whether the address is known: there are no outputs. An account that must not sign in gets the reason
    and the way out instead. A second request within five minutes sends nothing. Whoever had not asked revives the old
    password by the other link of the mail, and for a week no request alone voids it again.
    """
    lines: list[str] = []
    changes: list[Change] = []
    for account in context.lookups.accounts_of(email=inputs["email"]):
        voided_at = account["password_void_at"]
        if voided_at is not None and context.now - voided_at < _NOT_AGAIN_WITHIN:
            continue
        line, made = _way_back(account, context)
        lines.append(line)
        changes += made
    if not lines:
        return Result()
    message = mail("mail.reset", inputs["email"], {"accounts": "\n\n".join(lines)}, context)
    return Result(messages=(message,), changes=tuple(changes))


@operator(
    "password.recover",
    inputs={
        "pid": "citizen ID",
        "email": "the new address, which the region agreed to",
        "case_number": "number of the case",
    },
    errors={
        "NO_ACCOUNT": "the person has no account that may be used; variable problem",
        "EMAIL_TAKEN": "the address belongs to somebody else's account; variable problem",
    },
)
def recover(inputs: Mapping[str, Any], context: Context) -> Result:
    """Move the person's accounts to a new address, void their passwords and mail the links there. The old address is
    told."""
    pid, email = str(inputs["pid"]), str(inputs["email"])
    accounts = [each for each in context.lookups.accounts_of(pid=pid) if each["status"] != "cancelled"]
    if not accounts:
        text = Text("เลขประจำตัวประชาชนนี้ไม่มีบัญชีที่ใช้ได้", "No account that may be used belongs to this citizen ID")
        raise BpmnError("NO_ACCOUNT", text, {"problem": both(text)})
    if context.lookups.email_taken(email, pid):
        text = Text("อีเมลใหม่เป็นของผู้ใช้อื่นแล้ว", "The new e-mail belongs to another account")
        raise BpmnError("EMAIL_TAKEN", text, {"problem": both(text)})
    lines: list[str] = []
    changes: list[Change] = []
    for account in accounts:
        changes.append(Change("account.update", {"username": account["username"], "changes": {"email": email}}))
        line, made = _way_back({**account, "reset_guard_until": None}, context)
        lines.append(line)
        changes += made
    told: list[Message] = [mail("mail.reset", email, {"accounts": "\n\n".join(lines)}, context)]
    for old in dict.fromkeys(account["email"] for account in accounts if account["email"] != email):
        told.append(mail("mail.address_moved", old, {"case_number": inputs["case_number"]}, context))
    return Result(messages=tuple(told), changes=tuple(changes))


def way_to_new_password(account: Mapping[str, Any], context: Context) -> tuple[str, list[Change]]:
    """The link with which an account sets a new password, and what must change for it: no other opens it any more."""
    link, made = one_time_link(context, "reset", LIFETIME, account["username"])
    return link, [Change("account.void_password", {"username": account["username"]}), made]


def _way_back(account: Mapping[str, Any], context: Context) -> tuple[str, list[Change]]:
    """What the mail says about one account, and what changes."""
    username, status = account["username"], account["status"]
    values = {"username": username, "site": context.base_url}
    if status == "pending":
        link, made = one_time_link(context, "activation", _FIRST_PASSWORD_LIFETIME, username)
        return _line("mail.reset.pending", {**values, "link": link}, context), [made]
    if status != "active":
        return _line(f"mail.reset.{status}", values, context), []
    guarded: datetime | None = account["reset_guard_until"]
    if guarded is not None and context.now < guarded:
        link, made = one_time_link(context, "reset", LIFETIME, username)
        return _line("mail.reset.guarded", {**values, "link": link}, context), [made]
    link, changes = way_to_new_password(account, context)
    keep, kept = one_time_link(context, "keep", LIFETIME, username)
    return _line("mail.reset.active", {**values, "link": link, "keep": keep}, context), [*changes, kept]


def _line(key: str, values: Mapping[str, Any], context: Context) -> str:
    return fill(context.lookups.text(key), values)
