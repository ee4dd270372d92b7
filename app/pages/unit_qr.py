"""QR sheets of a unit's services, to print and to put on the counter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask_babel import gettext as _

from app.access import allow, current_actor, product
from app.papers.unit_qr import UnitSheet, unit_qr_pdf
from app.security import file_answer
from app.unit_keepers import kept_units
from workflows.clock import bangkok_date
from workflows.register import Register
from workflows.rules import qr_codes

pages = Blueprint("unit_qr", __name__)
_PEOPLE = ("frontdesk", "signatory", "unit_head")


@pages.get("/unit-qr")
@allow(*_PEOPLE, "admin", "auditor")
def choose() -> Any:
    """Which unit, which services."""
    unit, services, standing = _look()
    return render_template(
        "unit_qr.html",
        units=kept_units(current_actor(), _PEOPLE),
        unit=unit,
        asked=_asked(),
        services=services,
        ready=bool(standing and standing["registered_at"] and standing["reactivated_at"]),
        text=qr_codes.for_unit,
    )


@pages.get("/unit-qr.pdf")
@allow(*_PEOPLE, "admin", "auditor")
def sheets() -> Any:
    """The sheets of the chosen services; of all without a choice."""
    unit, services, _standing = _look()
    wanted = request.args.getlist("service")
    chosen = [each for each in services if not wanted or each["code"] in wanted]
    if unit is None or not chosen or not set(wanted) <= {each["code"] for each in chosen}:
        abort(404)
    papers = [UnitSheet(unit["code"], unit["name"], each["code"], each["name"]) for each in chosen]
    made = unit_qr_pdf(papers, bangkok_date(product().runtime.clock.now()))
    return file_answer(made, "application/pdf", f"{_('QR หน่วยบริการ')}-{unit['code']}.pdf", download=True)


def _asked() -> str:
    return request.args.get("unit_code", "").strip()


def _look() -> tuple[Mapping[str, Any] | None, Sequence[Mapping[str, Any]], Mapping[str, Any]]:
    """The unit of this page (the one asked for if it is one's own, else one's first; None where there is none that a QR
    code can name), the services of today, and whether the unit may authenticate patients."""
    units = kept_units(current_actor(), _PEOPLE)
    code = _asked() or (units[0] if units else "")
    if (units is not None and code not in units) or len(code) != 5 or not (code.isascii() and code.isdigit()):
        return None, [], {}
    with product().runtime.reading() as db:
        register = Register(db, product().keyring, locked=False)
        unit = register.unit(code)
        if unit is None or not unit["active"]:
            return None, [], {}
        return unit, register.services(bangkok_date(product().runtime.clock.now())), register.standing(code)
