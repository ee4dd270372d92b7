"""What a field offers while somebody types in it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, request

from app.access import allow, product
from workflows.register import Register

pages = Blueprint("suggest", __name__)
_SHORTEST, _MOST = 2, 12


@pages.get("/suggest/units")
@allow("public")
def units() -> Any:
    """Units by code or name, for a field that takes a unit code."""
    text = request.args.get("q", "").strip()[:60]
    if len(text) < _SHORTEST:
        return jsonify([])
    with product().runtime.reading() as db:
        found = Register(db, product().keyring, locked=False).units(text, _MOST)
    return jsonify([{"value": unit["code"], "label": f"{unit['name']} · {unit['province']}"} for unit in found])
