"""Telling patients about their place in the queue: by LINE where they booked there, else by SMS."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from workflows.operators.notices import fill
from workflows.operators.registry import operator
from workflows.ports import Context, Message, Result
from workflows.rules import masking, thai_dates

_JUST_NOW = timedelta(hours=1)


@operator(
    "booking.tell",
    inputs={
        "text": "which news, such as booking_booked: texts line.booking_booked and sms.booking_booked",
        "unit_name": "name of the unit",
        "profession_name": "the profession in words",
        "reason?": "why, where the unit cancels",
        "case_number?": "number of the case",
    },
)
def tell(inputs: Mapping[str, Any], context: Context) -> Result:
    """Tell the patient, or who booked for them. Give the place back only afterwards: this reads it."""
    found = context.lookups.queue().of_case(context.case_id)
    if found is None:
        return Result()
    return Result(messages=(_news(str(inputs["text"]), found, inputs, context),))


@operator(
    "booking.remind",
    inputs={
        "unit_name": "name of the unit",
        "profession_name": "the profession in words",
        "booked_at": "when it was booked (ISO)",
        "case_number?": "number of the case",
    },
)
def remind(inputs: Mapping[str, Any], context: Context) -> Result:
    """Remind of the place. Whoever booked within the last hour has just been told all of it."""
    found = context.lookups.queue().of_case(context.case_id)
    if found is None or context.now - datetime.fromisoformat(inputs["booked_at"]) < _JUST_NOW:
        return Result()
    return Result(messages=(_news("booking_reminder", found, inputs, context),))


def _news(text: str, booking: Mapping[str, Any], about: Mapping[str, Any], context: Context) -> Message:
    channel, to = ("line", booking["line_to"]) if booking["line_to"] else ("sms", booking["phone"])
    values = {
        "name": masking.person(booking["name"]),
        "unit_name": about["unit_name"],
        "profession_name": about["profession_name"],
        "day": thai_dates.long(booking["service_on"], weekday=True),
        "time": f"{booking['slot']} น.",
        "link": f"{context.base_url}/booking/{booking['token']}",
        "reason": masking.in_text(str(about.get("reason") or "")),
        "case_number": about.get("case_number"),
    }
    body = fill(context.lookups.text(f"{channel}.{text}").strip(), values)
    digest = hashlib.sha256(f"{to}\n{body}".encode()).hexdigest()[:16]
    key = f"{channel}.{text}:{context.case_id}:{context.now.isoformat()}:{digest}"
    return Message(channel, {"to": to, "text": body}, key=key)
