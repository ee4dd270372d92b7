"""Claim codes that are still open: what the desk has to close (ปิดสิทธิ)."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, render_template, request

from app.access import allow, current_actor, product
from app.pages_support import pager
from workflows.clock import bangkok_date
from workflows.queries import authentications
from workflows.rules import claim_code

pages = Blueprint("unclosed", __name__)


@pages.get("/authentications/unclosed")
@allow(authentications.ROLE)
def show() -> Any:
    """The open codes of the units at whose desk this person serves, oldest day first, each with the way to close it."""
    wired, units = product(), authentications.own_units(current_actor())
    today = bangkok_date(wired.runtime.clock.now())
    with wired.runtime.reading() as db:
        rows, following = authentications.unclosed(db, units, _after(request.args.get("after", "")))
    after = f"{following[0].isoformat()}.{following[1]}" if following else ""
    shown = [{**row, "days": (today - row["service_on"]).days} for row in rows]
    page = pager("/authentications/unclosed", following is not None, after=after)
    return render_template("unclosed.html", rows=shown, page=page, first="after" not in request.args)


def _after(text: str) -> tuple[date, str] | None:
    """Where a page begins; None for the first one, or anything that is no such place."""
    day, _dot, code = text.partition(".")
    try:
        return (date.fromisoformat(day), code) if claim_code.parse(code) == code else None
    except ValueError:
        return None
