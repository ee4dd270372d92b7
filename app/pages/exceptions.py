"""Exceptions of units: how often the smart card, an endorser or a silent face app stood for the usual way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template, request

from app import exports, taken_out
from app.access import allow, current_actor, product
from app.pages_support import pager
from workflows.clock import bangkok_date
from workflows.errors import Text
from workflows.queries import exceptions
from workflows.queries.exceptions import COLUMNS, Wanted
from workflows.queries.scopes import READERS
from workflows.rules import thai_dates
from workflows.rules.thai_text import arabic_digits, normalise

pages = Blueprint("exceptions", __name__, url_prefix="/authentications/exceptions")
_PAGE = 50
_LONGEST = 12
_HEAD = (
    "เดือน", "เดือน (ISO)", "รหัสหน่วยงาน", "หน่วยงาน", "สปสช. เขต", "ยืนยันตัวตนทั้งหมด", "Smart Card กรณีพิเศษ",
    "ร้อยละ Smart Card", "มีผู้ยืนยันแทน", "แอปใบหน้าไม่ตอบ", "ยกเลิก",
)  # fmt: skip
_UPSIDE_DOWN = Text("เดือนสุดท้ายต้องไม่ก่อนเดือนแรก", "The last month must not be before the first one")
_TOO_LONG = Text("เลือกช่วงไม่เกิน 12 เดือน", "Choose at most 12 months")


@pages.get("")
@allow(*READERS)
def table() -> Any:
    """The lines by unit and month, the largest share of smart cards first."""
    wanted, typed, errors = _asked(request.args)
    return _page(wanted, typed, errors), 422 if errors else 200


@pages.post("/export")
@allow(*READERS)
def export() -> Any:
    """The same as a file; who took it out is told to the audit chain first."""
    wanted, typed, errors = _asked(request.form)
    kind, actor, runtime = request.form.get("format", ""), current_actor(), product().runtime
    if errors or kind not in taken_out.FORMATS:
        return _page(wanted, typed, errors), 422
    with runtime.reading() as db:
        total = exceptions.sums(db, actor, wanted)["lines"]

    def rows() -> Iterator[list[exports.Cell]]:
        offset = 0
        while True:
            with runtime.reading() as db:
                found = exceptions.lines(db, actor, wanted, offset=offset, limit=2000)
            yield from map(_cells, found)
            offset += len(found)
            if len(found) < 2000:
                return

    return taken_out.file("exceptions", kind, "การยืนยันกรณีพิเศษ", _HEAD, rows(), told=wanted.told(), total=total)


def _page(wanted: Wanted, typed: Mapping[str, str], errors: Mapping[str, Text]) -> str:
    actor = current_actor()
    start = request.args.get("start", "0")
    offset = int(start) if start.isascii() and start.isdigit() and len(start) < 7 else 0
    found: list[dict[str, Any]] = []
    totals = dict.fromkeys(("lines", "total", "smartcard", "endorsed", "face_timeouts", "voided"), 0)
    if not errors:
        with product().runtime.reading() as db:
            found, totals = exceptions.page(db, actor, wanted, offset=offset, limit=_PAGE + 1)
    query = {**typed, "sort": wanted.order, "dir": "down" if wanted.descending else "up"}
    return render_template(
        "exceptions.html",
        typed=typed,
        errors=errors,
        rows=[{**row, "month_day": date.fromisoformat(f"{row['month']}-01")} for row in found[:_PAGE]],
        totals=totals,
        order=wanted.order,
        descending=wanted.descending,
        links={name: _link(typed, name, wanted) for name in COLUMNS},
        by_region=actor.sees_everything,
        page=pager("/authentications/exceptions", len(found) > _PAGE, **query, start=offset + _PAGE),
    )


def _link(typed: Mapping[str, str], name: str, wanted: Wanted) -> str:
    """The same page in the order of a column; once more, the other way round."""
    down = not wanted.descending if wanted.order == name else name not in ("unit_code", "month")
    return f"/authentications/exceptions?{urlencode({**typed, 'sort': name, 'dir': 'down' if down else 'up'})}"


def _asked(given: Mapping[str, str]) -> tuple[Wanted, dict[str, str], dict[str, Text]]:
    present = bangkok_date(product().runtime.clock.now()).replace(day=1)
    typed = {name: given.get(name, "").strip()[:40] for name in ("from", "to", "region", "unit")}
    errors: dict[str, Text] = {}
    months: dict[str, date] = {}
    for name in ("from", "to"):
        month = thai_dates.parse_month(typed[name]) if typed[name] else present
        if isinstance(month, Text):
            errors[name] = month
        else:
            months[name] = month
            typed[name] = typed[name] or f"{month.month}/{month.year + thai_dates.BUDDHIST_ERA}"
    first, last = months.get("from", present), months.get("to", present)
    if not errors and last < first:
        errors["to"] = _UPSIDE_DOWN
    if not errors and (last.year - first.year) * 12 + last.month - first.month >= _LONGEST:
        errors["to"] = _TOO_LONG
    region = arabic_digits(typed["region"])
    unit = arabic_digits(normalise(typed["unit"])).upper()
    order = given.get("sort", "share")
    wanted = Wanted(first, last, region, unit, order if order in COLUMNS else "share", given.get("dir") != "up")
    return wanted, typed, errors


def _cells(row: Mapping[str, Any]) -> list[exports.Cell]:
    month = date.fromisoformat(f"{row['month']}-01")
    counted = [row["endorsed"], row["face_timeouts"], row["voided"]]
    share = f"{row['share'] * 100:.1f}"
    place = [row["unit_code"], row["unit_name"], row["region"]]
    return [thai_dates.month(month), row["month"], *place, row["total"], row["smartcard"], share, *counted]
