"""PDFs that the product makes: letters to be signed, and the papers of a case for those who may see it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app import case_papers
from app.access import allow, current_actor, product
from app.security import file_answer
from workflows.errors import NotAllowed
from workflows.queries import cases, work_items

pages = Blueprint("papers", __name__)
_NAMES = {"receipt": _l("ใบรับคำขอ"), "notice": _l("หนังสือแจ้งผล"), "agreement": _l("ข้อตกลงรักษาความลับ")}


@pages.get("/work/<int:work_item_id>/letters/<int:form>.pdf")
@allow("actor")
def letter(work_item_id: int, form: int) -> Any:
    """The request letter of a form, filled in from the draft; for whoever may act on the draft alone."""
    runtime, actor = product().runtime, current_actor()
    with runtime.reading() as db:
        found = work_items.open_item(runtime.services, db, actor, work_item_id)
        if not found.may_act:
            raise NotAllowed(work_item=work_item_id)
        draft = work_items.draft_of(runtime.services, db, actor, work_item_id) or {}
        made = case_papers.request_letter(db, {**found.variables, **draft}, form)
    name = _("หนังสือขอ-แบบฟอร์ม-%(form)s", form=form)
    return file_answer(made, "application/pdf", f"{name}.pdf", download=True)


@pages.get("/cases/<number>/papers/<name>.pdf")
@allow("actor")
def of_case(number: str, name: str) -> Any:
    """A paper of a case: receipt, notice or agreement."""
    runtime, actor = product().runtime, current_actor()
    with runtime.reading() as db:
        case = cases.find(db, actor, number)
        made = case_papers.make(db, case, name)
    return file_answer(made, "application/pdf", f"{_NAMES[name]}-{case['number']}.pdf", download=True)
