"""Mail and SMS to people. The texts belong to the administration; a diagram only says which, to whom and about what."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from workflows.operators.links import one_time_link
from workflows.operators.registry import operator
from workflows.ports import Change, Context, Message, Result
from workflows.rules import masking, thai_dates

_PLACE = re.compile(r"\{(\w+)\}")
_RETURN_LINK_LIFETIME = timedelta(days=30)

_WRITTEN_BY_PEOPLE = ("comment", "reason")
_ABOUT = {
    "case_number?": "number of the case",
    "name?": "name of the applicant",
    "unit_name?": "name of the unit",
    "level?": "who returned or decided, in words",
    "comment?": "what has to be corrected",
    "reason?": "why it was rejected, or carried over",
    "claim_code?": "the claim code it is about",
    "day?": "the day it is about (ISO date), written out in Thai",
}


@operator(
    "notice.send",
    inputs={
        "text": "which notice, such as rejected: texts mail.rejected and sms.rejected",
        "to?": "e-mail address; none = no mail",
        "mobile?": "mobile number; none = no SMS",
        **_ABOUT,
    },
)
def send(inputs: Mapping[str, Any], context: Context) -> Result:
    """Send a notice by mail, by SMS or both."""
    return Result(messages=_notice(inputs, context, inputs))


@operator(
    "notice.returned",
    inputs={
        "requester": "who is to correct the request: a username, or visitor:… for somebody without an account",
        "to": "e-mail address",
        "mobile": "mobile number",
        **_ABOUT,
    },
)
def send_returned(inputs: Mapping[str, Any], context: Context) -> Result:
    """Tell the requester what to correct. Somebody without an account gets a link that works once."""
    changes: tuple[Change, ...] = ()
    link = f"{context.base_url}/sign-in"
    if str(inputs["requester"]).startswith("visitor:"):
        link, change = one_time_link(context, "return", _RETURN_LINK_LIFETIME)
        changes = (change,)
    return Result(messages=_notice({**inputs, "text": "returned"}, context, {**inputs, "link": link}), changes=changes)


@operator(
    "notice.remind",
    inputs={
        "text": "which notice, such as sla_reminder: text mail.sla_reminder",
        "group": "whose members get it",
        **_ABOUT,
    },
)
def remind(inputs: Mapping[str, Any], context: Context) -> Result:
    """Remind every member of a group by mail. A group that nobody is in gets none, which is no error."""
    addresses, values = context.lookups.group_emails(inputs["group"]), _written(inputs)
    return Result(messages=tuple(mail(f"mail.{inputs['text']}", to, values, context) for to in addresses))


def mail(key: str, to: str, values: Mapping[str, Any], context: Context) -> Message:
    """One mail. The first line of its text is the subject; what follows the blank line after it is the body."""
    subject, _, body = context.lookups.text(key).partition("\n")
    payload = {"to": to, "subject": fill(subject.strip(), values), "text": fill(body.strip(), values)}
    return Message("mail", payload, key=_key(key, to, context, payload["text"]))


def sms(key: str, to: str, values: Mapping[str, Any], context: Context) -> Message:
    """One SMS."""
    text = fill(context.lookups.text(key).strip(), values)
    return Message("sms", {"to": to, "text": text}, key=_key(key, to, context, text))


def fill(text: str, values: Mapping[str, Any]) -> str:
    """A text with its ``{name}`` places filled; what is not known stays as it is.

    Not ``str.format``: the texts are edited by people, and its places can reach into objects.
    """

    def value(place: re.Match[str]) -> str:
        found = values.get(place[1])
        return place[0] if found is None else str(found)

    return _PLACE.sub(value, text)


def _notice(inputs: Mapping[str, Any], context: Context, values: Mapping[str, Any]) -> tuple[Message, ...]:
    values = {"site": context.base_url, **_written(values)}
    messages = []
    if inputs["to"]:
        messages.append(mail(f"mail.{inputs['text']}", inputs["to"], values, context))
    if inputs["mobile"]:
        messages.append(sms(f"sms.{inputs['text']}", inputs["mobile"], values, context))
    return tuple(messages)


def _written(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The values as a message may carry them: what people wrote with citizen IDs masked, the day in words."""
    written = {name: masking.in_text(values[name]) for name in _WRITTEN_BY_PEOPLE if values.get(name)}
    if values.get("day"):
        written["day"] = thai_dates.long(date.fromisoformat(values["day"]))
    return {**values, **written}


def _key(key: str, to: str, context: Context, text: str) -> str:
    """The same for the same notice of the same step, so that a repeated step does not send it twice."""
    digest = hashlib.sha256(f"{to}\n{text}".encode()).hexdigest()[:16]
    return f"{key}:{context.case_id}:{context.now.isoformat()}:{digest}"
