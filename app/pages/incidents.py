"""Incidents: what an administrator must mend."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _

from app.access import allow, current_actor, product
from workflows.commands.resolve_incident import ResolveIncident
from workflows.errors import Conflict, EngineIncident, Text
from workflows.queries import cases, incidents, work_items

pages = Blueprint("incidents", __name__)
_READERS = ("admin", "designer", "auditor")
_PAGE = 50


@pages.get("/incidents")
@allow(*_READERS)
def listed() -> Any:
    """Open incidents, or with ``?state=RESOLVED`` the mended ones."""
    state = "RESOLVED" if request.args.get("state") == "RESOLVED" else "ACTIVE"
    before = request.args.get("before", "")
    key = int(before) if before.isascii() and before.isdigit() and len(before) < 20 else None
    with product().runtime.reading() as db:
        rows = incidents.listed(db, state=state, before=key, limit=_PAGE + 1)
    more = f"/incidents?state={state}&before={rows[_PAGE - 1]['id']}" if len(rows) > _PAGE else None
    tabs = [
        {"href": "/incidents", "label": _("รอแก้ไข"), "tone": "bad", "current": state == "ACTIVE"},
        {"href": "/incidents?state=RESOLVED", "label": _("แก้ไขแล้ว"), "tone": "", "current": state == "RESOLVED"},
    ]
    return render_template(
        "incidents.html",
        tabs=tabs,
        incidents=[_row(row) for row in rows[:_PAGE]],
        page={"prev_url": None, "next_url": more, "text": ""},
        many=state == "ACTIVE",
    )


@pages.get("/incidents/<int:incident_id>")
@allow(*_READERS)
def show(incident_id: int) -> Any:
    """One incident with the variables the case has."""
    runtime, actor = product().runtime, current_actor()
    with runtime.reading() as db:
        row = incidents.by_id(db, incident_id)
        case = cases.find(db, actor, str(row["case_id"])) if actor.sees_everything else None
        variables = work_items.variables_of(runtime.services, case) if case else {}
    elements = runtime.services.definitions.process(case["definition_key"]).definition.elements if case else {}
    shown = {
        **_row(row),
        "element_name": elements.get(row["element_id"], ("", ""))[0],
        "state": row["state"],
        "resolved_at": row["resolved_at"],
        "resolved_by": row["resolved_by"],
        "action": "",
        "actor": row["actor"] if not row["actor"].startswith("visitor:") else _("ผู้ขอ"),
    }
    listed_variables = [(name, json.dumps(v, ensure_ascii=False), False) for name, v in sorted(variables.items())]
    return render_template(
        "incident.html",
        incident=shown,
        variables=listed_variables if "designer" in actor.roles else [],
        errors={},
        diagram_url=f"/diagrams/file/{case['definition_key']}" if case else None,
    )


@pages.post("/incidents/<int:incident_id>/retry")
@allow("admin", "designer")
def retry(incident_id: int) -> Any:
    """Take up again what stopped."""
    _retry(incident_id)
    return redirect("/incidents")


@pages.post("/incidents/retry")
@allow("admin", "designer")
def retry_many() -> Any:
    """Take up several."""
    for text in request.form.getlist("incident")[:100]:
        if text.isascii() and text.isdigit():
            _retry(int(text))
    return redirect("/incidents")


def _retry(incident_id: int) -> None:
    try:
        product().runtime.execute(ResolveIncident(incident_id), current_actor())
        flash(_("เรื่องเดินต่อแล้ว"), "ok")
    except EngineIncident as incident:
        flash(_("ยังติดขัด: %(why)s", why=incident.text.th), "warn")
    except Conflict:
        flash(_("มีผู้แก้ไขเหตุนี้แล้ว"), "warn")


def _row(row: Any) -> dict[str, Any]:
    return {
        "id": row["id"],
        "text": Text(row["text_th"], row["text_en"]),
        "number": row["number"] or str(row["case_id"]),
        "process": row["process_id"],
        "element_id": row["element_id"],
        "error_type": row["error_type"],
        "at": row["created_at"],
    }
