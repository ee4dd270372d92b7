"""The slip of an authentication, made from its row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from app.access import product
from app.pages_support import organisation
from app.papers.slip import Slip, slip_pdf
from workflows.errors import NotFound
from workflows.queries import desk
from workflows.register import Register
from workflows.rules.ladder import METHODS


def slip(db: Connection, case: Mapping[str, Any]) -> tuple[bytes, str]:
    """The PDF and the code. Raises NotFound for a case without a code."""
    found = desk.of_case(db, product().keyring, case["id"])
    if found is None:
        raise NotFound(case=case["id"])
    register, details = Register(db, product().keyring, locked=False), found["details"]
    services = {each["code"]: each["name"] for each in register.services(found["service_on"])}
    professions = {each["code"]: each["name"] for each in register.professions()}
    method = METHODS.get(found["method"])
    given = Slip(
        claim_code=found["claim_code"],
        unit=f"{organisation(db, found['unit_code']).get('name', '')} ({found['unit_code']})",
        patient=f"{details.get('title', '')}{details.get('first_name', '')} {details.get('last_name', '')}".strip(),
        pid=found["pid_masked"],
        service=f"{found['service_code']} {services.get(found['service_code'], '')}".strip(),
        profession=professions.get(found["profession"], found["profession"]),
        right=f"{found['rights_class']} {details.get('rights', {}).get('main_name', '')}".strip(),
        method=method.th if method else found["method"],
        opened_at=found["opened_at"],
        awaits_review=found["review"] == "awaiting",
        void=found["state"] == "void",
    )
    return slip_pdf(given), found["claim_code"]
