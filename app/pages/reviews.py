"""The yearly review: its day, and how far it is."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _

from app.access import allow, current_actor, product
from workflows.clock import bangkok_date
from workflows.commands.plan_review import PlanReview
from workflows.errors import Text
from workflows.queries import reviews
from workflows.rules import thai_dates

pages = Blueprint("reviews", __name__)


@pages.get("/account-review")
@allow("admin", "auditor")
def show() -> Any:
    """When the next review begins, and how far the reviews are."""
    return _page("", None)


@pages.post("/account-review")
@allow("admin")
def plan() -> Any:
    """Choose the day; an empty one means that none is planned."""
    typed = request.form.get("day", "").strip()[:40]
    day = thai_dates.parse_date(typed) if typed else None
    if isinstance(day, Text):
        return _page(typed, day), 422
    if day is not None and day <= bangkok_date(product().runtime.clock.now()):
        return _page(typed, Text("เลือกวันหลังจากวันนี้", "Choose a day after today")), 422
    product().runtime.execute(PlanReview(day), current_actor())
    flash(_("บันทึกวันทบทวนแล้ว") if day else _("ไม่มีวันทบทวนแล้ว"), "ok")
    return redirect("/account-review")


def _page(typed: str, error: Text | None) -> str:
    with product().runtime.reading() as db:
        plan_, progress = reviews.plan(db), reviews.progress(db)
    return render_template(
        "account_review.html",
        plan=plan_,
        progress=progress,
        may_edit="admin" in current_actor().roles,
        typed=typed,
        error=error,
    )
