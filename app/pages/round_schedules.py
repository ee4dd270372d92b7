"""The schedules that rounds come of: seen for the coming year before they are kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _

from app.access import allow, current_actor, product
from workflows.clock import bangkok_date
from workflows.commands.save_schedule import SaveSchedule
from workflows.errors import Text
from workflows.queries import rounds
from workflows.rules.round_schedules import problems
from workflows.rules.rounds import KINDS, ROLLS

pages = Blueprint("round_schedules", __name__)
_NEW: dict[str, Any] = {
    "code": "", "name": "", "channel": "smartcard", "kind": "monthly", "days": [], "weekdays": [], "cutoff_days": 0,
    "opens_before": None,
    "closes_before": 1, "roll": "before", "regions": [], "systems": [], "roles": [], "active": True,
}  # fmt: skip
_NOT_A_NUMBER = Text("กรอกเป็นตัวเลข", "Give a number")
_DAYS = Text("กรอกเป็นคู่ วันตัดรอบ=วันมีผล เช่น 10=15, 22=28", "Give pairs of cut-off=effective day, such as 10=15, 22=28")


@pages.get("/round-schedules/<code>")
@allow("designer", "admin")
def edit(code: str) -> Any:
    """One schedule with its rounds of the coming twelve months; ``new`` for another one."""
    with product().runtime.reading() as db:
        row = _NEW if code == "new" else rounds.schedule(db, code)
    return _page(code, {name: row[name] for name in _NEW}, {})


@pages.post("/round-schedules/<code>")
@allow("designer", "admin")
def save(code: str) -> Any:
    """Show what the typed schedule would make of the coming year; keep it once exactly that was seen."""
    runtime = product().runtime
    values, wrong = _typed(code)
    now = runtime.clock.now()
    wrong = wrong or problems(values, bangkok_date(now), runtime.services.holidays.calendar())
    with runtime.reading() as db:
        if code == "new" and any(row["code"] == values["code"] for row in rounds.schedules(db)):
            wrong["code"] = Text("มีตารางรอบรหัสนี้แล้ว", "There is a schedule with this code")
    if wrong:
        return _page(code, values, wrong), 422
    if request.form.get("_go") != "save" or request.form.get("seen") != _digest(values):
        return _page(code, values, {}, seen=_digest(values))
    changed = runtime.execute(SaveSchedule(values), current_actor())
    flash(_("บันทึกตารางรอบแล้ว รอบที่เปิดอยู่จะปรับวันและแจ้งผู้ขอให้เอง") if changed else _("ไม่มีอะไรเปลี่ยน"), "ok")
    return redirect("/rounds")


def _page(code: str, values: Mapping[str, Any], wrong: Mapping[str, Text], *, seen: str = "") -> str:
    runtime = product().runtime
    today, calendar = bangkok_date(runtime.clock.now()), runtime.services.holidays.calendar()
    sound = not wrong and not (code == "new" and not seen)
    coming = list(rounds.coming(values, calendar, today, today + timedelta(days=365))) if sound else []
    return render_template(
        "round_schedule.html",
        code=code,
        values={
            **values,
            "days": values.get("days_typed")
            or ", ".join(f"{cutoff}={effective}" for cutoff, effective in values["days"]),
            "opens_before": "" if values["opens_before"] is None else str(values["opens_before"]),
            **{name: ", ".join(map(str, values[name])) for name in ("regions", "systems", "roles")},
        },
        errors=wrong,
        coming=[{"round": one, "nominal": calendar.holiday(one.effective_on)} for one in coming],
        seen=seen,
        short_calendar=bool(coming) and coming[-1].cutoff < today + timedelta(days=300),
    )


def _typed(code: str) -> tuple[dict[str, Any], dict[str, Text]]:
    form, wrong = request.form, dict[str, Text]()

    def text(name: str) -> str:
        return form.get(name, "").strip()[:200]

    def number(name: str) -> int:
        typed = text(name) or "0"
        if not (typed.isascii() and typed.isdigit()):
            wrong[name] = _NOT_A_NUMBER
            return 0
        return int(typed)

    def several(name: str) -> list[str]:
        return list(dict.fromkeys(part.strip() for part in text(name).split(",") if part.strip()))

    def one_of(name: str, known: tuple[str, ...]) -> str:
        return text(name) if text(name) in known else known[0]

    days = []
    for pair in several("days"):
        cutoff, _sign, effective = (part.strip() for part in pair.partition("="))
        if all(part.isascii() and part.isdigit() for part in (cutoff, effective)):
            days.append([int(cutoff), int(effective)])
        else:
            wrong["days"] = _DAYS
    kind = one_of("kind", KINDS)
    values = {
        "code": text("code") if code == "new" else code,
        "name": text("name"),
        "channel": one_of("channel", ("smartcard", "regular")),
        "kind": kind,
        "days": sorted(days) if kind == "monthly" else [],
        "weekdays": sorted({int(day) for day in form.getlist("weekdays") if day in tuple("01234")})
        if kind == "weekly"
        else [],
        "cutoff_days": number("cutoff_days") if kind != "monthly" else 0,
        "opens_before": number("opens_before") if text("opens_before") else None,
        "closes_before": number("closes_before"),
        "roll": one_of("roll", ROLLS),
        "regions": several("regions"),
        "systems": several("systems"),
        "roles": several("roles"),
        "active": form.get("active") == "true",
    }
    return (values | {"days_typed": text("days")} if "days" in wrong else values), wrong


def _digest(values: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:24]
