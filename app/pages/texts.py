"""Mail, SMS and agreement texts: list, edit with a preview, back to what was shipped."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _

from app.access import allow, current_actor, product
from app.demo.texts import texts as shipped_texts
from workflows import master_data
from workflows.commands.amend_text import AmendText
from workflows.errors import Conflict, Text
from workflows.operators.notices import fill
from workflows.operators.texts import version_of
from workflows.queries.master_data import entry, every
from workflows.rules import text_places

pages = Blueprint("texts", __name__)
_SAMPLES = {
    "accounts": "ชื่อผู้ใช้ (DC): 6911990010001\nตั้งรหัสผ่านของท่านที่ https://sitthi.example/activate/ตัวอย่าง",
    "case_number": "69-000123-4",
    "code": "123456",
    "comment": "หนังสือขอยังไม่ได้ลงนาม",
    "days": "30",
    "effective_on": "30 พ.ย. 2569",
    "fields": "ตำแหน่ง, โทรศัพท์มือถือ",
    "keep": "ใช้งานต่อได้ที่ https://sitthi.example/sign-in",
    "last_use": "1 มิ.ย. 2569",
    "level": "สปสช. เขต 7 ขอนแก่น",
    "link": "https://sitthi.example/return/ตัวอย่าง",
    "name": "นางสาวมานี ตัวอย่าง",
    "new": "manee@example.org",
    "province": "ขอนแก่น",
    "realm": "DC",
    "reason": "หน่วยงานไม่อยู่ในประเภทที่ขอบทบาทนี้ได้",
    "ref": "48213",
    "sign_in": "https://sitthi.example/sign-in",
    "site": "https://sitthi.example",
    "suspension_day": "28 พ.ย. 2569",
    "systems": "– E-Claim (online): อนุมัติ\n– New Authentication: ไม่อนุมัติ",
    "unit_name": "รพ.สต.ตัวอย่าง ก (สาธิต)",
    "username": "6911990010001",
}
"""What stands in the places of a preview; in others stands their name."""


@pages.get("/texts")
@allow("admin", "auditor", "designer")
def all_texts() -> Any:
    """Every text, by what it is."""
    shipped = shipped_texts()
    with product().runtime.reading() as db:
        rows = every(db, master_data.TEXTS)
    shown = [
        {
            "key": row["key"],
            "kind": row["key"].partition(".")[0],
            "first": row["body"].partition("\n")[0],
            "revision": row["revision"],
            "updated_at": row["updated_at"],
            "updated_by": row["updated_by"],
            "own": row["key"] in shipped and row["body"] != shipped[row["key"]],
        }
        for row in rows
    ]
    return render_template("texts.html", texts=shown)


@pages.get("/texts/<key>")
@allow("admin", "auditor", "designer")
def text(key: str) -> Any:
    """One text with a preview."""
    with product().runtime.reading() as db:
        found = entry(db, master_data.TEXTS, key)
    return _page(key, found["body"], int(found["revision"]))


@pages.post("/texts/<key>")
@allow("admin")
def save(key: str) -> Any:
    """Look at the preview, store, or go back to the shipped text. Nothing typed is lost."""
    wanted, typed = request.form.get("_go", "save"), request.form.get("body", "")
    body = "\n".join(line.rstrip() for line in typed.replace("\r\n", "\n").split("\n")).strip("\n")
    number = request.form.get("_revision", "")
    revision = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0
    if wanted == "reset":
        body = shipped_texts().get(key, body)
    checked = text_places.check(body, _shipped(key, body), has_subject=_has_subject(key))
    if wanted == "preview" or checked.wrong:
        return _page(key, body, revision), 422 if wanted != "preview" else 200
    try:
        product().runtime.execute(AmendText(key, body, revision, reset=wanted == "reset"), current_actor())
    except Conflict as late:
        with product().runtime.reading() as db:
            now = entry(db, master_data.TEXTS, key)
        return _page(key, body, int(now["revision"]), conflict=late.text, now=str(now["body"])), 409
    flash(_("บันทึกแล้ว มีผลกับข้อความที่ส่งจากนี้ไป"), "ok")
    return redirect(f"/texts/{key}")


def _page(key: str, body: str, revision: int, *, conflict: Text | None = None, now: str = "") -> str:
    shipped = _shipped(key, body)
    checked = text_places.check(body, shipped, has_subject=_has_subject(key))
    known = text_places.places(shipped)
    subject, rest = "", fill(body, {name: _SAMPLES.get(name, f"[{name}]") for name in known})
    if _has_subject(key):
        subject, _line, rest = rest.partition("\n")
    return render_template(
        "text.html",
        key=key,
        kind=key.partition(".")[0],
        body=body,
        revision=revision,
        checked=checked,
        places=known,
        subject=subject.strip(),
        preview=rest.strip(),
        version=version_of(body)[:12],
        own=body != shipped,
        conflict=conflict,
        now=now,
        may_edit="admin" in current_actor().roles,
    )


def _shipped(key: str, otherwise: str) -> str:
    """The text of this release; a text that only this installation has is compared with itself."""
    return shipped_texts().get(key, otherwise)


def _has_subject(key: str) -> bool:
    """Whether the first line is a subject: of a whole mail, not of a part such as ``mail.result.new_account``."""
    return key.startswith("mail.") and key.count(".") == 1
