"""Cases: one's own, the search, and the file of one case."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _

from app import bulk_shown, case_papers
from app.access import allow, current_actor, product
from app.case_facts import campaign_facts, document_list, requester_facts
from app.diagram_words import said, title
from app.pages_support import case_state, outcome_words, sla_shown, sla_stretches, stepper, timeline_shown
from workflows.actor import Actor
from workflows.commands.cancel_case import CancelCase
from workflows.commands.withdraw_case import MESSAGE, WithdrawCase
from workflows.queries import bookings, cases, incidents, linked, outbox, provisioning, work_items
from workflows.queries.desk import PROCESS
from workflows.queries.visibility import may_see
from workflows.records import Subscription
from workflows.work_rights import may_act

pages = Blueprint("cases", __name__)
_PAGE = 50


@pages.get("/cases")
@allow("actor")
def own() -> Any:
    """My own requests."""
    with product().runtime.reading() as db:
        found = [_row(case) for case in cases.own(db, current_actor())]
    return render_template("cases.html", title=_("คำขอของฉัน"), cases=found, page=None, q=None)


@pages.get("/search")
@allow("signed-in")
def search() -> Any:
    """Cases I may see, by number, name or unit."""
    text = request.args.get("q", "").strip()[:100]
    before = request.args.get("before", "")
    with product().runtime.reading() as db:
        after = int(before) if before.isascii() and before.isdigit() and len(before) < 20 else None
        found = cases.search(db, current_actor(), text, before=after, limit=_PAGE + 1)
    rows = [_row(case) for case in found[:_PAGE]]
    more = f"/search?{urlencode({'q': text, 'before': found[_PAGE - 1]['id']})}" if len(found) > _PAGE else None
    page = {"prev_url": None, "next_url": more, "text": _("%(n)s เรื่องในหน้านี้", n=len(rows))}
    return render_template("cases.html", title=_("ค้นหาเรื่อง"), cases=rows, page=page, q=text)


@pages.get("/cases/<number>")
@allow("actor")
def show(number: str) -> Any:
    """The file of one case; an open step of one's own draft is shown at once."""
    runtime, actor = product().runtime, current_actor()
    with runtime.reading() as db:
        case = cases.find(db, actor, number)
        items = cases.open_items(db, case["id"])
        if case["number"] is None and case["requester"] == actor.id:
            mine = [item["id"] for item in items if item["assignee"] == actor.id]
            if mine:
                return redirect(f"/work/{mine[0]}")
        return render_template("case.html", **_file(db, case, items, actor))


@pages.post("/cases/<number>/withdraw")
@allow("actor")
def withdraw(number: str) -> Any:
    """Take one's own request back."""
    runtime, actor = product().runtime, current_actor()
    with runtime.reading() as db:
        case = cases.find(db, actor, number)
    runtime.execute(WithdrawCase(case["id"]), actor)
    flash(_("ถอนคำขอแล้ว"), "ok")
    return redirect(f"/cases/{case['number'] or case['id']}")


@pages.post("/cases/<number>/cancel")
@allow("actor")
def cancel(number: str) -> Any:
    """Throw away a draft that was not sent, or (administrators) end a case."""
    runtime, actor = product().runtime, current_actor()
    with runtime.reading() as db:
        case = cases.find(db, actor, number)
    runtime.execute(CancelCase(case["id"]), actor)
    flash(_("ยกเลิกแล้ว ข้อมูลร่างไม่ถูกส่ง") if case["number"] is None else _("ยกเลิกเรื่องแล้ว"), "ok")
    return redirect("/")


def _row(case: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **case,
        "process": title(case["definition_key"]),
        "stage": said(case["definition_key"], case["stage"]),
        "unit_name": case.get("unit_name") or "",
        "state": case_state(case),
        "sla": sla_shown(case),
        "started": case["started_at"],
        "url": f"/cases/{case['number'] or case['id']}",
    }


