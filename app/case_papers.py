"""Which papers a case has, and what they say: from its row and its variables to the plain values of ``app.papers``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection, select

from app.access import product
from app.papers.agreement import Agreement, agreement_pdf
from app.papers.notice import OUTCOMES, Decided, Notice, notice_pdf
from app.papers.proof import Proof
from app.papers.receipt import Receipt, receipt_pdf
from app.papers.request_letter import FORMS, RequestLetter, Wanted, request_letter_pdf
from workflows.clock import bangkok_date
from workflows.errors import NotFound
from workflows.queries import agreements, proofs, work_items
from workflows.records import Organisation
from workflows.rules import masking

_NEW_AUTHENTICATION = "NEW_AUTHEN"
_USES = {"check": "ตรวจสอบสิทธิ", "reserve": "จองสิทธิ"}
_EVIDENCE = {"citizen_card": "สำเนาบัตรประจำตัวประชาชน", "civil_servant_card": "สำเนาบัตรประจำตัวข้าราชการ"}
_STATES = {"ACTIVE": "กำลังดำเนินการ"}
_OUTCOMES = {
    "approved": "อนุมัติแล้ว",
    "partly_approved": "อนุมัติบางระบบ",
    "rejected": "ไม่อนุมัติ",
    "withdrawn": "ผู้ขอถอนคำขอ",
    "cancelled": "ยกเลิก",
    "expired": "หมดอายุ",
}


def letters(variables: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The request letters that the chosen roles need, one for each form: number and label."""
    forms = sorted({form for _, _, form in _wanted(variables)})
    return [{"form": form, "label": _("แบบฟอร์ม %(form)s %(name)s", form=form, name=FORMS[form].name)} for form in forms]


def request_letter(db: Connection, variables: Mapping[str, Any], form: int) -> bytes:
    """The letter of one form, filled in. Raises NotFound if the chosen roles do not need it."""
    wanted = [(system, role) for system, role, needed in _wanted(variables) if needed == form]
    if not wanted:
        raise NotFound(form=form)
    unit, told = _organisation(db, variables["unit"]["code"]), _texts(variables)
    use = _USES.get(told("new_authen_use"), "")
    given = RequestLetter(
        form=form,
        unit_code=unit["code"],
        unit_name=unit["name"],
        unit_address=unit["address"],
        unit_phone=unit["phone"],
        unit_email=unit["email"],
        office=_office(db, unit["region"]),
        number=told("letter_number"),
        title=told("title"),
        first_name=told("first_name"),
        last_name=told("last_name"),
        position=told("position"),
        pid=told("pid"),
        mobile=told("mobile"),
        email=told("email"),
        has_account=told("request_kind") == "more",
        evidence=_EVIDENCE.get(told("evidence_kind"), "หรือ".join(_EVIDENCE.values())),
        wanted=[
            Wanted(system["name"], role["code"], role["name"], use if system["code"] == _NEW_AUTHENTICATION else "")
            for system, role in wanted
        ],
    )
    return request_letter_pdf(given, bangkok_date(product().runtime.clock.now()))


def available(db: Connection, case: Mapping[str, Any], variables: Mapping[str, Any]) -> list[dict[str, str]]:
    """The papers of a sent case: name in the address, and label."""
    if case["number"] is None:
        return []
    found = [{"name": "receipt", "label": _("ใบรับคำขอ")}]
    if _has_notice(case, variables):
        found.append({"name": "notice", "label": _("หนังสือแจ้งผลการพิจารณา")})
    if agreements.accepted(db, case["id"], "nda"):
        found.append({"name": "agreement", "label": _("ข้อตกลงรักษาความลับที่ยอมรับแล้ว")})
    return found


def make(db: Connection, case: Mapping[str, Any], name: str) -> bytes:
    """One paper of a sent case, as ``available`` names it. Raises NotFound."""
    variables = work_items.variables_of(product().runtime.services, case)
    if name == "receipt" and case["number"]:
        return receipt(db, case, case["subject"])
    if name == "notice" and _has_notice(case, variables):
        return _notice(db, case, variables)
    if name == "agreement" and case["number"]:
        return _agreement(db, case, variables)
    raise NotFound(paper=name)


def receipt(db: Connection, case: Mapping[str, Any], subject: str) -> bytes:
    """The receipt of a sent case; ``subject`` as the reader may see it."""
    wired = product()
    record = proofs.of_case(db, wired.keyring, case)
    given = Receipt(
        number=case["number"],
        process=wired.runtime.services.definitions.process(case["definition_key"]).name,
        subject=subject,
        unit=f"{case['unit_code']} {case['unit_name'] or ''}".strip(),
        sent_at=sent_at(case),
        state=_STATES.get(case["state"]) or _OUTCOMES.get(case["outcome"], "สิ้นสุด"),
        stage=case["stage"] if case["state"] == "ACTIVE" else "",
        due=case["sla_due"] if case["sla_state"] in ("running", "breached") else None,
        at=record.at,
        track_url=f"{wired.settings.base_url}/track",
        proof=_proof(record),
    )
    return receipt_pdf(given, emblem())


