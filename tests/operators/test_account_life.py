"""What the operators of an account's life decide, by example."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.operators.register import NOON, Register, context
from tests.operators.test_operators import refused, run
from workflows.actor import Actor
from workflows.ports import Context

MANEE, NOBODY = "0990000000011", "0990000009999"


def acting(username: str, *groups: str) -> Context:
    return replace(context(), actor=Actor(username, groups=frozenset(groups), account_id=1))


def with_account(**changes: Any) -> Context:
    """The demo register with one account changed."""
    register = Register.demo()
    register.accounts[0] = replace(register.accounts[0], **changes)
    return context(register)


@pytest.mark.parametrize(
    ("by", "kind", "to"), [("mobile", "sms", "0800000001"), ("email", "mail", "requester@example.org")]
)
def test_a_code_goes_to_what_the_register_knows(by: str, kind: str, to: str) -> None:
    result = run("identity.send", pid=MANEE, prove_by=by)
    assert [(message.kind, message.payload["to"]) for message in result.messages] == [(kind, to)]
    assert to not in str(result.variables)
    unknown = run("identity.send", pid=NOBODY, prove_by=by)
    assert (unknown.messages, unknown.variables.keys()) == ((), result.variables.keys())
    assert refused("identity.send", pid=MANEE, prove_by=by, sends=5).code == "OTP_LIMIT"


@pytest.mark.parametrize(
    ("moment", "username", "asked_by"),
    [
        (acting("requester"), None, "self"),
        (acting("head", "unit_head:99001"), "requester", "head"),
        (acting("region", "region_officer:7"), "requester", "nhso"),
        (acting("admin", "admin"), "requester", "nhso"),
    ],
)
def test_who_opens_an_account(moment: Context, username: str | None, asked_by: str) -> None:
    found = run("account.open", moment, requester=moment.actor.id, username=username).variables
    assert (found["account"]["username"], found["asked_by"]) == ("requester", asked_by)
    assert ("email" in found["account"]) == (asked_by == "self")  # nobody else needs it to ask


@pytest.mark.parametrize(
    "moment", [acting("head2", "unit_head:99002"), acting("region9", "region_officer:9"), context()]
)
def test_who_does_not(moment: Context) -> None:
    assert refused("account.open", moment, requester=moment.actor.id, username="requester").code == "NO_ACCOUNT"


@pytest.mark.parametrize(
    ("changes", "refuses"),
    [
        ({"status": "suspended"}, False),
        ({"last_used_at": NOON - timedelta(days=181)}, False),
        ({"last_used_at": NOON - timedelta(days=180)}, True),
        ({"status": "cancelled"}, True),
    ],
)
def test_only_what_is_suspended_is_reactivated(changes: dict[str, Any], refuses: bool) -> None:
    given = {"requester": "visitor:x", "pid": MANEE, "suspended": True}
    if refuses:
        assert refused("account.open", with_account(**changes), **given).code == "NO_ACCOUNT"
    else:
        assert run("account.open", with_account(**changes), **given).variables["account"]["username"] == "requester"


ACCOUNT = {
    "pid": MANEE,
    "title": "นาย",
    "first_name": "มานี",
    "last_name": "ตัวอย่าง",
    "position": "นักวิชาการ",
    "unit_code": "99001",
    "mobile": "0800000001",
    "email": "requester@example.org",
}


@pytest.mark.parametrize(
    ("given", "fields", "needs"),
    [
        ({"position": "หัวหน้า"}, {"position"}, (False, False, False)),
        ({"position": "นักวิชาการ", "mobile": "0899999999"}, {"mobile"}, (False, True, False)),
        ({"email": "new@example.org"}, {"email"}, (True, False, False)),
        ({"unit_code": "99002", "last_name": ""}, {"unit_code"}, (False, False, True)),
        ({"detail": "รหัสพนักงาน"}, set(), (False, False, True)),
    ],
)
def test_what_changes_decides_who_must_agree(
    given: dict[str, str], fields: set[str], needs: tuple[bool, bool, bool]
) -> None:
    found = run("account.check_changes", account=ACCOUNT, **given).variables
    assert set(found["changes"]) == fields
    assert (found["changes_email"], found["changes_mobile"], found["needs_region"]) == needs


@pytest.mark.parametrize(
    ("given", "code"),
    [({}, "NO_CHANGE"), ({"position": "นักวิชาการ"}, "NO_CHANGE"), ({"email": "head@example.org"}, "EMAIL_TAKEN")],
)
def test_changes_that_are_none_or_taken(given: dict[str, str], code: str) -> None:
    assert refused("account.check_changes", account=ACCOUNT, **given).code == code


def test_cancelling_revokes_everything_and_once() -> None:
    done = run("account.cancel", usernames=["requester"], reason="x", case_number="1")
    assert [change.kind for change in done.changes] == ["grant.revoke", "account.status"]
    assert {message.kind for message in done.messages} == {"mail", "sms", "work_items.put_back"}
    again = run(
        "account.cancel", with_account(status="cancelled"), usernames=["requester"], reason="x", case_number="1"
    )
    assert (again.changes, again.messages) == ((), ())


@pytest.mark.parametrize(
    ("requester", "mobile", "kind", "passes"),
    [
        ("visitor:x", "0800000001", "more", True),
        ("visitor:x", "0899999999", "more", False),
        ("visitor:x", "0899999999", "new", True),
        ("head", "0899999999", "more", True),
    ],
)
def test_more_rights_for_the_holder_only(requester: str, mobile: str, kind: str, passes: bool) -> None:
    given = {"requester": requester, "pid": MANEE, "mobile": mobile, "request_kind": kind}
    if passes:
        run("account.check_holder", **given)
    else:
        assert refused("account.check_holder", **given).code == "NOT_HOLDER"