def _file(db: Any, case: Mapping[str, Any], items: list[Mapping[str, Any]], actor: Actor) -> dict[str, Any]:
    runtime, keyring = product().runtime, product().keyring
    variables = work_items.variables_of(runtime.services, case)
    events = cases.timeline(db, keyring, case["id"])
    process = runtime.services.definitions.process(case["definition_key"])
    checks_audit = bool(actor.roles & {"auditor", "admin"})
    sees_variables = bool(actor.roles & {"designer"}) and actor.sees_everything
    passed = [event["element_id"] for event in reversed(events) if event["kind"] == "item.completed"]
    done = list(dict.fromkeys(passed))[::-1]  # the last one last
    open_elements = [item["element_id"] for item in items]
    can_withdraw = (
        case["requester"] == actor.id
        and case["state"] == "ACTIVE"
        and case["number"] is not None
        and db.execute(
            Subscription.__table__.select().where(Subscription.case_id == case["id"], Subscription.name == MESSAGE)
        ).first()
        is not None
    )
    return {
        "case": {
            "number": case["number"] or "",
            "subject": case["subject"],
            "own": case["requester"] == actor.id,
            "process": title(process.key),
            "state": case_state(case),
            "stage": said(process.key, case["stage"]),
            "started": case["started_at"],
            "ended": case["ended_at"],
            "outcome": outcome_words(case),
        },
        "steps": stepper(db, case, open_elements),
        "waiting": [_waiting(item, process.key, actor) for item in items],
        "facts": requester_facts(variables) + campaign_facts(db, case),
        "lines": bulk_shown.lines(db, case, variables, actor, None),
        "parts": [_row(part) for part in linked.others(db, case["id"]) if may_see(db, actor, part["id"])],
        "files": document_list(cases.documents(db, case["id"]), variables, process.id),
        "papers": [
            {"url": f"/cases/{case['number']}/papers/{paper['name']}.pdf", "label": paper["label"]}
            for paper in case_papers.available(db, case, variables)
        ]
        + _slip(case, process.id, actor),
        "messages": outbox.of_case(db, keyring, case["id"]),
        "grants": provisioning.of_case(db, case["id"]),
        "sla": sla_shown(case),
        "stretches": sla_stretches(case),
        "events": timeline_shown(events, process.key),
        "audit": {"whole": cases.audit_is_whole(db, keyring, case), "links": case["chain_seq"]}
        if checks_audit
        else None,
        "incidents": incidents.of_case(db, case["id"]),
        "variables": [(name, json.dumps(value, ensure_ascii=False)) for name, value in sorted(variables.items())]
        if sees_variables
        else None,
        "diagram_url": None if actor.is_visitor else f"/diagrams/file/{process.key}",
        "tokens": open_elements,
        "done": done,
        "can_withdraw": can_withdraw,
        "never_withdrawn": process.never_withdrawn if case["state"] == "ACTIVE" and case["number"] else None,
        "qr_url": _booking_page(db, case) if case["requester"] == actor.id else None,
    }


def _slip(case: Mapping[str, Any], process_id: str, actor: Actor) -> list[dict[str, str]]:
    """The slip of an authentication that has its code, for the desk that may print it."""
    if process_id != PROCESS or case["number"] is None or f"frontdesk:{case['unit_code']}" not in actor.groups:
        return []
    return [{"url": f"/front-desk/{case['id']}/slip.pdf", "label": _("ใบรหัสเข้ารับบริการ")}]


def _booking_page(db: Any, case: Mapping[str, Any]) -> str | None:
    """Where whoever booked finds the QR to show, and may cancel."""
    token = bookings.token_of_case(db, product().keyring, case["id"])
    return f"/booking/{token}" if token else None


def _waiting(item: Mapping[str, Any], definition_key: int, actor: Actor) -> dict[str, Any]:
    mine = may_act(actor, item["assignee"], item["users"], item["groups"]) and not item["held"]
    return {
        "what": said(definition_key, item["name"]),
        "who": item["assignee"] if item["assignee"] and not item["assignee"].startswith("visitor:") else "",
        "since": item["opened_at"],
        "url": f"/work/{item['id']}" if mine else None,
    }
