"""Campaigns: when a process takes requests, and by which day each level is to be done."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _

from app.access import allow, current_actor, product
from app.i18n import language
from workflows.clock import bangkok_date
from workflows.commands.save_campaign import SaveCampaign
from workflows.commands.withdraw_campaign import WithdrawCampaign
from workflows.errors import Text
from workflows.queries import campaigns
from workflows.rules import thai_dates
from workflows.rules.campaign_window import Window, problems

pages = Blueprint("campaigns", __name__)
_NEEDED, _OPTIONAL = ("opens_on", "closes_on"), ("units_by", "supervisors_by")
_LONGEST = 500


@pages.get("/campaigns")
@allow("admin", "designer", "auditor")
def listed() -> Any:
    """All campaigns, and the form for more; ``?edit=`` fills it with one that is there."""
    wanted = request.args.get("edit", "")
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 20):
        return _page({}, {})
    with product().runtime.reading() as db:
        window = campaigns.find(db, int(wanted))
    return _page({}, _typed(window), window.id)


@pages.post("/campaigns")
@allow("admin", "designer")
def save() -> Any:
    """Announce a campaign, or change the one that was edited."""
    fields = ("name", "process_id", "message", *_NEEDED, *_OPTIONAL)
    typed = {name: request.form.get(name, "").strip()[:_LONGEST] for name in fields}
    id_ = request.form.get("id", "")
    known = int(id_) if id_.isascii() and id_.isdigit() and len(id_) < 20 else None
    errors: dict[str, Text] = {}
    days = {name: _day(typed, name, errors) for name in (*_NEEDED, *_OPTIONAL)}
    if not typed["name"]:
        errors["name"] = Text("ตั้งชื่อรอบ", "Give the campaign a name")
    if typed["process_id"] not in {value for value, _label in _processes()}:
        errors["process_id"] = Text("เลือกกระบวนงาน", "Choose a process")
    opens_on, closes_on = days["opens_on"], days["closes_on"]
    if opens_on and closes_on:
        errors = {**problems(opens_on, closes_on, days["units_by"], days["supervisors_by"]), **errors}
    if errors or opens_on is None or closes_on is None:
        return _page(errors, typed, known), 422
    command = SaveCampaign(
        typed["name"], typed["process_id"], opens_on, closes_on, days["units_by"], days["supervisors_by"],
        typed["message"], known,
    )  # fmt: skip
    product().runtime.execute(command, current_actor())
    flash(_("บันทึกรอบรับคำขอแล้ว"), "ok")
    return redirect("/campaigns")


@pages.post("/campaigns/<int:campaign_id>/withdraw")
@allow("admin", "designer")
def withdraw(campaign_id: int) -> Any:
    """Take a campaign back: it no longer opens or closes its process."""
    product().runtime.execute(WithdrawCampaign(campaign_id), current_actor())
    flash(_("ยกเลิกรอบรับคำขอแล้ว"), "ok")
    return redirect("/campaigns")


def _day(typed: dict[str, str], name: str, errors: dict[str, Text]) -> date | None:
    if not typed[name] and name in _OPTIONAL:
        return None
    day = thai_dates.parse_date(typed[name])
    if isinstance(day, Text):
        errors[name] = day
        return None
    return day


def _typed(window: Window) -> dict[str, str]:
    days = {name: getattr(window, name) for name in (*_NEEDED, *_OPTIONAL)}
    return {
        "name": window.name,
        "process_id": window.process_id,
        "message": window.message,
        **{name: thai_dates.numeric(day) if day else "" for name, day in days.items()},
    }


def _processes() -> list[tuple[str, str]]:
    definitions = product().runtime.services.definitions
    found = [definitions.latest_process(id_) for id_ in definitions.latest_ids("process")]
    return [
        (process.id, process.title(language()))
        for process in found
        if not process.only_called and not process.only_by_system
    ]


def _page(errors: dict[str, Text], values: dict[str, str], editing: int | None = None) -> str:
    today = bangkok_date(product().runtime.clock.now())
    with product().runtime.reading() as db:
        found = campaigns.listed(db)
    names = dict(_processes())
    return render_template(
        "campaigns.html",
        campaigns=[
            {"window": window, "process": names.get(window.process_id, window.process_id),
             "state": _state(window, withdrawn, today)}
            for window, withdrawn in found
        ],
        processes=list(names.items()),
        may_edit=bool(current_actor().roles & {"admin", "designer"}),
        errors=errors,
        values=values,
        editing=editing,
    )  # fmt: skip


def _state(window: Window, withdrawn: bool, today: date) -> str:
    if withdrawn:
        return "withdrawn"
    return "ahead" if today < window.opens_on else "open" if today <= window.closes_on else "over"
