"""Tokens with which a person's own programs call the API."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request

from app import token_forms
from app.access import allow, current_actor, product
from app.token_forms import Wanted
from app.unit_keepers import TOKEN_KEEPERS
from workflows.commands.make_token import MakeToken
from workflows.commands.revoke_token import RevokeToken
from workflows.queries import actors
from workflows.rules.scopes import FULL, SCOPES

pages = Blueprint("tokens", __name__)
_DAYS = 90


@pages.get("/tokens")
@allow("signed-in")
def listed() -> Any:
    """My tokens."""
    return _page()


@pages.post("/tokens")
@allow("signed-in")
def make() -> Any:
    """Make a token; its secret is shown this one time."""
    actor = current_actor()
    wanted = token_forms.read(request.form, SCOPES, (FULL,), _DAYS)
    if len(_mine()) >= token_forms.MOST:
        wanted.errors["name"] = token_forms.TOO_MANY
    if wanted.errors:
        return _page(wanted), 422
    assert actor.account_id is not None  # the rule of this route
    command = MakeToken(actor.account_id, wanted.name, wanted.lifetime, wanted.as_client, wanted.scopes)
    _id, client, secret = product().runtime.execute(command, actor)
    return _page(made={"name": wanted.name, "client": client, "secret": secret})


@pages.post("/tokens/<int:token_id>/revoke")
@allow("signed-in")
def revoke(token_id: int) -> Any:
    """A token stops working at once."""
    actor = current_actor()
    assert actor.account_id is not None  # the rule of this route
    product().runtime.execute(RevokeToken(actor.account_id, token_id), actor)
    return redirect("/tokens")


def _mine() -> list[dict[str, Any]]:
    actor = current_actor()
    assert actor.account_id is not None  # the rule of this route
    with product().runtime.reading() as db:
        return [dict(row) for row in actors.tokens_of(db, actor.account_id)]


def _page(wanted: Wanted | None = None, made: dict[str, str] | None = None) -> str:
    return render_template(
        "tokens.html",
        tokens=_mine(),
        made=made,
        wanted=wanted,
        scopes=SCOPES,
        full=FULL,
        lifetimes=token_forms.LIFETIMES,
        days=_DAYS,
        keeper=bool(current_actor().roles & {*TOKEN_KEEPERS, "auditor"}),
    )
