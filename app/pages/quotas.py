"""Quotas: what each unit has left of a month, and setting it."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _

from app.access import allow, current_actor, product
from app.pages_support import pager
from workflows.clock import bangkok_date
from workflows.commands.set_quota import SETTERS, SetQuota
from workflows.errors import Conflict, InvalidAnswers, Text
from workflows.queries import quotas
from workflows.queries.scopes import READERS
from workflows.register import Register
from workflows.rules import thai_dates
from workflows.rules.quota import month_of
from workflows.rules.thai_text import arabic_digits, normalise

pages = Blueprint("quotas", __name__)
_PAGE = 50
_NUMBER = Text("กรอกจำนวนเต็ม 0 ถึง 1,000,000", "Give a whole number from 0 to 1,000,000")


@pages.get("/quotas")
@allow(*READERS)
def listed() -> Any:
    """The quotas of a month; ``?profession=`` with a unit fills the form with that one."""
    month, wrong = _month(request.args.get("month", ""))
    typed = {"unit_code": _code(request.args.get("unit", "")), "profession": request.args.get("profession", "")[:60]}
    return _page(month, typed, {"month": wrong} if wrong else {}, unit=typed["unit_code"])


@pages.post("/quotas")
@allow("admin", *SETTERS)
def save() -> Any:
    """Set the total of one month, as it was when the form was opened."""
    form = request.form
    month, wrong = _month(form.get("month", ""))
    typed = {name: form.get(name, "").strip()[:60] for name in ("unit_code", "profession", "total", "revision")}
    typed["unit_code"] = _code(typed["unit_code"])
    total = arabic_digits(typed["total"]).replace(",", "")
    errors = {"month": wrong} if wrong else dict[str, Text]()
    if not (total.isascii() and total.isdigit() and len(total) <= 7):
        errors["total"] = _NUMBER
    if errors:
        return _page(month, typed, errors), 422
    place = typed["unit_code"], typed["profession"], month_of(month)
    known = typed["revision"]
    try:
        if known.isascii() and known.isdigit() and len(known) < 10:
            revision = int(known)
        else:
            with product().runtime.reading() as db:
                revision = quotas.revision(db, *place)
        product().runtime.execute(SetQuota(*place, int(total), revision), current_actor())
    except InvalidAnswers as invalid:
        return _page(month, typed, dict(invalid.errors)), 422
    except Conflict as late:
        return _page(month, typed | {"revision": ""}, {}, conflict=late.text), 409
    flash(_("บันทึกโควตาแล้ว"), "ok")
    return redirect(f"/quotas?month={place[2]}&unit={place[0]}")


def _page(
    month: date,
    typed: dict[str, str],
    errors: dict[str, Text],
    *,
    unit: str = "",
    conflict: Text | None = None,
) -> str:
    actor, runtime = current_actor(), product().runtime
    after = request.args.getlist("after")
    with runtime.reading() as db:
        key = (after[0], after[1]) if len(after) == 2 else None
        found = quotas.page(db, actor, month_of(month), unit_code=unit, after=key, limit=_PAGE + 1)
        professions = Register(db, product().keyring, locked=False).professions()
        same = [
            row for row in found if (row["unit_code"], row["profession"]) == (typed["unit_code"], typed["profession"])
        ]
        if same and "total" not in typed:
            typed = {**typed, "total": str(same[0]["total"])}
        if same and "revision" not in typed:
            known = quotas.revision(db, typed["unit_code"], typed["profession"], month_of(month))
            typed = {**typed, "revision": str(known)}
    rows = found[:_PAGE]
    last = [rows[-1]["unit_code"], rows[-1]["profession"]] if rows else []
    today = bangkok_date(runtime.clock.now())
    return render_template(
        "quotas.html",
        rows=rows,
        month=month_of(month),
        months=[(month_of(each), each) for each in _near(today.replace(day=1), month)],
        typed=typed,
        errors=errors,
        conflict=conflict,
        unit=unit,
        professions=[(each["code"], each["name"]) for each in professions],
        may_set=bool(actor.roles & {"admin", *SETTERS}),
        page=pager("/quotas", len(found) > _PAGE, month=month_of(month), unit=unit, after=last),
    )


def _near(present: date, shown: date) -> list[date]:
    """The months a person can turn to: the one before, this one, the two after, and the one that is shown."""
    index = present.year * 12 + present.month - 1
    near = {date((index + step) // 12, (index + step) % 12 + 1, 1) for step in (-1, 0, 1, 2)}
    return sorted(near | {shown})


def _month(text: str) -> tuple[date, Text | None]:
    """The first day of the month that was asked for; this month where nothing or nonsense was."""
    present = bangkok_date(product().runtime.clock.now()).replace(day=1)
    if not text.strip():
        return present, None
    found = thai_dates.parse_month(text[:40])
    return (present, found) if isinstance(found, Text) else (found, None)


def _code(text: str) -> str:
    return arabic_digits(normalise(text[:20])).upper()
