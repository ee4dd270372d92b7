"""Tokens with which the own systems of a unit (a hospital's HIS) call the API: they act for the unit, for no person."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request

from app import token_forms
from app.access import allow, current_actor, product
from app.token_forms import Wanted
from app.unit_keepers import TOKEN_KEEPERS, kept_units
from workflows.commands.make_token import MakeToken
from workflows.commands.revoke_token import RevokeToken
from workflows.errors import NotFound, Text
from workflows.queries import actors
from workflows.rules.scopes import OF_UNITS, SCOPES

pages = Blueprint("unit_tokens", __name__)
_DAYS = 180
_WHICH_UNIT = Text("เลือกหน่วยบริการของท่าน", "Choose a unit of yours")


@pages.get("/unit-tokens")
@allow(*TOKEN_KEEPERS, "auditor")
def listed() -> Any:
    """The tokens of my units' systems, or of every unit's."""
    return _page()


@pages.post("/unit-tokens")
@allow(*TOKEN_KEEPERS)
def make() -> Any:
    """Make a token for a unit; its secret is shown this one time."""
    actor = current_actor()
    wanted = token_forms.read(request.form, OF_UNITS, (), _DAYS)
    units, unit = kept_units(actor, TOKEN_KEEPERS), _chosen()
    if not unit or (units is not None and unit not in units):
        wanted.errors["unit_code"] = _WHICH_UNIT
    if len([row for row in _rows() if row["unit_code"] == unit]) >= token_forms.MOST:
        wanted.errors["name"] = token_forms.TOO_MANY
    if wanted.errors:
        return _page(wanted), 422
    assert actor.account_id is not None  # the rule of this route
    command = MakeToken(actor.account_id, wanted.name, wanted.lifetime, wanted.as_client, wanted.scopes, unit)
    try:
        _id, client, secret = product().runtime.execute(command, actor)
    except NotFound as unknown:
        wanted.errors["unit_code"] = unknown.text
        return _page(wanted), 422
    return _page(made={"name": wanted.name, "unit": unit, "client": client, "secret": secret})


@pages.post("/unit-tokens/<int:token_id>/revoke")
@allow(*TOKEN_KEEPERS)
def revoke(token_id: int) -> Any:
    """A token of a unit stops working at once."""
    actor = current_actor()
    unit = next((row["unit_code"] for row in _rows() if row["id"] == token_id), None)
    if unit is None:
        raise NotFound(token=token_id)
    assert actor.account_id is not None  # the rule of this route
    product().runtime.execute(RevokeToken(actor.account_id, token_id, unit), actor)
    return redirect("/unit-tokens")


def _chosen() -> str:
    """The unit that was chosen; who keeps one only need not choose."""
    units = kept_units(current_actor(), TOKEN_KEEPERS)
    return request.form.get("unit_code", "").strip() or (units[0] if units and len(units) == 1 else "")


def _rows() -> list[dict[str, Any]]:
    with product().runtime.reading() as db:
        found = actors.tokens_of_units(db, kept_units(current_actor(), TOKEN_KEEPERS))
    return [{**row, "made_by": f"{row['first_name']} {row['last_name']}"} for row in found]


def _page(wanted: Wanted | None = None, made: dict[str, str] | None = None) -> str:
    return render_template(
        "unit_tokens.html",
        tokens=_rows(),
        made=made,
        wanted=wanted,
        scopes={scope: SCOPES[scope] for scope in OF_UNITS},
        lifetimes=token_forms.LIFETIMES,
        days=_DAYS,
        units=kept_units(current_actor(), TOKEN_KEEPERS),
        unit_code=request.form.get("unit_code", ""),
        may_edit=bool(current_actor().roles & set(TOKEN_KEEPERS)),
    )
