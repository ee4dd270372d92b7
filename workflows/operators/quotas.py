"""Places of a unit's quota: held while a visit is prepared or booked, used by its claim code, or given back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from workflows.errors import Text
from workflows.operators.registry import both, operator
from workflows.ports import BpmnError, Change, Context, Result
from workflows.rules import quota, thai_dates

_KEY = {"key?": "who holds the place, such as the case of a booking; none = this case"}


@operator(
    "quota.hold",
    inputs={
        "unit_code": "code of the unit",
        "profession": "code of the profession",
        "day": "day of the visit (ISO date); its month counts",
        **_KEY,
    },
    outputs={
        "quota_key": "who holds the place now; give it to quota.use and quota.release",
        "quota_left": "how many places are left after this one; null where the unit has no limit",
    },
    errors={"QUOTA_EMPTY": "no place is left; variable problem says so and what else can be done"},
)
def hold(inputs: Mapping[str, Any], context: Context) -> Result:
    """Hold one place of the unit's quota for a profession in the month of the visit.

    Holding twice under one key holds one place; with another profession or month the earlier place is given back. Of
    two who ask for the last place one gets it.
    """
    key, day = _key(inputs, context), date.fromisoformat(str(inputs["day"])[:10])
    unit_code, profession = str(inputs["unit_code"]), str(inputs["profession"])
    place = {"unit_code": unit_code, "profession": profession, "month": quota.month_of(day)}
    mine = _mine(key, context)
    same = mine is not None and all(mine[name] == value for name, value in place.items())
    found = context.lookups.quota(**place)
    if mine is not None and (mine["state"] == "used" or same):
        return Result({"quota_key": key, "quota_left": quota.left(found) if found else None})
    if found is not None and not quota.left(found):
        raise _empty(found, place, day, context)
    given_back = (Change("quota.release", {"key": key, "from": dict(mine)}),) if mine is not None else ()
    if found is None:
        _note(key, None, context)
        return Result({"quota_key": key, "quota_left": None}, changes=given_back)
    wanted = {"key": key, **place, "day": day.isoformat(), "total": int(found["total"])}
    _note(key, {**place, "state": "held"}, context)
    left = quota.left(found) - 1
    return Result({"quota_key": key, "quota_left": left}, changes=(*given_back, Change("quota.hold", wanted)))


@operator("quota.release", inputs=_KEY)
def release(inputs: Mapping[str, Any], context: Context) -> Result:
    """Give a held or used place back: cancelled, expired, voided. Where nothing is held this does nothing."""
    key = _key(inputs, context)
    mine = _mine(key, context)
    if mine is None:
        return Result()
    _note(key, None, context)
    return Result(changes=(Change("quota.release", {"key": key, "from": dict(mine)}),))


@operator("quota.use", inputs={"claim_code": "the claim code that uses the place", **_KEY})
def use(inputs: Mapping[str, Any], context: Context) -> Result:
    """A claim code uses the place that was held. Where nothing is held, as the unit has no limit, this does nothing."""
    key = _key(inputs, context)
    mine = _mine(key, context)
    if mine is None or mine["state"] != "held":
        return Result()
    _note(key, {**mine, "state": "used"}, context)
    place = {name: mine[name] for name in ("unit_code", "profession", "month")}
    return Result(changes=(Change("quota.use", {"key": key, **place, "claim_code": str(inputs["claim_code"])}),))


def of_booking(case_id: object) -> str:
    """The key under which the case of a booking holds its place, until the authentication it leads to uses it."""
    return f"booking/{case_id}"


def _key(inputs: Mapping[str, Any], context: Context) -> str:
    return str(inputs["key"] or context.case_id)


def _mine(key: str, context: Context) -> Mapping[str, Any] | None:
    """The place that is held or used under a key; also one that an earlier task of this very step will have held."""
    noted = context.notes.get("quota", {})
    return noted[key] if key in noted else context.lookups.quota_hold(key)


def _note(key: str, place: Mapping[str, Any] | None, context: Context) -> None:
    context.notes.setdefault("quota", {})[key] = place


def _empty(found: Mapping[str, Any], place: Mapping[str, str], day: date, context: Context) -> BpmnError:
    names = {each["code"]: each["name"] for each in context.lookups.professions()}
    words = {
        "profession": names.get(place["profession"], place["profession"]),
        "unit": place["unit_code"],
        "total": found["total"],
    }
    text = Text(
        quota.EMPTY.th.format(month=thai_dates.month(day), **words),
        quota.EMPTY.en.format(month=thai_dates.month(day, "en"), **words),
    )
    return BpmnError("QUOTA_EMPTY", text, {"problem": both(text)})
