"""One open task: the form beside its case. The same page is a step of a visitor's draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from app import answers, bulk_rules, bulk_shown, case_papers
from app.access import allow, current_actor, product
from app.case_facts import campaign_facts, document_list, requester_facts
from app.diagram_words import header, said, title
from app.i18n import language, words
from app.pages_support import sla_shown, sla_stretches, stepper, timeline_shown
from app.rights_first import with_rights
from app.uploads import store_uploads
from workflows.commands.assign_work_item import AssignWorkItem
from workflows.commands.complete_work_item import CompleteWorkItem
from workflows.commands.save_draft import SaveDraft
from workflows.errors import AlreadyDone, Conflict, EngineIncident, NotFound, SitthiError
from workflows.queries import cases, inbox, work_items
from workflows.queries.work_items import OpenItem

pages = Blueprint("work", __name__)
_DECIDED = {"approve": _l("อนุมัติ"), "return": _l("ส่งกลับแก้ไข"), "reject": _l("ไม่อนุมัติ")}


@pages.get("/work/<int:work_item_id>")
@allow("actor")
def show(work_item_id: int) -> Any:
    """The task with its form; a draft saved before is filled in."""
    try:
        return _page(work_item_id)
    except AlreadyDone as done:
        return _taken(done, {})


@pages.post("/work/<int:work_item_id>")
@allow("actor")
def complete(work_item_id: int) -> Any:
    """Check the answers and complete the task, or show what is wrong with them. Nothing typed is lost."""
    runtime, actor = product().runtime, current_actor()
    posted = _with_exception(MultiDict(request.form))
    try:
        with runtime.reading() as db:
            found = work_items.open_item(runtime.services, db, actor, work_item_id)
        wanted = "refresh" if "_except" in posted else request.form.get("_go", "next")
        upload_errors = {} if wanted == "refresh" else store_uploads(posted)
        with runtime.reading() as db:
            form = answers.bind(db, actor, found, posted)
            if wanted == "refresh" or form.rearranged:  # an answer may change what is asked: neither checked nor taken
                return _page(work_item_id, form=form)
            if wanted == "save":
                runtime.execute(SaveDraft(work_item_id, form.answers), actor)
                flash(_("บันทึกร่างแล้ว"), "ok")
                return redirect(f"/work/{work_item_id}")
            form.validate()
            for name, text in upload_errors.items():
                form.add_error(name, text)
            if form.errors:
                return _page(work_item_id, form=form), 422
        process = runtime.services.definitions.process(found.case["definition_key"])
        given = with_rights(process, form.answers, actor)
        case_id = runtime.execute(CompleteWorkItem(work_item_id, given), actor)
    except AlreadyDone as done:
        return _taken(done, posted), 409
    except EngineIncident:
        flash(_("ระบบรับคำตอบของท่านแล้ว แต่เรื่องติดขัดชั่วคราว ผู้ดูแลระบบได้รับแจ้งแล้ว ท่านไม่ต้องทำซ้ำ"), "warn")
        return redirect(_after(found.case["id"]))
    return redirect(
        _after(case_id, done=said(found.case["definition_key"], found.item["name"]), draft=found.case["number"] is None)
    )


@pages.post("/work/<int:work_item_id>/claim")
@allow("actor")
def claim(work_item_id: int) -> Any:
    """Take the task out of the group's queue."""
    return _assign(AssignWorkItem(work_item_id), work_item_id, f"/work/{work_item_id}")


@pages.post("/work/<int:work_item_id>/release")
@allow("actor")
def release(work_item_id: int) -> Any:
    """Put the task back into the queue."""
    return _assign(AssignWorkItem(work_item_id, release=True), work_item_id, "/inbox")


def _assign(command: AssignWorkItem, work_item_id: int, then: str) -> Any:
    try:
        product().runtime.execute(command, current_actor())
    except AlreadyDone as done:
        return _taken(done, {}), 409
    except Conflict as conflict:
        flash(words(conflict.text), "warn")
        return redirect(f"/work/{work_item_id}")
    return redirect(then)


def _page(work_item_id: int, form: Any = None) -> Any:
    runtime, actor = product().runtime, current_actor()
    with runtime.reading() as db:
        found = work_items.open_item(runtime.services, db, actor, work_item_id)
        draft = work_items.draft_of(runtime.services, db, actor, work_item_id) if form is None else None
        form = form or answers.bind(db, actor, found, None, draft=draft)
        narrow = found.case["requester"] == actor.id and "decision" not in {c.key for c in form.components}
        open_elements = [item["element_id"] for item in cases.open_items(db, found.case["id"])]
        steps = stepper(db, found.case, open_elements)
        shown: dict[str, Any] = {
            "item": _item(found, actor.id, narrow),
            "form": form,
            "decisions": _decisions(form),
            "submit": header(found.item["headers"], "submit") or (_("ต่อไป") if narrow else None),
            "layout": "narrow" if narrow else "two",
            "taken": None,
            "answers": [],
            "next": None,
            "case": None,
            "draft": None,
            "letters": _letters(found, form),
        }
        if narrow:
            cancel = f"/cases/{found.case['id']}/cancel" if found.case["number"] is None else None
            shown["draft"] = {"steps": steps, "cancel_url": cancel, "back_url": None, "expires": None}
        else:
            shown["case"] = _case(db, found, steps, open_elements)
        shown["lines"] = bulk_shown.lines(db, found.case, found.variables, actor, found.item)
        shown["rows_wrong"] = bulk_rules.problems_found()
    return render_template("work_item.html", **shown)


