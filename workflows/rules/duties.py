"""What people may be appointed to: the roles behind the groups that work is offered to, and what each is of."""

from __future__ import annotations

from typing import Literal, NamedTuple

from workflows.errors import Text

Scope = Literal["unit", "organisation", "region", "system", ""]


class Duty(NamedTuple):
    """A role. ``scope`` says what it is of: a unit, a supervising organisation, a region, a target system, or nothing.
    ``listed`` ones stand in the list of administrators, where people find whom to ask."""

    name: Text
    scope: Scope
    listed: bool = True


DUTIES: dict[str, Duty] = {
    "unit_head": Duty(Text("หัวหน้าหน่วยงาน", "Head of the unit"), "unit"),
    "signatory": Duty(Text("ผู้มีอำนาจลงนาม", "Authorised signatory"), "unit"),
    "delegate": Duty(Text("ผู้รับมอบอำนาจ", "Delegate"), "unit"),
    "frontdesk": Duty(Text("เจ้าหน้าที่จุดบริการ", "Front desk"), "unit", listed=False),
    "requester": Duty(Text("ผู้ขอสิทธิ", "Requester"), "unit", listed=False),
    "supervisor": Duty(Text("ผู้พิจารณาของหน่วยงานกำกับ", "Supervising organisation"), "organisation"),
    "region_officer": Duty(Text("เจ้าหน้าที่ สปสช. เขต", "NHSO region officer"), "region"),
    "region_chief": Duty(Text("หัวหน้ากลุ่มงาน สปสช. เขต", "Head at the NHSO region"), "region"),
    "reviewer": Duty(Text("ผู้ทวนสอบของเขต", "Region reviewer"), "region"),
    "system_owner": Duty(Text("ผู้รับผิดชอบระบบงาน", "System owner"), "system"),
    "issuer": Duty(Text("ผู้ออกรหัส", "Issuing officer"), ""),
    "auditor": Duty(Text("ผู้ตรวจสอบ", "Auditor"), "", listed=False),
    "designer": Duty(Text("เจ้าของกระบวนงาน", "Process owner"), "", listed=False),
    "admin": Duty(Text("ผู้ดูแลระบบ", "Administrator"), ""),
}
"""By the word that groups begin with, in the order people see them."""
