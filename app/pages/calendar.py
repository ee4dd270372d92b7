"""Public holidays, which working days are counted by."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _

from app.access import allow, current_actor, product
from workflows.commands.amend_calendar import AmendCalendar, Day
from workflows.errors import Text
from workflows.queries import calendar_days
from workflows.rules.thai_dates import parse_date

pages = Blueprint("calendar", __name__)
_BUDDHIST = 543


@pages.get("/calendar")
@allow("signed-in")
def show() -> Any:
    """The holidays of one year."""
    return _page({}, {})


@pages.post("/calendar/add")
@allow("admin")
def add() -> Any:
    """Declare a holiday; running deadlines are recomputed."""
    typed = {"date": request.form.get("date", ""), "name": request.form.get("name", "").strip()}
    errors: dict[str, Text] = {}
    day = parse_date(typed["date"])
    if isinstance(day, Text):
        errors["date"] = day
    if not typed["name"]:
        errors["name"] = Text("กรอกชื่อวันหยุด", "Give the holiday a name")
    if errors or isinstance(day, Text):
        return _page(errors, typed), 422
    product().runtime.execute(AmendCalendar([Day(day, "holiday", typed["name"])]), current_actor())
    flash(_("ประกาศวันหยุดแล้ว กำหนดของเรื่องที่กำลังนับจะคำนวณใหม่"), "ok")
    return redirect(f"/calendar?year={day.year + _BUDDHIST}")


@pages.post("/calendar/remove")
@allow("admin")
def remove() -> Any:
    """Take a holiday back."""
    with product().runtime.reading() as db:
        day = calendar_days.by_id(db, request.form.get("id", ""))
    product().runtime.execute(AmendCalendar([Day(day, "none")]), current_actor())
    flash(_("ยกเลิกวันหยุดแล้ว กำหนดของเรื่องที่กำลังนับจะคำนวณใหม่"), "ok")
    return redirect(f"/calendar?year={day.year + _BUDDHIST}")


def _page(errors: dict[str, Text], values: dict[str, str]) -> str:
    today = product().runtime.clock.now().date()
    wanted = request.args.get("year", "")
    known = range(2400 + 1, 2700)
    year = int(wanted) if wanted.isascii() and wanted.isdigit() and int(wanted) in known else today.year + _BUDDHIST
    may_edit = "admin" in current_actor().roles
    with product().runtime.reading() as db:
        rows = calendar_days.of_year(db, year - _BUDDHIST)
    return render_template(
        "calendar.html",
        year=year,
        prev_url=f"/calendar?year={year - 1}",
        next_url=f"/calendar?year={year + 1}",
        holidays=[
            {
                "id": row["id"],
                "date": row["day"],
                "name": Text(row["name_th"], row["name_en"]),
                "kind": "public" if row["origin"] == "import" else "special",
                "removable": may_edit,
            }
            for row in rows
        ],
        may_edit=may_edit,
        errors=errors,
        values=values or {"date": "", "name": ""},
        affected=None,
    )
