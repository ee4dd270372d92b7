"""What several pages need: safe redirects, cursors, the shapes their templates ask for."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection

from app import ladder_words
from app.access import become_visitor, current_actor, product
from app.diagram_words import said
from app.i18n import language, thaidate
from workflows.actor import PROGRAM, Actor
from workflows.commands.count_attempt import CountAttempt
from workflows.commands.start_case import StartCase
from workflows.queries import cases, inbox, journey, tracking
from workflows.records import Organisation
from workflows.rules.sla_ledger import Stretch


def startable(actor: Actor) -> list[dict[str, str]]:
    """The processes this actor may start."""
    definitions = product().runtime.services.definitions
    found = []
    for process_id in definitions.latest_ids("process"):
        process = definitions.latest_process(process_id)
        if process.may_start(actor) and not process.only_called and not process.only_by_system:
            note = process.about("about", language())
            found.append({"id": process_id, "name": process.title(language()), "note": note})
    return found


_STARTS = (40, timedelta(minutes=15))
"""How many cases one address may start without an account."""


def begin_case(definition_key: int, variables: dict[str, Any]) -> tuple[int, int | None]:
    """Start a case for whoever is here, a stranger as a visitor; gives it and its first work item for them. Raises
    TooMany."""
    runtime, actor = product().runtime, current_actor()
    if actor.account_id is None:
        address = product().keyring.digest("attempt", request.remote_addr or "")
        runtime.execute(CountAttempt(f"start/{address}", *_STARTS), actor)
        actor = become_visitor()
    started = runtime.execute(StartCase(definition_key=definition_key, variables=variables), actor)
    with runtime.reading() as db:
        return started.case_id, inbox.next_item(db, actor, runtime.clock.now(), case_id=started.case_id)


def local_path(path: str | None) -> str:
    """The path to go on to: only one of this site, never another address."""
    if path and path.startswith("/") and not path.startswith(("//", "/\\")) and "\n" not in path:
        return path
    return "/"


def token_hash(token: str) -> str:
    """How the token of a one-time link is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def to_cursor(key: tuple[datetime, int] | None) -> str | None:
    """A page key as text for an address."""
    if key is None:
        return None
    return base64.urlsafe_b64encode(json.dumps([key[0].isoformat(), key[1]]).encode()).decode()


def from_cursor(text: str | None) -> tuple[datetime, int] | None:
    """The page key of an address; None for anything that is not one."""
    if not text:
        return None
    try:
        at, id_ = json.loads(base64.urlsafe_b64decode(text))
        return datetime.fromisoformat(at), int(id_)
    except (ValueError, TypeError):
        return None


def pager(path: str, more: bool, **query: object) -> dict[str, Any]:
    """What the template's pager wants: a link to the next page, if there is more."""
    return {"prev_url": None, "next_url": f"{path}?{urlencode(query, doseq=True)}" if more else None, "text": ""}


def organisation(db: Connection, code: str) -> Mapping[str, Any]:
    """An organisation's row; empty for none."""
    row = db.execute(Organisation.__table__.select().where(Organisation.code == code)).mappings().first()
    return dict(row) if row else {}


def sla_shown(case: Mapping[str, Any]) -> dict[str, Any] | None:
    """The service clock as the gauge wants it."""
    runtime = product().runtime
    if not case["sla"]:
        return None
    return cases.sla_summary(case, runtime.services.holidays.calendar(), runtime.clock.now())


def sla_stretches(case: Mapping[str, Any]) -> list[Stretch]:
    """The ledger of the service clock: every day from its start, folded into stretches."""
    runtime = product().runtime
    return cases.sla_ledger(case, runtime.services.holidays.calendar(), runtime.clock.now())


def stepper(db: Connection, case: Mapping[str, Any], open_elements: Sequence[str]) -> list[dict[str, Any]]:
    """The steps of a case as the template draws them."""
    found = journey.steps(db, case, tracking.milestones(db, case["id"]), open_elements)
    due = case["sla_due"]
    shown = []
    for step in found:
        note = thaidate(step.at) if step.at else ""
        if step.state == "current" and due:
            note = _("ภายใน %(day)s", day=thaidate(due))
        shown.append({"label": said(case["definition_key"], step.label), "state": step.state, "note": note})
    return shown


