"""Binding a form to a case for whoever asks, page or program: same schema, same register, same checks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from app import bulk_rules
from app.access import current_actor, product
from app.i18n import language
from forms import builder, schema
from forms.builder import BoundForm
from forms.options import for_actor
from forms.posted import MultiDict
from workflows.actor import Actor
from workflows.commands.count_attempt import CountAttempt
from workflows.errors import Text, TooMany
from workflows.queries.work_items import OpenItem
from workflows.register import Register
from workflows.rules import one_time_code

_NO_FORM: dict[str, Any] = {"components": []}
_ASKS_WHO, _CODES_OF_A_PERSON = "account_identify", (6, timedelta(minutes=15))
"""The form that sends a code to the holder of an account, and how often one person may get the first of a case."""
_TOO_OFTEN = Text(
    "ขอรหัสของเลขประจำตัวประชาชนนี้บ่อยเกินไป กรุณารอ 15 นาที",
    "Codes for this citizen ID were asked for too often; wait 15 minutes",
)


def bind(
    db: Connection,
    actor: Actor,
    found: OpenItem,
    posted: MultiDict | None = None,
    *,
    draft: Mapping[str, Any] | None = None,
) -> BoundForm:
    """The form of a work item for a browser: what it posted, or a draft saved before, or fresh."""
    schema = _schema(found.form_id)
    if posted is None and draft is not None:
        return builder.from_json(schema, found.variables, draft, **_parts(db, actor))
    rules = _case_rules(db, found, actor)
    return builder.build(schema, found.variables, answers=posted, extra_rules=rules, **_parts(db, actor))


def bind_json(db: Connection, actor: Actor, found: OpenItem, answers: Mapping[str, Any]) -> BoundForm:
    """The same form for a program that sends JSON."""
    rules = _case_rules(db, found, actor)
    return builder.from_json(_schema(found.form_id), found.variables, answers, extra_rules=rules, **_parts(db, actor))


def bind_start(db: Connection, form_id: str, posted: MultiDict | None) -> BoundForm:
    """The start form of a process for a browser."""
    return builder.build(_schema(form_id), {}, answers=posted, extra_rules=_start_rules(db, form_id), **_parts(db))


def bind_start_json(db: Connection, form_id: str, answers: Mapping[str, Any]) -> BoundForm:
    """The start form of a process for a program."""
    return builder.from_json(_schema(form_id), {}, answers, extra_rules=_start_rules(db, form_id), **_parts(db))


def bind_own(
    db: Connection, schema: Mapping[str, Any], variables: Mapping[str, Any], posted: MultiDict | None
) -> BoundForm:
    """A form of the product itself, such as the entry of a register."""
    return builder.build(schema, variables, answers=posted, **_parts(db))


def _schema(form_id: str | None) -> dict[str, Any]:
    return product().runtime.services.definitions.form(form_id) if form_id else _NO_FORM


def _parts(db: Connection, actor: Actor | None = None) -> dict[str, Any]:
    return {
        "env": for_actor(product().feel(), actor or current_actor()),
        "lookups": Register(db, product().keyring, locked=False),
        "language": language(),
    }


def _start_rules(db: Connection, form_id: str) -> builder.ExtraRules:
    """Where a process starts with a bundle: every row of it."""
    asked = [
        each for each in schema.parse(_schema(form_id)) if each.key == "bundle" and each.raw.get("accept") == ".zip"
    ]
    return bulk_rules.start_rules(Register(db, product().keyring, locked=False), current_actor()) if asked else {}


def _case_rules(db: Connection, found: OpenItem, actor: Actor) -> builder.ExtraRules:
    """Checks that only this case can make: its persons against a file, a one-time code against the digest it keeps."""
    process = product().runtime.services.definitions.process(found.case["definition_key"])
    if process.definition.properties.get("decides") == "lines":
        return bulk_rules.case_rules(Register(db, product().keyring, locked=False), found, actor)
    return _code_rules(found, actor)


def _code_rules(found: OpenItem, actor: Actor) -> builder.ExtraRules:
    """A one-time code is right or not.

    Every try counts, outside the case, so that guessing ends after five even if nothing is ever completed.
    """
    if found.form_id == _ASKS_WHO:
        return {"pid": lambda pid, _answers: _asked_too_often(str(pid), actor)}
    otp = found.variables.get("otp")

    def check_code(code: Any, _answers: Mapping[str, Any]) -> Text | None:
        keyring, clock = product().keyring, product().runtime.clock
        if isinstance(otp, dict):
            key = f"otp/{found.case['id']}/{otp['ref']}"
            try:
                product().runtime.execute(CountAttempt(key, one_time_code.MOST_ATTEMPTS, one_time_code.LIFETIME), actor)
            except TooMany:
                return one_time_code.USED_UP
        return one_time_code.problem(otp, str(code), clock.now(), keyring.digest)

    def check_resend(wanted: Any, _answers: Mapping[str, Any]) -> Text | None:
        return one_time_code.too_soon(otp, product().runtime.clock.now()) if wanted is True else None

    return {"otp_code": check_code, "resend": check_resend} if isinstance(otp, dict) else {}


def _asked_too_often(pid: str, actor: Actor) -> Text | None:
    """Count that a code is asked for: the same for a person without an account. Nobody fills somebody's mailbox."""
    key = f"identify/{product().keyring.digest('attempt', pid)}"
    try:
        product().runtime.execute(CountAttempt(key, *_CODES_OF_A_PERSON), actor)
    except TooMany:
        return _TOO_OFTEN
    return None
