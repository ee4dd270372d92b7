"""Times of maintenance, as the administrator plans them."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _

from app.access import allow, current_actor, product
from workflows.clock import BANGKOK
from workflows.commands.plan_maintenance import PlanMaintenance
from workflows.commands.take_back_maintenance import TakeBackMaintenance
from workflows.errors import Text
from workflows.queries import maintenance
from workflows.queries.maintenance import Window
from workflows.rules import thai_dates
from workflows.rules.maintenance import problem

pages = Blueprint("maintenance", __name__)
_FIELDS = ("from_date", "from_time", "until_date", "until_time", "system", "text_th", "text_en")
_LONGEST = 300


@pages.get("/maintenance")
@allow("admin", "auditor")
def listed() -> Any:
    """What is planned, and the form for more; ``?edit=`` fills it with one that is there."""
    wanted = request.args.get("edit", "")
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 20):
        return _page({}, {})
    with product().runtime.reading() as db:
        window = maintenance.by_id(db, int(wanted))
    return _page({}, _typed(window), window.id)


@pages.post("/maintenance")
@allow("admin")
def plan() -> Any:
    """Announce a window, or change the one that was edited."""
    typed = {name: request.form.get(name, "").strip()[:_LONGEST] for name in _FIELDS}
    id_ = request.form.get("id", "")
    known = int(id_) if id_.isascii() and id_.isdigit() and len(id_) < 20 else None
    errors: dict[str, Text] = {}
    starts_at = _moment(typed, "from", errors)
    ends_at = _moment(typed, "until", errors)
    if starts_at and ends_at and (wrong := problem(starts_at, ends_at, product().runtime.clock.now())):
        errors["until_time"] = wrong
    if not typed["text_th"]:
        errors["text_th"] = Text("บอกเหตุผลให้ผู้ใช้อ่าน", "Tell people the reason")
    with product().runtime.reading() as db:
        codes = {system["code"] for system in maintenance.systems(db)}
    if typed["system"] and typed["system"] not in codes:
        errors["system"] = Text("เลือกจากรายการ", "Choose from the list")
    if errors or starts_at is None or ends_at is None:
        return _page(errors, typed, known), 422
    text_en = typed["text_en"] or typed["text_th"]
    command = PlanMaintenance(starts_at, ends_at, typed["text_th"], text_en, typed["system"] or None, known)
    product().runtime.execute(command, current_actor())
    flash(_("บันทึกช่วงปิดปรับปรุงแล้ว ผู้ใช้เห็นประกาศล่วงหน้าสามวัน"), "ok")
    return redirect("/maintenance")


@pages.post("/maintenance/<int:window_id>/take-back")
@allow("admin")
def take_back(window_id: int) -> Any:
    """Take a window back, or end one that is on."""
    product().runtime.execute(TakeBackMaintenance(window_id), current_actor())
    flash(_("ยกเลิกช่วงปิดปรับปรุงแล้ว"), "ok")
    return redirect("/maintenance")


def _moment(typed: dict[str, str], name: str, errors: dict[str, Text]) -> datetime | None:
    day, at = thai_dates.parse_date(typed[f"{name}_date"]), thai_dates.parse_time(typed[f"{name}_time"])
    if isinstance(day, Text):
        errors[f"{name}_date"] = day
    if isinstance(at, Text):
        errors[f"{name}_time"] = at
    return datetime.combine(day, at, BANGKOK) if isinstance(day, date) and isinstance(at, time) else None


def _typed(window: Window) -> dict[str, str]:
    starts, ends = window.starts_at.astimezone(BANGKOK), window.ends_at.astimezone(BANGKOK)
    return {
        "from_date": thai_dates.numeric(starts),
        "from_time": f"{starts:%H:%M}",
        "until_date": thai_dates.numeric(ends),
        "until_time": f"{ends:%H:%M}",
        "system": window.system_code or "",
        "text_th": window.text.th,
        "text_en": window.text.en,
    }


def _page(errors: dict[str, Text], values: dict[str, str], editing: int | None = None) -> str:
    now = product().runtime.clock.now()
    with product().runtime.reading() as db:
        windows, systems = maintenance.planned(db, now), maintenance.systems(db)
    return render_template(
        "maintenance.html",
        windows=[{"window": window, "now": window.is_now(now)} for window in windows],
        systems=[(system["code"], system["name"]) for system in systems],
        may_edit="admin" in current_actor().roles,
        errors=errors,
        values=values,
        editing=editing,
    )
