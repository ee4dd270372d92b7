"""The inbox: one's own work and the queues of one's groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args
from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from app.access import allow, current_actor, product
from app.diagram_words import said
from app.pages_support import from_cursor, organisation, sla_shown, to_cursor
from workflows.actor import Actor
from workflows.errors import NotFound
from workflows.queries import inbox
from workflows.queries.inbox import Tab

pages = Blueprint("inbox", __name__)
_SHORTEST_SEARCH = 2


@pages.get("/inbox")
@allow("signed-in")
def mine() -> Any:
    """Everything that waits for me: mine, my groups', overdue, due soon."""
    return _page("/inbox", _("งานของฉัน"), "all")


@pages.get("/queue")
@allow("signed-in")
def queue() -> Any:
    """What waits for my groups and nobody has taken."""
    return _page("/queue", _("คิวกลุ่ม"), "groups")


def _page(path: str, title: str, default: Tab) -> str:
    actor, now = current_actor(), product().runtime.clock.now()
    wanted = request.args.get("tab", default)
    tab: Tab = wanted if wanted in get_args(Tab) else default  # type: ignore[assignment]
    text = request.args.get("q", "").strip()[:100]
    searched = text if len(text) >= _SHORTEST_SEARCH else ""
    with product().runtime.reading() as db:
        found = inbox.page(db, actor, now, tab=tab, text=searched, after=from_cursor(request.args.get("after")))
        counts = inbox.counts(db, actor, now)
        supervisors: dict[str, str] = {}
        items = []
        for row in found.rows:
            code = row["unit_code"]
            if code and code not in supervisors:
                supervisor = organisation(db, code).get("supervisor") or ""
                supervisors[code] = str(organisation(db, supervisor).get("name", "")) if supervisor else ""
            items.append(_shown(row, actor, now, supervisors.get(code, "")))
    keep = {"tab": tab, "q": text}
    after = to_cursor(found.after)
    page = {
        "prev_url": f"{path}?{urlencode(keep)}" if request.args.get("after") else None,
        "next_url": f"{path}?{urlencode({**keep, 'after': after})}" if after else None,
        "text": _("%(n)s รายการในหน้านี้", n=len(items)),
    }
    tabs = [
        {"href": f"{path}?tab={name}", "label": label, "count": count, "tone": tone, "current": name == tab}
        for name, label, count, tone in (
            ("all", _("ทั้งหมด"), None, ""),
            ("mine", _("งานของฉัน"), counts["mine"], ""),
            ("groups", _("คิวกลุ่ม"), counts["groups"], ""),
            ("overdue", _("เกินกำหนด"), counts["overdue"], "bad"),
            ("due_soon", _("ครบกำหนดใน 3 วัน"), counts["due_soon"], "warn"),
        )
    ]
    from_whom = _("เมื่อมีคำขอที่ต้องพิจารณา งานจะปรากฏที่นี่ตามกำหนดเวลา")
    return render_template(
        "inbox.html",
        title=title,
        tabs=tabs,
        q=text,
        items=items,
        page=page,
        may_decide=any(item["decidable"] for item in items),
        from_whom=from_whom,
    )


def _asks_for_a_decision(form_id: str | None) -> bool:
    """Whether a form is one of approving, so that several of its tasks may be decided at once."""
    try:
        form = product().runtime.services.definitions.form(form_id) if form_id else {}
    except NotFound:
        return False
    return any(each.get("key") == "decision" for each in form.get("components", ()))


def _shown(row: Mapping[str, Any], actor: Actor, now: Any, supervisor: str) -> dict[str, Any]:
    due = row["due_at"]
    return {
        "id": row["id"],
        "title": said(row["definition_key"], row["name"]),
        "person": row["subject"],
        "note": row["campaign"] or "",
        "unit_name": row["unit_name"],
        "unit_code": row["unit_code"],
        "supervisor": supervisor,
        "number": row["number"] or "–",
        "region": row["region"],
        "sla": sla_shown(row),
        "due": due,
        "late": due is not None and due < now,
        "claimable": row["assignee"] is None,
        "decidable": row["assignee"] in (None, actor.id) and _asks_for_a_decision(row["form_id"]),
        "mine": row["assignee"] == actor.id,
        "assignee": row["assignee"] or "",
    }