def _letters(found: OpenItem, form: Any) -> list[dict[str, str]]:
    """The letters to print and have signed, where the step asks for the signed letter."""
    if not found.may_act or "letter" not in {component.key for component in form.components}:
        return []
    address = f"/work/{found.item['id']}/letters"
    return [
        {"url": f"{address}/{each['form']}.pdf", "label": each["label"]}
        for each in case_papers.letters(found.variables)
    ]


def _item(found: OpenItem, actor_id: str, narrow: bool) -> dict[str, Any]:
    item = found.item
    offered_to_group = bool(item["groups"] or item["users"])
    return {
        "id": item["id"],
        "title": said(found.case["definition_key"], item["name"]),
        "ask": header(item["headers"], "ask"),
        "number": found.case["number"] or "",
        "mine": item["assignee"] == actor_id,
        "claimable": item["assignee"] is None and offered_to_group and found.may_act and not narrow,
        "released": offered_to_group,
        "sla": sla_shown(found.case),
    }


def _case(db: Any, found: OpenItem, steps: list[dict[str, Any]], open_elements: list[str]) -> dict[str, Any]:
    case, runtime = found.case, product().runtime
    process = runtime.services.definitions.process(case["definition_key"])
    return {
        "number": case["number"],
        "subject": case["subject"],
        "requester": requester_facts(found.variables) + campaign_facts(db, case),
        "steps": steps,
        "files": document_list(cases.documents(db, case["id"]), found.variables, process.id),
        "sla": sla_shown(case),
        "ledger": sla_stretches(case),
        "events": timeline_shown(cases.timeline(db, product().keyring, case["id"]), process.key),
        "process_name": title(process.key),
        "diagram_url": f"/diagrams/file/{process.key}",
        "tokens": open_elements,
    }


def _with_exception(posted: MultiDict[str, str]) -> MultiDict[str, str]:
    """A press on "decide otherwise" beside a line of a list opens an exception for it."""
    line = posted.get("_except", "")
    if line.isascii() and line.isdigit():
        taken = [name.split(".")[1] for name in posted if name.startswith("exceptions.")]
        number = 1 + max((int(each) for each in taken if each.isascii() and each.isdigit()), default=-1)
        posted.add(f"exceptions.{number}.lines", line)
    return posted


def _decisions(form: Any) -> dict[str, dict[str, str]]:
    """What each decision means and does, in the words of the form; else in those of a request for access."""
    usual = {
        "approve": {"note": _("เอกสารและสิทธิถูกต้อง ส่งต่อขั้นถัดไป"), "button": _("อนุมัติและส่งต่อ")},
        "return": {"note": _("ผู้ขอแก้ไขแล้วส่งกลับมาที่ขั้นนี้"), "button": _("ส่งกลับให้ผู้ขอแก้ไข")},
        "reject": {"note": _("เรื่องจบ ผู้ขอได้รับแจ้งเหตุผล"), "button": _("ไม่อนุมัติและแจ้งผู้ขอ")},
    }
    field = next((each for each in form.components if each.key == "decision"), None)
    if field is None:
        return usual
    spoken = language()
    return {
        choice: {part: field.custom_text(f"{choice}_{part}", spoken) or words[part] for part in words}
        for choice, words in usual.items()
    }


def _after(case_id: int, done: str = "", *, draft: bool = False) -> str:
    """Where to go when a task is done: the requester's next step, the next task, or the case."""
    runtime, actor = product().runtime, current_actor()
    with runtime.reading() as db:
        following = inbox.next_item(db, actor, runtime.clock.now(), case_id=case_id)
        try:
            case = cases.find(db, actor, str(case_id))
        except NotFound:
            case = None
    own = actor.is_visitor or (case is not None and case["requester"] == actor.id)
    if draft and case is not None and case["number"]:
        sent = runtime.services.definitions.process(case["definition_key"]).about("sent", language())
        usual = _("ส่งคำขอแล้ว เลขเรื่อง %(number)s เก็บเลขนี้ไว้ติดตามผล", number=case["number"])
        flash(sent.replace("{number}", case["number"]) or usual, "ok")
    elif done and not (own and following is not None):  # the next step of one's own request says enough
        flash(_("บันทึกแล้ว: %(name)s", name=done), "ok")
    if following is not None:
        return f"/work/{following}"
    if own:
        return f"/cases/{case['number'] if case and case['number'] else case_id}"
    return "/inbox"


def _taken(done: SitthiError, posted: Mapping[str, str]) -> Any:
    """Somebody was first: who, when and what; and what this person had typed."""
    runtime, actor = product().runtime, current_actor()
    details = done.details
    with runtime.reading() as db:
        try:
            case = cases.find(db, actor, str(details.get("case", "")))
        except NotFound:
            raise done from None
    typed = [(name, value) for name, value in posted.items() if not name.startswith(("_", "csrf"))]
    item = {"id": details.get("work_item"), "title": _("งานนี้เสร็จแล้ว"), "number": case["number"] or "", "sla": None}
    return render_template(
        "work_item.html",
        item={**item, "ask": "", "mine": False, "claimable": False, "released": False},
        form=None,
        decisions=None,
        submit=None,
        layout="two",
        taken={
            "who": details.get("who", ""),
            "at": details.get("at"),
            "what": str(_DECIDED.get(details.get("decision", ""), _("ดำเนินการแล้ว"))),
        },
        answers=typed,
        case=_bare_case(case),
        draft=None,
        next=None,
    )


def _bare_case(case: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "number": case["number"],
        "subject": case["subject"],
        "requester": [],
        "steps": [],
        "files": [],
        "sla": None,
        "ledger": [],
        "events": [],
        "process_name": "",
        "diagram_url": None,
        "tokens": [],
    }
