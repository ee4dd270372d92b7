"""What happens to an account after it was made: new details, a voided password, suspension, cancellation, return."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import update

from workflows.chain import Event
from workflows.changes import duties
from workflows.changes.accounts import account_id
from workflows.changes.provisioning import follow_accounts
from workflows.changes.registry import writes
from workflows.clock import real_now
from workflows.records import Account, ApiToken, OneTimeLink, Session
from workflows.work import Work

_PLAIN = ("title", "first_name", "last_name", "position", "unit_code", "email")


@writes("account.void_password")
def void_password(work: Work, case: Any, given: Mapping[str, Any], values: dict[str, Any]) -> Event:
    """The password opens nothing from now on; earlier reset links are worthless."""
    id_ = account_id(work, given["username"])
    use_up_links(work, id_, "reset", "keep")
    work.write(update(Account).where(Account.id == id_).values(password_void_at=work.now))
    work.record(id_, Event("account.password_voided", data={"case": str(case.id)}))
    return Event("account.password_voided")


@writes("account.update")
def update_account(work: Work, case: Any, given: Mapping[str, Any], values: dict[str, Any]) -> Event:
    """New details; the old ones stay in the sealed part of the history. Who leaves a unit no longer acts for it, but as
    an officer of the new one."""
    id_ = account_id(work, given["username"])
    changes = dict(given["changes"])
    before = work.register.accounts_of(username=given["username"])[0]
    stored = {name: changes[name] for name in _PLAIN if name in changes}
    if "email" in stored:
        stored["email"] = str(stored["email"]).lower()
    if "mobile" in changes:
        stored["mobile_sealed"] = work.services.keyring.seal(f"account.mobile/{id_}", str(changes["mobile"]).encode())
    if "unit_code" in stored:
        duties.dismiss(work, id_, given["username"], before["unit_code"])
        duties.welcome(work, id_, given["username"], before["realm"], stored["unit_code"])
    work.write(update(Account).where(Account.id == id_).values(**stored))
    private = {"before": {name: before[name] for name in changes}, "after": changes}
    work.record(id_, Event("account.changed", data={"case": str(case.id), "fields": sorted(changes)}, private=private))
    return Event("account.changed", data={"fields": sorted(changes)})


@writes("account.status")
def set_status(work: Work, case: Any, given: Mapping[str, Any], values: dict[str, Any]) -> Event:
    """Cancel an account, which ends all it acts for, or let it return; ``reason`` tells why, in the history only."""
    id_ = account_id(work, given["username"])
    kind = move_account(work, id_, given["status"])
    if given["status"] == "cancelled":
        duties.dismiss(work, id_, given["username"])
    private = {"reason": given["reason"]} if given.get("reason") else None
    work.record(id_, Event(kind, data={"case": str(case.id)}, private=private))
    return Event(kind)


def move_account(work: Work, id_: int, status: str, reason: str = "") -> str:
    """Queue a new status; gives the kind of its event. Only an active account has sessions, tokens and links; one that
    returns counts as used now, so that it is not dormant at once. Target systems follow."""
    stored: dict[str, Any] = {"status": status, "status_reason": reason}
    if status == "active":
        stored["last_used_at"] = work.now
        follow_accounts(work, [id_], "resume")
    else:
        if status == "suspended":
            follow_accounts(work, [id_], "suspend")
        end_access(work, id_)
        use_up_links(work, id_, "activation", "reset", "keep")
    work.write(update(Account).where(Account.id == id_).values(**stored))
    return {"active": "account.reactivated", "suspended": "account.suspended", "cancelled": "account.cancelled"}[status]


def end_access(work: Work, id_: int) -> None:
    """Every session ends and every token of the person is revoked (real time). What they made for their unit's own
    systems stays: others of the unit keep those."""
    now: datetime = real_now()
    work.write(update(Session).where(Session.account_id == id_, Session.ended_at.is_(None)).values(ended_at=now))
    work.write(update(ApiToken).where(*ApiToken.living_of(ApiToken.account_id == id_)).values(revoked_at=now))


def use_up_links(work: Work, id_: int, *purposes: str) -> None:
    """The account's links of these purposes work no more."""
    mine = OneTimeLink.account_id == id_, OneTimeLink.purpose.in_(purposes), OneTimeLink.used_at.is_(None)
    work.write(update(OneTimeLink).where(*mine).values(used_at=work.now))
