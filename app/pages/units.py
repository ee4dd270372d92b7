"""Innovation units: what is registered of one, and where a place lies from the seat of its province."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, render_template, request
from flask_babel import gettext as _

from app import place_card
from app.access import allow, current_actor, product
from app.i18n import language
from app.pages_support import organisation
from workflows.clock import bangkok_date
from workflows.queries import innovation_units
from workflows.rules import places

pages = Blueprint("units", __name__)


@pages.get("/units/<code>")
@allow("signed-in")
def show(code: str) -> Any:
    """What the unit registered, who serves there, whether it may authenticate patients, and else the way out."""
    actor, today = current_actor(), bangkok_date(product().runtime.clock.now())
    with product().runtime.reading() as db:
        found = innovation_units.of(db, actor, code, today)
    general = found["registered"]["general"] if found["registered"] else {}
    place = _number(general.get("latitude")), _number(general.get("longitude"))
    province = found["organisation"]["province"]
    far = places.from_seat(province, *place) if None not in place else None  # type: ignore[arg-type]
    mine = not actor.groups.isdisjoint({f"signatory:{code}", f"delegate:{code}"})
    return render_template("unit.html", **found, general=general, distance=far, acts=mine, lang_code=language())


@pages.get("/places/card.svg")
@allow("signed-in")
def card() -> Any:
    """A place beside the seat of the province that the unit belongs to."""
    latitude, longitude = (_number(request.args.get(name)) for name in ("latitude", "longitude"))
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        abort(404)
    with product().runtime.reading() as db:
        unit = organisation(db, request.args.get("unit", "")[:10])
    words = _("ตัวจังหวัด%(province)s", province=unit.get("province", "")), _("หน่วยบริการ")
    drawn = place_card.svg(str(unit.get("province", "")), latitude, longitude, words)
    if drawn is None:
        abort(404)
    return Response(drawn, content_type="image/svg+xml; charset=utf-8")


def _number(value: Any) -> float | None:
    """A finite number; None for anything else."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if abs(number) < 1000 else None