def sent_at(case: Mapping[str, Any]) -> datetime:
    """When a request was sent; when it was begun, once its variables are gone."""
    told = work_items.variables_of(product().runtime.services, case).get("submitted_at")
    started: datetime = case["started_at"]
    return datetime.fromisoformat(told) if isinstance(told, str) else started


def emblem() -> bytes | None:
    """The emblem for papers of the office, if the installation has one: ``emblem.png`` in its data directory."""
    file = product().settings.data_directory / "emblem.png"
    return file.read_bytes() if file.exists() else None


def _has_notice(case: Mapping[str, Any], variables: Mapping[str, Any]) -> bool:
    decided = case["number"] and case["state"] != "ACTIVE" and case["outcome"] in OUTCOMES
    to_one_person = variables.get("last_name")  # those of a bulk request are told by mail, each
    return bool(decided and to_one_person and variables.get("requested_systems"))


def _notice(db: Connection, case: Mapping[str, Any], variables: Mapping[str, Any]) -> bytes:
    told, granted = _texts(variables), {system["code"] for system in variables.get("granted_systems") or []}
    if case["outcome"] == "rejected":
        granted = set()
    reasons = {
        result["system"]: masking.in_text(result.get("comment") or "")
        for result in variables.get("owner_results") or []
        if result.get("decision") == "reject"
    }
    systems = [
        Decided(
            system["name"],
            [role["name"] for role in system["roles"]],
            system["code"] in granted,
            "" if system["code"] in granted else reasons.get(system["code"], ""),
        )
        for system in variables["requested_systems"]
    ]
    given = Notice(
        outcome=case["outcome"],
        number=case["number"],
        office=_office(db, case["region"]),
        title=told("title"),
        first_name=told("first_name"),
        last_name=told("last_name"),
        unit_code=case["unit_code"],
        unit_name=case["unit_name"] or "",
        sent_on=bangkok_date(sent_at(case)),
        decided_on=bangkok_date(case["ended_at"]),
        systems=systems,
        usernames=[account["username"] for account in variables.get("usernames") or []] if granted else [],
        reason=_refusal(variables) if case["outcome"] == "rejected" else "",
        proof=_proof(proofs.of_case(db, product().keyring, case)),
    )
    return notice_pdf(given, emblem())


def _agreement(db: Connection, case: Mapping[str, Any], variables: Mapping[str, Any]) -> bytes:
    found = agreements.accepted(db, case["id"], "nda")
    if found is None:
        raise NotFound(paper="agreement")
    told = _texts(variables)
    given = Agreement(
        text=found["body"],
        version=found["text_sha256"],
        number=case["number"],
        name=f"{told('title')}{told('first_name')} {told('last_name')}".strip() or case["subject"],
        pid=case["pid_masked"],
        position=told("position"),
        unit=f"{case['unit_code']} {case['unit_name'] or ''}".strip(),
        accepted_at=found["at"],
        proof=_proof(proofs.of_case(db, product().keyring, case)),
    )
    return agreement_pdf(given)


def _proof(record: proofs.Record) -> Proof:
    return Proof(f"{product().settings.base_url}/verify/{record.code}", record.sha256)


def _refusal(variables: Mapping[str, Any]) -> str:
    """Why a level refused the whole request; every level leaves ``…_review`` with its decision and comment."""
    reviews = [value for name, value in sorted(variables.items()) if name.endswith("_review")]
    refusals = [found.get("comment") or "" for found in reviews if found and found.get("decision") == "reject"]
    return masking.in_text(refusals[0]) if refusals else ""


def _wanted(variables: Mapping[str, Any]) -> list[tuple[Mapping[str, Any], Mapping[str, Any], int]]:
    """Every role asked for: its system, itself, its form."""
    systems: Sequence[Mapping[str, Any]] = variables.get("requested_systems") or []
    if not variables.get("unit"):
        return []
    return [(system, role, _form(role.get("form"))) for system in systems for role in system["roles"]]


def _form(number: Any) -> int:
    """A form that is ours; the general one for a role that names none."""
    return int(number) if number in FORMS else min(FORMS)


def _texts(variables: Mapping[str, Any]) -> Any:
    return lambda name: str(variables.get(name) or "")


def _organisation(db: Connection, code: str) -> Mapping[str, Any]:
    return dict(db.execute(select(*Organisation.__table__.c).where(Organisation.code == code)).mappings().one())


def _office(db: Connection, region: str) -> str:
    """``เขต 7 ขอนแก่น``, as the register of organisations names the region's office."""
    of_region = select(Organisation.name).where(Organisation.kind == "nhso_region", Organisation.region == region)
    return str(db.execute(of_region).scalar() or "").removeprefix("สปสช.").strip()
