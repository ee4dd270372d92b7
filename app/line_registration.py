"""Registering in LINE: what is typed is checked, the registry of rights is asked, then it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from app import line_session
from app.access import product
from workflows.clock import bangkok_date
from workflows.commands.change_line_family import AddLineFamily
from workflows.commands.count_attempt import CountAttempt
from workflows.commands.keep_consent_text import KeepConsentText
from workflows.commands.register_in_line import RegisterInLine
from workflows.errors import Conflict, Text, TooMany
from workflows.operators.texts import version_of
from workflows.register import Register
from workflows.rules import citizen_id, line_eligibility, phone

_KEY = "line_consent"
_LOOK_UPS = (10, timedelta(minutes=15))
"""How often one LINE account may have the registry asked: nobody tries citizen IDs here."""
_SILENT = Text(
    "ฐานข้อมูลสิทธิไม่ตอบในขณะนี้ ข้อมูลที่กรอกยังอยู่ กรุณาลองใหม่ในอีกสักครู่",
    "The registry of rights does not answer just now; what you typed is still here, try again in a moment",
)
_CONSENT = Text("กรุณาทำเครื่องหมายว่ายินยอม หรือกดไม่ยินยอม", "Tick that you consent, or press that you do not")
_CHANGED = Text("ข้อตกลงเพิ่งมีการแก้ไข กรุณาอ่านฉบับใหม่อีกครั้ง", "The text was changed meanwhile; read it again")


def consent() -> dict[str, Any]:
    """The text that is consented to, as paragraphs, and its version."""
    with product().runtime.reading() as db:
        text = Register(db, product().keyring, locked=False).text(_KEY)
    return {"paragraphs": [part for part in text.split("\n\n") if part.strip()], "version": version_of(text)}


def decline(user: str) -> None:
    """Keep the refusal of this very text, and nothing else."""
    version = _keep_text()
    product().runtime.execute(RegisterInLine(user, version, accepted=False), line_session.actor_of(user))


def register(user: str, form: Mapping[str, str]) -> dict[str, Text]:
    """Register the person; gives what is wrong by field (``form``: with all of it), empty when it is done."""
    pid, mobile, errors = _pid(form), phone.parse(form.get("mobile", "")), _consented(form)
    if wrong := citizen_id.problem(pid):
        errors["pid"] = wrong
    if mobile is None or mobile.kind != "mobile":
        errors["mobile"] = phone.NOT_A_MOBILE
    answer = None
    if not errors:
        answer = _ask(user, pid, errors)
    if not errors:
        problems = line_eligibility.own_problems(answer, bangkok_date(product().runtime.clock.now()))
        if problems:
            errors["pid"] = Text(" ".join(text.th for text in problems), " ".join(text.en for text in problems))
    if errors or answer is None or mobile is None:
        return errors
    command = RegisterInLine(user, _keep_text(), accepted=True, pid=pid, name=_name(answer), phone=mobile.national)
    try:
        product().runtime.execute(command, line_session.actor_of(user))
    except Conflict as conflict:
        errors["form"] = conflict.text
    return errors


def add_family(user: str, form: Mapping[str, str]) -> dict[str, Text]:
    """Add a member; gives what is wrong by field, empty when it is done."""
    pid, relation, errors = _pid(form), form.get("relation", ""), _consented(form)
    if wrong := citizen_id.problem(pid):
        errors["pid"] = wrong
    if relation not in line_eligibility.RELATIONS:
        errors["relation"] = Text("เลือกความสัมพันธ์", "Choose the relation")
    answer = _ask(user, pid, errors) if not errors else None
    if errors:
        return errors
    if answer is None:
        return {"pid": line_eligibility.UNKNOWN}
    try:
        command = AddLineFamily(pid, _name(answer), relation, _keep_text())
        product().runtime.execute(command, line_session.actor_of(user))
    except Conflict as conflict:
        errors["form"] = conflict.text
    return errors


def _consented(form: Mapping[str, str]) -> dict[str, Text]:
    if form.get("consent") != "yes":
        return {"consent": _CONSENT}
    return {} if form.get("version") == consent()["version"] else {"consent": _CHANGED}


def _ask(user: str, pid: str, errors: dict[str, Text]) -> Mapping[str, Any] | None:
    runtime, actor = product().runtime, line_session.actor_of(user)
    try:
        runtime.execute(CountAttempt(f"line/{actor.id.removeprefix('visitor:')}", *_LOOK_UPS), actor)
        return product().rights.look_up(pid, bangkok_date(runtime.clock.now()))
    except TooMany as many:
        errors["form"] = many.text
    except OSError:
        errors["form"] = _SILENT
    return None


def _pid(form: Mapping[str, str]) -> str:
    return citizen_id.clean(form.get("pid", "")[:40])


def _name(answer: Mapping[str, Any]) -> str:
    return f"{answer['first_name']} {answer['last_name']}".strip()


def _keep_text() -> str:
    return product().runtime.execute(KeepConsentText(_KEY), line_session.actor_of(line_session.user_id() or ""))
