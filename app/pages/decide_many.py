"""One decision for several tasks of the same kind. Each is completed by itself; the page tells what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app import answers
from app.access import allow, current_actor, product
from app.diagram_words import said
from app.i18n import words
from app.pages_support import local_path
from forms import schema
from forms.rules import DECISIONS_WITH_REASON
from workflows.commands.complete_work_item import CompleteWorkItem
from workflows.errors import EngineIncident, SitthiError, Text
from workflows.queries import work_items
from workflows.queries.work_items import OpenItem

pages = Blueprint("decide_many", __name__)
_MOST = 100
_NOTHING_CHOSEN = Text("เลือกอย่างน้อยหนึ่งงาน", "Choose at least one task")
_NO_DECISION = Text("เลือกผลการพิจารณา", "Choose a decision")
_NO_REASON = Text("ระบุเหตุผลหรือสิ่งที่ต้องแก้ไข", "Give the reason, or what has to be corrected")
_MIXED = Text(
    "งานที่เลือกเป็นคนละขั้นตอน เอาเครื่องหมายออกให้เหลือขั้นตอนเดียว", "These tasks are of different steps; keep those of one step"
)


@pages.post("/inbox/decide")
@allow("signed-in")
def decide() -> Any:
    """Decide the chosen tasks, or ask for what is missing; the choice is not lost."""
    chosen = [
        int(each) for each in request.form.getlist("item") if each.isascii() and each.isdigit() and len(each) < 20
    ]
    decision, comment = request.form.get("decision", ""), request.form.get("comment", "").strip()
    opened, results = _open(list(dict.fromkeys(chosen))[:_MOST])
    problem = _problem(opened, decision, comment)
    back = local_path(request.form.get("back")) if request.form.get("back") else "/inbox"
    shown = {"decision": decision, "comment": comment, "back": back}
    if problem is not None and (opened or not results):
        rows = [_row(found) for found in opened]
        return render_template(
            "decide_many.html", rows=rows, results=results, problem=problem, options=_options(opened), **shown
        ), 422
    results += [_decide(found, decision, comment) for found in opened]
    return render_template("decide_many.html", rows=[], results=results, problem=None, options=[], **shown)


def _open(ids: Sequence[int]) -> tuple[list[OpenItem], list[dict[str, Any]]]:
    """The tasks that are still open to the actor, and what became of the others."""
    runtime, actor = product().runtime, current_actor()
    opened, results = [], []
    for id_ in ids:
        with runtime.reading() as db:
            try:
                opened.append(work_items.open_item(runtime.services, db, actor, id_))
            except SitthiError as gone:
                results.append({"id": id_, "title": _("งาน"), "number": "", "done": False, "text": words(gone.text)})
    return opened, results


def _problem(opened: Sequence[OpenItem], decision: str, comment: str) -> Text | None:
    """What has to be settled before anything is decided."""
    if not opened:
        return _NOTHING_CHOSEN
    if len({(found.form_id, found.item["element_id"]) for found in opened}) > 1:
        return _MIXED
    if decision not in {option["value"] for option in _options(opened)}:
        return _NO_DECISION
    return _NO_REASON if decision in DECISIONS_WITH_REASON and not comment else None


def _options(opened: Sequence[OpenItem]) -> list[Mapping[str, Any]]:
    """The decisions that the form of the first task offers."""
    if not opened or not opened[0].form_id:
        return []
    components = schema.parse(product().runtime.services.definitions.form(opened[0].form_id))
    found = next((each for each in components if each.key == "decision"), None)
    return list(found.raw.get("values") or []) if found else []


def _decide(found: OpenItem, decision: str, comment: str) -> dict[str, Any]:
    """Complete one task as its own page would."""
    runtime, actor = product().runtime, current_actor()
    posted: MultiDict[str, str] = MultiDict({"decision": decision, "comment": comment})
    row = _row(found)
    try:
        with runtime.reading() as db:
            form = answers.bind(db, actor, found, posted)
            if not form.validate():
                told = " ".join(dict.fromkeys(words(text) for text in form.errors.values()))
                return {**row, "done": False, "text": _("งานนี้ต้องเปิดทำเอง: %(why)s", why=told)}
        runtime.execute(CompleteWorkItem(found.item["id"], form.answers), actor)
    except EngineIncident:
        return {**row, "done": True, "text": _("รับคำตอบแล้ว แต่เรื่องติดขัดชั่วคราว ผู้ดูแลระบบได้รับแจ้งแล้ว")}
    except SitthiError as refused:
        return {**row, "done": False, "text": words(refused.text)}
    return {**row, "done": True, "text": _("บันทึกแล้ว")}


def _row(found: OpenItem) -> dict[str, Any]:
    case = found.case
    return {
        "id": found.item["id"],
        "title": said(case["definition_key"], found.item["name"]),
        "number": case["number"] or "",
        "subject": case["subject"],
        "unit_code": case["unit_code"],
    }
