"""Bulk requests: the list that a unit fills in."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from app.access import allow, current_actor, product
from app.adapters.bulk_template import template
from app.security import file_answer
from workflows.errors import NotFound
from workflows.queries import bulk
from workflows.register import Register

pages = Blueprint("bulk", __name__)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pages.get("/bulk/template")
@allow("requester", "unit_head", "supervisor")
def download() -> Any:
    """The list as a workbook, with the people of one of the actor's units in it."""
    wired, actor, code = product(), current_actor(), request.args.get("unit", "")
    with wired.runtime.reading() as db:
        unit = Register(db, wired.keyring, locked=False).unit(code)
        if unit is None or code not in {each["code"] for each in bulk.units(db, actor)}:
            raise NotFound(unit=code)
        people = bulk.staff(db, wired.keyring, actor, code)
        written = template(unit, people, bulk.roles(db, wired.keyring, unit["kind"]))
    return file_answer(written, _XLSX, f"{code}-รายชื่อ.xlsx", download=True)
