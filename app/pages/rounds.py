"""Rounds of grants: what is coming, who is in a round and who will miss it, and the issuer's lines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.access import allow, current_actor, product
from app.adapters.workbooks import issuance_batch_xlsx
from app.i18n import thaidate, words
from app.papers.issuance_batch import BatchRow, issuance_batch_pdf
from workflows.clock import bangkok_date
from workflows.commands.carry_over_line import MAY, CarryOverLines
from workflows.commands.mark_round_lines import MarkRoundLines
from workflows.errors import InvalidAnswers, NotFound, SitthiError
from workflows.queries import cases, rounds

pages = Blueprint("rounds", __name__)
_PAGE = 50
_STATES = {
    "waiting": (_l("รออนุมัติ"), "warn"),
    "approved": (_l("อยู่ในบัญชี"), "info"),
    "confirmed": (_l("ยืนยันแล้ว"), "ok"),
    "effective": (_l("ออกสิทธิแล้ว"), "ok"),
    "refused": (_l("ไม่ออกสิทธิ"), "bad"),
    "carried": (_l("เลื่อนรอบ"), "warn"),
    "left": (_l("ออกจากรอบ"), ""),
    "singly": (_l("ออกเป็นรายเรื่อง"), "ok"),
}
_TABS = {"list": _l("อยู่ในบัญชี"), "waiting": _l("ยังไม่อนุมัติ"), "gone": _l("ไม่อยู่ในบัญชีแล้ว")}


@pages.get("/rounds")
@allow(*rounds.READERS)
def show_all() -> Any:
    """Rounds that are running, the schedules they come of with their next days, and rounds that ended."""
    runtime = product().runtime
    today, calendar = bangkok_date(runtime.clock.now()), runtime.services.holidays.calendar()
    with runtime.reading() as db:
        running, ended = rounds.rounds(db, ended=False), rounds.rounds(db, ended=True, limit=12)
        kept = rounds.schedules(db)
    year = today + timedelta(days=366)
    schedules = [
        {**row, "next": [found for found, _n in zip(rounds.coming(row, calendar, today, year), range(3), strict=False)]}
        for row in kept
    ]
    return render_template(
        "rounds.html",
        running=[_round(row, today) for row in running],
        ended=[_round(row, today) for row in ended],
        schedules=schedules,
        may_edit=bool(current_actor().roles & {"designer", "admin"}),
    )


@pages.get("/rounds/<round_id>")
@allow(*rounds.READERS)
def show(round_id: str) -> Any:
    """One round: its list, who will miss it and why, and who is not in it any more."""
    return _page(round_id)


@pages.post("/rounds/<round_id>/lines")
@allow("issuer")
def mark(round_id: str) -> Any:
    """Confirm the chosen lines, or refuse them with a reason."""
    chosen = [int(one) for one in request.form.getlist("case") if one.isascii() and one.isdigit() and len(one) < 20]
    confirmed, reason = request.form.get("_go") == "confirm", request.form.get("reason", "").strip()[:500]
    if not chosen:
        return _page(round_id, _("เลือกรายการในบัญชีก่อน"), reason), 422
    try:
        count = product().runtime.execute(MarkRoundLines(round_id, chosen, confirmed, reason), current_actor())
    except InvalidAnswers as wrong:
        return _page(round_id, words(wrong.errors["reason"]), reason, chosen), 422
    except SitthiError as refused:
        return _page(round_id, words(refused.text), reason, chosen), 409
    flash(
        _("ยืนยันแล้ว %(n)s ราย", n=count) if confirmed else _("บันทึกว่าไม่ออกสิทธิ %(n)s ราย ผู้ขอจะได้รับแจ้งเหตุผล", n=count), "ok"
    )
    return redirect(f"/rounds/{round_id}")


@pages.post("/rounds/<round_id>/carry")
@allow(*MAY)
def carry(round_id: str) -> Any:
    """Carry one case over to the following round."""
    case = request.form.get("carry", "")
    if not (case.isascii() and case.isdigit() and len(case) < 20):
        raise NotFound(case=case)
    reason = request.form.get("reason", "").strip()[:500] or _("เลื่อนรอบโดยเจ้าหน้าที่")
    try:
        product().runtime.execute(CarryOverLines(round_id, [int(case)], reason), current_actor())
    except SitthiError as refused:
        return _page(round_id, words(refused.text)), 409
    flash(_("เลื่อนไปรอบถัดไปแล้ว ผู้ขอจะได้รับแจ้งรอบใหม่และเหตุผล"), "ok")
    return redirect(f"/rounds/{round_id}?tab={request.form.get('tab', 'list')}")


@pages.get("/rounds/<round_id>/list.<kind>")
@allow("issuer", "designer", "admin", "auditor")
def download(round_id: str, kind: str) -> Any:
    """The batch list as Excel or PDF."""
    runtime = product().runtime
    today = bangkok_date(runtime.clock.now())
    with runtime.reading() as db:
        found = rounds.find(db, round_id)
        rows = list(rounds.batch(runtime.services, db, round_id))
    title = f"บัญชีออกสิทธิ {found['name']}"
    if kind == "xlsx":
        body, mime = (
            issuance_batch_xlsx(title, rows),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        )
    elif kind == "pdf":
        said = _("ตัดรอบ %(cutoff)s ปิดรายชื่อ %(closes)s มีผล %(effective)s", **_days(found))
        names = ("person", "pid", "unit", "username", "system", "role")
        body = issuance_batch_pdf(title, said, [BatchRow(**{name: row[name] for name in names}) for row in rows], today)
        mime = "application/pdf"
    else:
        raise NotFound(kind=kind)
    answer = Response(body, content_type=mime)
    answer.headers["Content-Disposition"] = f'attachment; filename="round-{found["effective_on"]}.{kind}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _page(round_id: str, error: str = "", reason: str = "", chosen: Any = ()) -> str:
    runtime, actor = product().runtime, current_actor()
    tab = request.args.get("tab", "list")
    tab = tab if tab in _TABS else "list"
    after = request.args.get("after", "")
    with runtime.reading() as db:
        found = rounds.find(db, round_id)
        counts = rounds.counts(db, actor, round_id)
        start = int(after) if after.isascii() and after.isdigit() and len(after) < 20 else 0
        lines = rounds.lines(db, actor, round_id, rounds.TABS[tab], after=start, limit=_PAGE + 1)
        items = cases.open_items(db, found["case_id"]) if found["case_id"] and "issuer" in actor.roles else []
    more = f"/rounds/{round_id}?tab={tab}&after={lines[_PAGE - 1]['case_id']}" if len(lines) > _PAGE else None
    listed = found["state"] == "listed" and tab == "list"
    return render_template(
        "round.html",
        round=_round({**found, "lines": counts}, bangkok_date(runtime.clock.now())),
        tabs=[
            {
                "href": f"/rounds/{round_id}?tab={name}",
                "label": label,
                "count": sum(counts.get(state, 0) for state in rounds.TABS[name]),
                "tone": "warn" if name == "waiting" else "",
                "current": name == tab,
            }
            for name, label in _TABS.items()
            if name != "waiting" or found["channel"] == "smartcard"  # the regular ones join when all have approved
        ],
        tab=tab,
        lines=[_line(row) for row in lines[:_PAGE]],
        page={"prev_url": None, "next_url": more, "text": _("%(n)s รายการในหน้านี้", n=len(lines[:_PAGE]))},
        may_mark=listed and "issuer" in actor.roles and counts.get("approved", 0) > 0,
        confirm_item=next((item["id"] for item in items if item["element_id"] == "confirm"), None),
        may_carry=found["state"] != "issued" and bool(actor.roles & MAY),
        may_download=bool(actor.roles & rounds.SEES_ALL),
        sees_case=bool(actor.roles & {"designer", "admin", "auditor"}),
        error=error,
        reason=reason,
        chosen={str(one) for one in chosen},
    )


def _round(row: Mapping[str, Any], today: date) -> dict[str, Any]:
    return {**row, "phase": _phase(row, today), "on_list": sum(row["lines"].get(s, 0) for s in rounds.ON_THE_LIST)}


def _phase(row: Mapping[str, Any], today: date) -> tuple[str, str]:
    """Tone and words for where a round stands."""
    if row["state"] == "issued":
        return "ok", _("ออกสิทธิครบ")
    if row["state"] == "listed":
        return "info", _("ปิดรายชื่อแล้ว รอยืนยัน") if row["lines"].get("approved") else _("ยืนยันแล้ว รอวันมีผล")
    if row["cutoff"] <= today:
        return "warn", _("ตัดรอบแล้ว รอปิดรายชื่อ")
    return "", _("ยังไม่เปิดรับ") if row["opens_on"] and row["opens_on"] > today else _("เปิดรับ")


def _line(row: Mapping[str, Any]) -> dict[str, Any]:
    label, tone = _STATES[row["state"]]
    return {**row, "label": label, "tone": tone, "person": row["subject"].partition(" · ")[0]}


def _days(found: Mapping[str, Any]) -> dict[str, str]:
    return {name: thaidate(found[column]) for name, column in _COLUMNS.items()}


_COLUMNS = {"cutoff": "cutoff", "closes": "closes_on", "effective": "effective_on"}