_EVENTS = {
    "case.started": (_l("เริ่มเรื่อง"), ""),
    "case.withdrawn": (_l("ผู้ขอถอนคำขอ"), "warn"),
    "case.cancelled": (_l("ยกเลิกเรื่อง"), "warn"),
    "item.assigned": (_l("รับงาน"), ""),
    "item.released": (_l("คืนงานเข้าคิว"), ""),
    "item.escalated": (_l("เกินกำหนด ส่งต่อหัวหน้า"), "bad"),
    "sla.start": (_l("เริ่มนับกำหนดเวลา"), ""),
    "sla.pause": (_l("หยุดนับกำหนดเวลา"), ""),
    "sla.resume": (_l("นับกำหนดเวลาต่อ"), ""),
    "sla.stop": (_l("หยุดนับ: ส่งคำตอบแล้ว"), "ok"),
    "sla.reminder": (_l("เตือนใกล้ครบกำหนด"), "warn"),
    "sla.breached": (_l("เกินกำหนด"), "bad"),
    "sla.recomputed": (_l("ปฏิทินวันหยุดเปลี่ยน คำนวณกำหนดใหม่"), ""),
    "consent.accepted": (_l("ยอมรับข้อตกลง"), ""),
    "consent.declined": (_l("ไม่ยอมรับข้อตกลง"), "warn"),
    "account.created": (_l("สร้างรหัสผู้ใช้"), "ok"),
    "account.password_voided": (_l("รหัสผ่านเดิมใช้ไม่ได้แล้ว"), ""),
    "account.changed": (_l("แก้ไขข้อมูลบัญชี"), "ok"),
    "account.cancelled": (_l("ยกเลิกบัญชี"), "bad"),
    "account.suspended": (_l("ระงับบัญชี"), "bad"),
    "account.reactivated": (_l("เปิดใช้บัญชีอีกครั้ง"), "ok"),
    "account.renewed": (_l("คืนบัญชีตามคำขอใหม่"), "ok"),
    "account.activated": (_l("เปิดใช้บัญชีครั้งแรก"), "ok"),
    "account.enrolled": (_l("ลงทะเบียนบัญชี"), "ok"),
    "account.password_changed": (_l("ตั้งรหัสผ่านใหม่"), "ok"),
    "account.reset_refused": (_l("เจ้าของบัญชีแจ้งว่าไม่ได้ขอรหัสผ่านใหม่"), "warn"),
    "grant.added": (_l("บันทึกสิทธิ"), "ok"),
    "grant.revoked": (_l("ถอนสิทธิ"), ""),
    "round.joined": (_l("เข้ารอบสิทธิ"), ""),
    "round.carried": (_l("เลื่อนรอบ"), "warn"),
    "round.opened": (_l("เปิดรอบ"), ""),
    "round.closed": (_l("ปิดรายชื่อ"), ""),
    "round.marked": (_l("ผู้ออกรหัสตัดสินรายการ"), ""),
    "round.confirmed": (_l("ยืนยันการออกสิทธิ"), "ok"),
    "round.effective": (_l("สิทธิมีผล"), "ok"),
    "ladder.attempted": (_l("วิธียืนยันตัวตน"), ""),
    "authentication.opened": (_l("ออกรหัสเข้ารับบริการ"), "ok"),
    "authentication.closed": (_l("ปิดสิทธิ"), "ok"),
    "bulk.loaded": (_l("รับรายชื่อแล้ว"), "ok"),
    "provision.again": (_l("สั่งปรับสิทธิที่ระบบปลายทาง"), ""),
    "difference.accepted": (_l("ยอมรับสิทธิที่ไม่ตรงกัน"), "warn"),
    "incident.raised": (_l("เรื่องติดขัด"), "bad"),
    "incident.resolved": (_l("แก้ไขเหตุติดขัดแล้ว"), "ok"),
    "requester.returned": (_l("ผู้ขอกลับเข้ามาด้วยรหัส OTP"), ""),
    "requester.asked_back": (_l("ขอรหัส OTP เพื่อเปิดเรื่องอีกครั้ง"), ""),
}
_LINES = {
    "approve": _l("อนุมัติ"),
    "return": _l("ส่งกลับแก้ไข"),
    "reject": _l("ไม่อนุมัติ"),
    "issued": _l("ออกสิทธิแล้ว"),
    "failed": _l("ออกสิทธิไม่ได้"),
    "rejected": _l("ไม่อนุมัติ"),
}
_DECISIONS = {"approve": (_l("อนุมัติ"), "ok"), "return": (_l("ส่งกลับแก้ไข"), "warn"), "reject": (_l("ไม่อนุมัติ"), "bad")}


def timeline_shown(events: Sequence[Mapping[str, Any]], definition_key: int | None = None) -> list[dict[str, Any]]:
    """The history of a case for the timeline, newest first; what says nothing to a person is left out. Tasks are called
    what the definition calls them in the language of the request."""
    shown = []
    for event in events:
        words, tone = _EVENTS.get(event["kind"], ("", ""))
        text, name = str(words), event["name"]
        if definition_key is not None and event["kind"].startswith("item."):
            name = said(definition_key, name)
        elif event["kind"] == "ladder.attempted":
            name = ladder_words.attempt(event["data"])
        if event["kind"] == "item.completed":
            decision, tone = _DECISIONS.get(event["data"].get("decision", ""), ("", ""))
            text = f"{name}: {decision}" if decision else name
        elif event["kind"] == "bulk.decided":
            text = _lines_decided(event["data"]["counts"])
        elif name and text:
            text = f"{text}: {name}"
        if text:
            comment = event["private"].get("comment", "")
            who = event["who"] or _someone(event["actor"])
            shown.append({"at": event["at"], "text": text, "actor": who, "comment": comment, "tone": tone})
    return _folded(shown)[::-1]


