"""The invented people of the demonstration's registry of rights: whom a tester may type at the front desk."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template

from app.access import allow, product
from app.adapters.demo_patients import PATIENTS
from app.adapters.rights_demo import SOURCE, answer
from workflows.clock import bangkok_date
from workflows.rules import rights

pages = Blueprint("demo_registry", __name__)


@pages.get("/demo/registry")
@allow("signed-in")
def show() -> Any:
    """Everybody in it, as of today. Only in a demonstration that asks no real registry."""
    if product().rights.source != SOURCE:
        abort(404)
    today = bangkok_date(product().runtime.clock.now())
    rows = [
        {"patient": patient, "known": known, "age": rights.age_on(known, today)}
        for patient in PATIENTS
        if (known := answer(patient, today))
    ]
    return render_template("demo_registry.html", rows=rows, today=today)
