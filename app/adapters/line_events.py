"""What people write in LINE, answered: help, their queue, a scanned QR of a unit.

An event may be worked on twice, so nothing here counts or adds up: a scan that is kept already is renewed, and the
answer goes out under a key made of the event's id.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlencode

from workflows.actor import LINE_VISITOR, Actor
from workflows.commands.scan_unit import ScanUnit
from workflows.commands.send_line import SendLine
from workflows.delivery import Effect
from workflows.errors import Conflict, NotFound
from workflows.queries import bookings
from workflows.register import Register
from workflows.rules import masking, qr_codes, thai_dates
from workflows.rules.qr_codes import UnitCode
from workflows.runtime import Runtime

_QUEUE = ("คิว", "queue", "ยกเลิก", "cancel", "qr")


def answers_events(runtime: Runtime, base_url: str) -> Effect:
    """The effect ``line.event``: an event of the webhook, from a person. Others are let pass."""

    def answer(payload: Mapping[str, Any], key: str) -> None:
        source = payload.get("source")
        user_id = source.get("userId") if isinstance(source, Mapping) else None
        if not isinstance(user_id, str) or not user_id:
            return
        actor = line_actor(runtime, user_id)
        said = _said(runtime, actor, payload, base_url)
        if said is not None:
            text, quick = said
            runtime.execute(SendLine(user_id, text, key=f"answer:{key}", quick=quick), actor)

    return answer


def line_actor(runtime: Runtime, user_id: str) -> Actor:
    """Who a LINE account acts as."""
    return Actor(LINE_VISITOR + runtime.services.keyring.index("line.user", user_id).hex())


def _said(
    runtime: Runtime, actor: Actor, event: Mapping[str, Any], base_url: str
) -> tuple[str, list[dict[str, str]]] | None:
    """What to answer, with quick replies; None for nothing."""
    match event:
        case {"type": "follow"}:
            return _help(base_url, "ยินดีต้อนรับสู่บริการ สปสช. (ระบบสิทธิ)"), []
        case {"type": "message", "message": {"type": "text", "text": str(text)}}:
            return _written(runtime, actor, text.strip()[:300], base_url)
        case {"type": "postback", "postback": {"data": str(data)}}:
            asked = parse_qs(data[:600])
            text, patient = asked.get("scan", [""])[0], asked.get("for", ["self"])[0]
            return _scanned(runtime, actor, text, patient, base_url) if text else None
    return None


def _written(runtime: Runtime, actor: Actor, text: str, base_url: str) -> tuple[str, list[dict[str, str]]]:
    if isinstance(qr_codes.parse(text), UnitCode):
        with runtime.reading() as db:
            people = Register(db, runtime.services.keyring, locked=False).queue().people(actor)
        if len(people) > 1:
            quick = [
                {"label": masking.person(each["name"]), "data": urlencode({"scan": text, "for": each["value"]})}
                for each in people
            ]
            return "ขอรหัสเข้ารับบริการให้ใคร", quick
        return _scanned(runtime, actor, text, "self", base_url)
    if text.casefold().startswith(_QUEUE):
        return _queue(runtime, actor, base_url), []
    return _help(base_url), []


def _scanned(
    runtime: Runtime, actor: Actor, text: str, patient: str, base_url: str
) -> tuple[str, list[dict[str, str]]]:
    try:
        done = runtime.execute(ScanUnit(text, patient), actor)
    except NotFound:
        return f"ท่านยังไม่ได้ลงทะเบียน ลงทะเบียนก่อนขอรหัสเข้ารับบริการที่ {base_url}/line", []
    except Conflict as refused:
        return str(refused.text), []
    return f"ยืนยันแล้วว่า {done.name} อยู่ที่ {done.unit_name} ({done.service}) แจ้งเจ้าหน้าที่ที่จุดบริการเพื่อรับรหัส", []


def _queue(runtime: Runtime, actor: Actor, base_url: str) -> str:
    with runtime.reading() as db:
        mine = bookings.upcoming(db, runtime.services.keyring, actor)
    if not mine:
        return f"ท่านไม่มีคิวที่จองไว้ จองคิวได้ที่ {base_url}/line"
    lines = [
        f"{masking.person(each['name'])} {thai_dates.short(each['service_on'])} {each['slot']} น. {each['unit_name']}\n"
        f"QR และยกเลิก: {base_url}/booking/{each['token']}"
        for each in mine
    ]
    return "คิวของท่าน\n" + "\n\n".join(lines)


def _help(base_url: str, first: str = "บริการ สปสช. (ระบบสิทธิ)") -> str:
    return (
        f"{first}\n• ลงทะเบียน ครอบครัว จองคิว ประวัติรหัส: {base_url}/line\n"
        "• พิมพ์ “คิว” เพื่อดู QR หรือยกเลิกคิว\n• ส่งข้อความใน QR ของหน่วยบริการเพื่อขอรหัสเข้ารับบริการ"
    )
