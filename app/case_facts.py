"""What an officer must know of a request at a glance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import Connection

from app.i18n import thaidate
from workflows.queries import campaigns
from workflows.rules import masking


def requester_facts(variables: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """What an officer must know about the applicant and the unit; the citizen ID is masked. What the request is to
    change of an account is shown as it is now and as it shall be."""
    unit = variables.get("unit") or {}
    changed = _changed(variables)
    name = _name(variables)
    systems = [
        f"{system['name']} ({', '.join(role['name'] for role in system['roles'])})"
        for system in variables.get("requested_systems") or []
    ]
    return [
        (_("ชื่อ"), changed.get("name", name)),
        (_("ตำแหน่ง"), changed.get("position", variables.get("position"))),
        (_("เลขประจำตัวประชาชน"), masking.pid(str(variables["pid"])) if variables.get("pid") else ""),
        (_("หน่วยงาน"), changed.get("unit_code", f"{unit.get('code', '')} {unit.get('name', '')}".strip())),
        (_("จังหวัด"), unit.get("province")),
        (_("หน่วยงานกำกับ"), unit.get("supervisor_name")),
        (_("โทรศัพท์มือถือ"), changed.get("mobile", variables.get("mobile"))),
        (_("อีเมล"), changed.get("email", variables.get("email"))),
        (_("ผู้ส่ง"), (variables.get("sender") or {}).get("name")),
        (_("จำนวนคน"), variables.get("line_count")),
        (_("ระบบที่ขอ"), "; ".join(systems)),
        (_("รอบสิทธิ"), (variables.get("round") or {}).get("name")),
        (_("สิทธิมีผลวันที่"), thaidate(variables.get("effective_on"))),
        (_("คาดว่าออกรหัสวันที่"), thaidate(variables.get("issue_expected_on"))),
    ]


def _name(person: Mapping[str, Any]) -> str:
    return " ".join(str(person.get(key) or "") for key in ("title", "first_name", "last_name")).strip()


def _changed(variables: Mapping[str, Any]) -> dict[str, Markup]:
    """What ``account.check_changes`` found, by field, from what to what; the parts of a name together."""
    account, changes = variables.get("account"), variables.get("changes")
    if not isinstance(account, dict) or not isinstance(changes, dict):
        return {}
    found = {
        field: _from_to(each["before"], each["after"])
        for field, each in zip(changes, variables.get("compared") or [], strict=False)
    }
    if not changes.keys().isdisjoint(("title", "first_name", "last_name")):
        found["name"] = _from_to(_name(account), _name({**account, **changes}))
    return found


def _from_to(before: Any, after: Any) -> Markup:
    return Markup("<del>{}</del> → <ins>{}</ins>").format(before or "–", after or "–")


def campaign_facts(db: Connection, case: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The campaign a case was started in, with its days."""
    if case["campaign_id"] is None:
        return []
    window = campaigns.find(db, case["campaign_id"])
    days = ((_("หน่วย"), window.units_by), (_("อบจ./สสจ."), window.supervisors_by), (_("ปิดรับ"), window.closes_on))
    told = " · ".join(f"{word} {thaidate(day)}" for word, day in days if day)
    return [(_("รอบรับคำขอ"), f"{window.name} ({told})")]


def document_list(
    rows: Sequence[Mapping[str, Any]], variables: Mapping[str, Any], process_id: str
) -> list[dict[str, Any]]:
    """The attachments with the words of the field they answer; a letter is named by what its process is for."""
    letters = {
        "access_request": _("หนังสือขอสิทธิ"),
        "smartcard_rights": _("หนังสือขอสิทธิ"),
        "bulk_access_request": _("หนังสือขอสิทธิ"),
        "password_reset": _("หนังสือขอตั้งรหัสผ่านใหม่"),
        "account_edit": _("หนังสือขอแก้ไขข้อมูลบัญชี"),
        "account_reactivate": _("หนังสือขอเปิดใช้บัญชีอีกครั้ง"),
    }
    labels = {
        "letter": letters.get(process_id, _("หนังสือของหน่วยงาน")),
        "id_copy": _("สำเนาบัตร"),
        "bundle": _("ไฟล์ ZIP ของหน่วยงาน"),
    }
    by_id = {
        reference.get("documentId"): labels[key]
        for key in labels
        for reference in variables.get(key) or []
        if isinstance(reference, dict)
    }
    return [{**row, "label": by_id.get(row["id"], "")} for row in rows]