def _someone(actor: str) -> str:
    """Who acted without an account."""
    if actor.startswith(PROGRAM):
        return str(_("ระบบของหน่วยบริการ"))
    return str(_("ผู้ขอ")) if actor.startswith("visitor:") else ""


def _folded(events: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What one step did many times is told once."""
    folded: list[dict[str, Any]] = []
    for (at, text), same in groupby(sorted(events, key=lambda e: e["at"]), key=lambda e: (e["at"], e["text"])):
        first, *others = same
        folded.append({**first, "at": at, "text": f"{text} (×{1 + len(others)})" if others else text})
    return folded


def _lines_decided(counts: Mapping[str, int]) -> str:
    """How many lines of a bulk request were decided how."""
    told = [f"{_LINES[word]} {n}" for word, n in counts.items() if word in _LINES]
    return _("ผลรายคน: %(what)s", what=" · ".join(told)) if told else ""


OUTCOMES = {
    "approved": _l("อนุมัติและออกสิทธิแล้ว"),
    "partly_approved": _l("อนุมัติบางระบบ"),
    "issued": _l("ออกสิทธิครบทุกราย"),
    "rejected": _l("ไม่อนุมัติ"),
    "withdrawn": _l("ผู้ขอถอนคำขอ"),
    "declined": _l("ผู้ขอไม่ยอมรับข้อตกลง"),
    "cancelled": _l("ยกเลิกก่อนส่ง"),
    "expired": _l("ร่างหมดอายุ"),
    "answered": _l("ตอบทางอีเมลแล้ว"),
    "changed": _l("แก้ไขข้อมูลแล้ว"),
    "unchanged": _l("สิ้นสุดโดยไม่เปลี่ยนแปลง"),
    "account_cancelled": _l("ยกเลิกบัญชีแล้ว"),
    "reactivated": _l("เปิดใช้งานอีกครั้งแล้ว"),
    "registered": _l("ขึ้นทะเบียนแล้ว"),
    "not_eligible": _l("ไม่ครบเงื่อนไข"),
    "appointed": _l("แต่งตั้งผู้รับมอบอำนาจแล้ว"),
    "ended": _l("สิ้นสุดการมอบอำนาจแล้ว"),
    "settled": _l("ตัดสินครบทุกรายการ"),
    "reviewed": _l("ทบทวนแล้ว"),
    "no_head": _l("ข้าม: หน่วยไม่มีหัวหน้า"),
    "superseded": _l("ใช้ผลเทียบใหม่แทน"),
    "confirmed": _l("ยืนยันรหัสเข้ารับบริการ"),
    "void_before": _l("รหัสถูกยกเลิกไปก่อน"),
    "kept": _l("คงรหัสเข้ารับบริการไว้"),
    "taken_over": _l("ใช้เรื่องใหม่แทน"),
    "nothing": _l("ไม่มีสิ่งที่ต้องทวนสอบ"),
    "arrived": _l("มารับบริการตามคิวแล้ว"),
    "no_show": _l("ไม่มาตามคิว"),
    "booking_cancelled": _l("ยกเลิกคิวแล้ว"),
    "closed": _l("ปิดสิทธิแล้ว"),
    "day_over": _l("พ้นวันที่รับบริการโดยยังไม่ออกรหัส"),
    "refused": _l("หน่วยยังยืนยันตัวตนผู้รับบริการไม่ได้"),
    "already": _l("ใช้รหัสเข้ารับบริการเดิมที่ยังไม่ปิดสิทธิ"),
    "rights_unknown": _l("เลิกรายการ: ทะเบียนสิทธิไม่ตอบ"),
    "voided": _l("รหัสเข้ารับบริการถูกยกเลิก"),
}


_STATES = {word: word for word in ("rejected", "withdrawn", "cancelled", "expired", "terminated")}
_STATES |= {"partly_approved": "partly", "unchanged": "withdrawn", "no_show": "expired"}
_STATES |= dict.fromkeys(("declined", "booking_cancelled"), "cancelled")
_NOTHING_DONE = ("not_eligible", "refused", "already", "rights_unknown", "day_over", "no_head", "superseded")
_STATES |= dict.fromkeys((*_NOTHING_DONE, "taken_over", "nothing", "void_before"), "stopped")
"""Outcomes that are not simply "completed", as the templates' badge knows them."""


def outcome_words(case: Mapping[str, Any]) -> str:
    """How a case ended, in words; empty while it runs."""
    return str(OUTCOMES.get(case["outcome"], case["outcome"]))


def case_state(case: Mapping[str, Any]) -> str:
    """One word for the state of a case, as the templates' badge knows it."""
    if case["state"] == "ACTIVE":
        if case["number"] is None:
            return "draft"
        return "running"
    outcome = case["outcome"] or ("terminated" if case["state"] == "TERMINATED" else "completed")
    return _STATES.get(outcome, "completed")
