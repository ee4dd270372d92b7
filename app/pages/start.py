"""Starting a case."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app import answers, bulk_rules
from app.access import allow, current_actor, product
from app.i18n import language
from app.pages_support import begin_case, startable
from app.rights_first import with_rights
from app.uploads import store_uploads
from workflows.clock import bangkok_date
from workflows.eligibility import failed_conditions
from workflows.errors import NotAllowed, Text
from workflows.queries import bulk, campaigns, cases, journey
from workflows.register import Register

pages = Blueprint("start", __name__)


@pages.get("/start/<process_id>")
@allow("public")
def show(process_id: str) -> Any:
    """What this is, what one needs, and drafts one has begun."""
    return _page(_process(process_id), None)


@pages.post("/start/<process_id>")
@allow("public")
def start(process_id: str) -> Any:
    """Start the case and go to its first step."""
    process = _process(process_id)
    variables: dict[str, Any] = {}
    if process.start_form:
        posted: MultiDict[str, str] = MultiDict(request.form)
        refresh = request.form.get("_go") == "refresh"
        wrong_files = {} if refresh else store_uploads(posted)
        with product().runtime.reading() as db:
            form = answers.bind_start(db, process.start_form, posted)
            if form.rearranged or refresh:
                return _page(process, form)
            form.validate()
            for name, text in wrong_files.items():
                form.add_error(name, text)
            if form.errors:
                return _page(process, form), 422
        variables = with_rights(process, form.answers, current_actor())
    case_id, first = begin_case(process.key, variables)
    if first is None and process.about("done", language()):
        return redirect(f"/start/{process_id}?done=1")
    if first is not None:
        return redirect(f"/work/{first}")
    with product().runtime.reading() as db:
        number = cases.find(db, current_actor(), str(case_id))["number"]
    if number:  # it was sent in one step
        flash(_("ส่งคำขอแล้ว เลขเรื่อง %(number)s เก็บเลขนี้ไว้ติดตามผล", number=number), "ok")
    return redirect(f"/cases/{number or case_id}")


def _process(process_id: str) -> Any:
    if process_id not in {one["id"] for one in startable(current_actor())}:
        if current_actor().account_id is None and process_id in product().runtime.services.definitions.latest_ids(
            "process"
        ):
            raise NotAllowed()
        abort(404)
    return product().runtime.services.definitions.latest_process(process_id)


def _failed(db: Any, process: Any, actor: Any) -> list[dict[str, str]]:
    """Every condition this person does not meet, in their language, each with its way out."""
    runtime, ending = product().runtime, "_en" if language() == "en" else ""
    register = Register(db, product().keyring, locked=False)
    found = failed_conditions(process, actor, register, runtime.services.definitions, runtime.clock.now())
    return [{"problem": each[f"problem{ending}"], "way_out": each[f"way_out{ending}"]} for each in found]


def _page(process: Any, form: Any) -> str:
    actor = current_actor()
    with product().runtime.reading() as db:
        if form is None and process.start_form:
            form = answers.bind_start(db, process.start_form, None)
        steps = [
            {"label": process.said(label, language()), "state": "waiting", "note": ""}
            for label, _ids in journey.plan(db, process.key)
        ]
        window = campaigns.admission(db, process.id, bangkok_date(product().runtime.clock.now()), actor)
        failed = _failed(db, process, actor)
        drafts = []
        sends_for = bulk.units(db, actor) if form is not None and "bundle" in {c.key for c in form.components} else []
        if actor.id != "visitor:":
            for case in cases.own(db, actor):
                if case["state"] == "ACTIVE" and case["number"] is None and case["process_id"] == process.id:
                    drafts.append(
                        {
                            "url": f"/cases/{case['id']}",
                            "started": case["started_at"],
                            "stage": process.said(case["stage"], language()),
                        }
                    )
    about = {
        "id": process.id,
        "name": process.title(language()),
        "intro": process.about("about", language()),
        "needs": [need.strip() for need in process.about("needs", language()).split("|") if need.strip()],
        "takes": process.about("takes", language()),
        "done": process.about("done", language()) if "done" in request.args else "",
        "steps": steps,
    }
    return render_template(
        "start.html",
        process=about,
        form=form,
        submit=_("เริ่ม"),
        failed=failed,
        refused=window if isinstance(window, Text) else None,
        way_out={"href": "/start", "label": _("ดูเรื่องอื่นที่ยื่นได้")},
        window=None if isinstance(window, Text) else window,
        supervises="supervisor" in actor.roles,
        drafts=drafts,
        sends_for=sends_for,
        rows_wrong=bulk_rules.problems_found(),
    )
