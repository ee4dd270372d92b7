"""Correct what was recorded with a claim code."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from workflows.changes import quotas
from workflows.changes.claims import record
from workflows.errors import Conflict, InvalidAnswers, NotFound, Text
from workflows.records import Account, Authentication, AuthenticationChange, CommonIllness
from workflows.rules import claims, masking, phone, thai_dates
from workflows.work import Work

_REASON = Text("กรอกเหตุผลที่แก้ไข", "Say why it is corrected")
_CLOSED = Text(
    "รหัสนี้ปิดสิทธิแล้ว แก้ได้เฉพาะโทรศัพท์และอาการเจ็บป่วย หากต้องแก้อย่างอื่นให้ขอยกเลิกแล้วเปิดใหม่",
    "The right is closed: only phones and the illness can be corrected. For anything else ask to void it and open anew",
)
_MOBILE = phone.NOT_A_PHONE
_SERVICE = Text("บริการนี้ใช้ในวันที่รับบริการไม่ได้", "This service is not valid on the day of the service")
_PROFESSION = Text("หน่วยไม่ได้ลงทะเบียนวิชาชีพนี้", "The unit has not registered this profession")
_ILLNESS = Text("เลือกอาการจากรายการ", "Choose an illness of the list")
_AMOUNT = Text("จำนวนเงินต้องไม่ติดลบ และมีทศนิยมไม่เกิน 2 ตำแหน่ง", "An amount is not negative and has at most two decimals")
_LATE = Text(
    "{who} แก้ไขรายการนี้ไปก่อนเมื่อ {at} ({what}) ตรวจค่าปัจจุบันแล้วบันทึกอีกครั้ง สิ่งที่ท่านกรอกยังไม่ถูกบันทึก",
    "{who} changed this entry at {at} ({what}). See what it says now and save again; what you entered is not stored",
)
_SEALED = ("mobile", "phones")
WORDS: Mapping[str, Text] = {
    "service_code": Text("บริการ", "Service"),
    "profession": Text("วิชาชีพ", "Profession"),
    "mobile": Text("โทรศัพท์", "Phone"),
    "phones": Text("โทรศัพท์อื่น", "Further phones"),
    "visit_number": Text("เลขที่รับบริการ (VN)", "Visit number (VN)"),
    "illness": Text("อาการเจ็บป่วย", "Illness"),
    "claimable": Text("ยอดเบิกได้", "Claimable"),
    "not_claimable": Text("ยอดเบิกไม่ได้", "Not claimable"),
    "state": Text("สถานะ", "State"),
}
"""The fields as people know them."""


@dataclass(frozen=True, slots=True)
class AmendClaim:
    """Correct fields of a claim code of the actor's unit, as it was at a revision. Amounts are in satang.

    Raises NotFound (also for others' codes), InvalidAnswers by field, Conflict for a void or closed one, and Conflict
    naming who changed what when somebody was faster. Gives the new revision; the old one when nothing differs.
    """

    claim_code: str
    values: Mapping[str, Any]
    reason: str
    revision: int

    def run(self, work: Work) -> int:
        statement = select(*Authentication.__table__.c).where(Authentication.claim_code == self.claim_code)
        found = work.db.execute(work.lock(statement)).mappings().first()
        if found is None or claims.of_unit(dict(found), work.actor.groups) is not None:
            raise NotFound(claim_code=self.claim_code)
        if found["revision"] != self.revision:
            raise self._late(work)
        if found["state"] == "void":
            raise Conflict(claims.voided(dict(found)), claim_code=self.claim_code)
        place = f"authentication.details/{self.claim_code}"
        details = json.loads(work.services.keyring.unseal(place, bytes(found["details"])))
        present = {**found, **{name: details.get(name) or "" for name in _SEALED}}
        wanted = {name: _normal(name, value) for name, value in self.values.items()}
        changed = {name: value for name, value in wanted.items() if present[name] != value}
        if not changed:
            return self.revision
        if not set(changed) <= set(claims.editable(dict(found))):
            raise Conflict(_CLOSED, claim_code=self.claim_code)
        self._refuse(work, present, changed)
        if "profession" in changed:
            moved = quotas.move(work, dict(found), str(changed["profession"]))
            if moved is not None:
                raise InvalidAnswers({"profession": moved})
        stored: dict[str, Any] = {name: value for name, value in changed.items() if name not in _SEALED}
        if "service_code" in changed:
            services = {row["code"]: row for row in work.register.services(found["service_on"])}
            stored["visit_kind"] = services[changed["service_code"]]["visit_kind"]
        if not set(_SEALED).isdisjoint(changed):
            details |= {name: changed[name] for name in _SEALED if name in changed}
            sealed = json.dumps(details, ensure_ascii=False).encode()
            stored["details"] = work.services.keyring.seal(place, sealed)
        given = {"claim_code": self.claim_code, "revision": self.revision}
        before = {name: _told(name, present[name]) for name in changed}
        after = {name: _told(name, value) for name, value in changed.items()}
        record(work, given, "edited", self.reason.strip(), stored, before=before, after=after)
        return self.revision + 1

    def _refuse(self, work: Work, present: Mapping[str, Any], changed: Mapping[str, Any]) -> None:
        def amount(value: Any) -> bool:
            return value is None or (isinstance(value, int) and 0 <= value < 10**12)

        def service(value: Any) -> bool:
            return any(row["code"] == value for row in work.register.services(present["service_on"]))

        def illness(value: Any) -> bool:
            known = select(CommonIllness.code).where(CommonIllness.code == value, CommonIllness.active)
            return value == "" or work.db.execute(known).first() is not None

        checks: dict[str, tuple[Callable[[Any], bool], Text]] = {
            "mobile": (lambda value: phone.parse(str(value)) is not None, _MOBILE),
            "phones": (lambda value: value == "" or phone.parse_list(str(value)) is not None, _MOBILE),
            "service_code": (service, _SERVICE),
            "profession": (lambda v: v in work.register.standing(present["unit_code"])["professions"], _PROFESSION),
            "illness": (illness, _ILLNESS),
            "claimable": (amount, _AMOUNT),
            "not_claimable": (amount, _AMOUNT),
        }
        errors = {
            name: checks[name][1] for name, value in changed.items() if name in checks and not checks[name][0](value)
        }
        if not self.reason.strip():
            errors["reason"] = _REASON
        if errors:
            raise InvalidAnswers(errors)

    def _late(self, work: Work) -> Conflict:
        last = (
            select(*AuthenticationChange.__table__.c, Account.first_name, Account.last_name)
            .outerjoin(Account, Account.username == AuthenticationChange.actor)
            .where(AuthenticationChange.claim_code == self.claim_code)
            .order_by(AuthenticationChange.at.desc(), AuthenticationChange.id.desc())
        )
        row = work.db.execute(last).mappings().first()
        if row is None:
            return Conflict(claim_code=self.claim_code)
        who = f"{row['first_name']} {row['last_name']}" if row["first_name"] else "ระบบ"
        fields = [WORDS[name] for name in row["after"] if name in WORDS]
        th, en = (", ".join(each[n] for each in fields) or row["kind"] for n in (0, 1))
        text = Text(
            _LATE.th.format(who=who, at=thai_dates.moment(row["at"]), what=th),
            _LATE.en.format(who=who, at=thai_dates.moment(row["at"], "en"), what=en),
        )
        return Conflict(text, claim_code=self.claim_code, who=who, at=row["at"], fields=sorted(row["after"]))


def _normal(name: str, value: Any) -> Any:
    """Phones in one form; what is no phone stays as it was typed and is refused."""
    found = phone.parse_list(str(value)) if name in _SEALED and value else None
    return ",".join(each.national for each in found) if found else value


def _told(name: str, value: Any) -> Any:
    """A value as the history keeps it: phones are masked there."""
    if name not in _SEALED:
        return value
    return ", ".join(masking.phone(part.strip()) for part in str(value).split(",") if part.strip())
