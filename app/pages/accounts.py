"""Accounts for those who answer for them: the list, the file of one, and what they may do about it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _

from app.access import allow, current_actor, product
from app.diagram_words import said, title
from app.i18n import words
from app.pages_support import begin_case, case_state, outcome_words, timeline_shown
from workflows.commands.suspend_account import SuspendAccount
from workflows.errors import Conflict, Text
from workflows.queries import accounts
from workflows.rules.account_care import answers_for

pages = Blueprint("accounts", __name__)
_WHO = ("unit_head", "region_officer", "region_chief", "admin", "auditor")
_PAGE = 50
_WHY = Text("กรุณาระบุเหตุผล ผู้ถือบัญชีจะได้รับข้อความนี้", "Please give the reason; the holder receives it")


@pages.get("/accounts")
@allow(*_WHO)
def listed() -> Any:
    """The accounts one answers for."""
    text, after = request.args.get("q", "").strip()[:60], request.args.get("after", "")[:200]
    with product().runtime.reading() as db:
        found = accounts.listed(db, current_actor(), text, after=after, limit=_PAGE + 1)
    rows, more = found[:_PAGE], None
    if len(found) > _PAGE:
        more = f"/accounts?{urlencode({'q': text, 'after': rows[-1]['username']})}"
    page = {"prev_url": None, "next_url": more, "text": _("%(n)s บัญชีในหน้านี้", n=len(rows))}
    return render_template("accounts.html", accounts=rows, q=text, page=page)


@pages.get("/accounts/<username>")
@allow(*_WHO)
def show(username: str) -> Any:
    """The file of one account."""
    return _page(username)


@pages.post("/accounts/<username>/cancel")
@allow(*_WHO)
def cancel(username: str) -> Any:
    """Begin the cancellation of this account; the process checks who may."""
    process = product().runtime.services.definitions.latest_process("account_cancel")
    case_id, first = begin_case(process.key, {"whose": "other", "username": username})
    return redirect(f"/work/{first}" if first else f"/cases/{case_id}")


@pages.post("/accounts/<username>/suspend")
@allow("region_officer", "region_chief", "admin")
def suspend(username: str) -> Any:
    """Suspend the account at once, or end its suspension."""
    reason, lift = request.form.get("reason", "").strip()[:2000], request.form.get("lift") == "yes"
    if not reason:
        return _page(username, _WHY), 422
    try:
        product().runtime.execute(SuspendAccount(username, reason, lift), current_actor())
    except Conflict as conflict:
        flash(words(conflict.text), "warn")
        return redirect(f"/accounts/{username}")
    flash(_("ยกเลิกการระงับแล้ว") if lift else _("ระงับบัญชีแล้ว ผู้ถือบัญชีได้รับแจ้งทางอีเมล"), "ok")
    return redirect(f"/accounts/{username}")


def _page(username: str, error: Text | None = None) -> str:
    actor = current_actor()
    with product().runtime.reading() as db:
        found = accounts.file(db, product().keyring, actor, username)
    account = found["account"]
    requests = [
        {
            **row,
            "process": title(row["definition_key"]),
            "case_state": case_state(row),
            "words": outcome_words(row) or said(row["definition_key"], row["stage"]),
        }
        for row in found["requests"]
    ]
    answers_as = answers_for(actor.groups, account["unit_code"], account["region"] or "")
    return render_template(
        "account.html",
        account=account,
        grants=found["grants"],
        events=timeline_shown(found["events"]),
        requests=requests,
        may_cancel=answers_as is not None and account["status"] != "cancelled",
        may_suspend=answers_as == "nhso" and account["id"] != actor.account_id,
        error=error,
        reason=request.form.get("reason", ""),
    )
