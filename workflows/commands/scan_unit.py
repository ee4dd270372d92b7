"""Keep that somebody of LINE scanned the QR of a unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update

from workflows.chain import Event
from workflows.clock import bangkok_date
from workflows.errors import Conflict, NotFound, Text
from workflows.ports import NeedsWriteLock
from workflows.records import LinePerson, LineScan, new_id
from workflows.rules import masking, qr_codes
from workflows.rules.qr_codes import UnitCode
from workflows.work import Work

NOT_A_UNIT = Text(
    "นี่ไม่ใช่ QR ของหน่วยบริการ ให้สแกน QR ขอรหัสเข้ารับบริการที่ติดไว้ที่หน่วยบริการ",
    "This is not the QR of a unit; scan the one that hangs at the unit",
)
_NOT_SERVING = Text(
    "หน่วยบริการนี้ยังไม่ได้ขึ้นทะเบียนหรือยังไม่ได้เปิดใช้ จึงขอรหัสไม่ได้ ให้แจ้งเจ้าหน้าที่ของหน่วย",
    "This unit is not registered or not re-activated and gives no codes; tell its staff",
)
_NO_SERVICE = Text(
    "บริการใน QR นี้เลิกใช้แล้ว ให้เจ้าหน้าที่ของหน่วยพิมพ์ QR ใหม่",
    "The service of this QR is no longer in use; ask the unit to print a new one",
)


@dataclass(frozen=True, slots=True)
class Scanned:
    """The scan: where, for which service, for whom (number and family name masked)."""

    scan_id: int
    unit_code: str
    unit_name: str
    service: str
    pid_masked: str
    name: str


@dataclass(frozen=True, slots=True)
class ScanUnit:
    """A registered person of LINE is at a unit: for themselves ("self") or a member of their family (an id). A second
    scan of the same day that no case has used renews the first. Raises Conflict with what is wrong, NotFound for
    strangers and for members of other families."""

    text: str
    patient: str = "self"

    def run(self, work: Work) -> Scanned:
        if not work.locked:
            raise NeedsWriteLock  # two events at once must not become two proofs
        work.db.execute(work.lock(select(LinePerson.id).where(LinePerson.user_index == work.actor.line_index)))
        people = work.register.queue().people(work.actor)
        chosen = next((each for each in people if each["value"] == self.patient), None)
        if chosen is None:
            raise NotFound()
        code, today = qr_codes.parse(self.text), bangkok_date(work.now)
        if not isinstance(code, UnitCode):
            raise Conflict(NOT_A_UNIT)
        unit, standing = work.register.unit(code.unit_code), work.register.standing(code.unit_code)
        serves = standing["registered_at"] and standing["reactivated_at"]
        if unit is None or not serves or (standing["active_until"] is not None and standing["active_until"] < today):
            raise Conflict(_NOT_SERVING)
        services = {each["code"]: each["name"] for each in work.register.services(today)}
        if code.service_code not in services:
            raise Conflict(_NO_SERVICE)
        id_ = self._keep(work, code, chosen)
        service = services[code.service_code]
        return Scanned(id_, code.unit_code, unit["name"], service, chosen["pid_masked"], masking.person(chosen["name"]))

    def _keep(self, work: Work, code: UnitCode, person: Mapping[str, Any]) -> int:
        row = {
            "person_id": person["line_person_id"],
            "unit_code": code.unit_code,
            "service_code": code.service_code,
            "pid_index": work.services.keyring.index("pid", str(person["pid"])),
            "service_on": bangkok_date(work.now),
        }
        same = [getattr(LineScan, name) == value for name, value in row.items()]
        known = work.db.execute(work.lock(select(LineScan.id).where(*same, LineScan.case_id.is_(None)))).scalar()
        if known is not None:
            renewed = update(LineScan).where(LineScan.id == known, LineScan.case_id.is_(None))
            work.write(renewed.values(scanned_at=work.now), expect=1)
            return int(known)
        id_ = new_id()
        family = None if self.patient == "self" else int(self.patient)
        more = {"id": id_, "family_id": family, "relation": person["relation"], "pid_masked": person["pid_masked"]}
        work.write(insert(LineScan), {**row, **more, "scanned_at": work.now, "case_id": None})
        data = {"unit": code.unit_code, "service": code.service_code, "relation": person["relation"]}
        work.record(id_, Event("line.scanned", data=data))
        return id_
