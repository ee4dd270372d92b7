"""Which LINE account is proven to act in this browser. Everything reached from LINE is bound to it."""

from __future__ import annotations

from flask import session

from app.access import become_visitor, product
from workflows.actor import LINE_VISITOR, Actor
from workflows.sealing import SealBroken

_PLACE = "session.line"


def prove(user_id: str) -> None:
    """LINE has just confirmed this userId. Kept sealed: the cookie is signed, but its bearer could read it."""
    sealed = product().keyring.seal(_PLACE, user_id.encode())
    session["line"] = sealed.hex()
    become_visitor(actor_of(user_id).id.removeprefix("visitor:"))


def user_id() -> str | None:
    """The proven userId of this browser."""
    try:
        return product().keyring.unseal(_PLACE, bytes.fromhex(session.get("line", ""))).decode()
    except (SealBroken, ValueError):
        return None


def actor_of(user: str) -> Actor:
    """Who a LINE account acts as."""
    return Actor(LINE_VISITOR + product().keyring.index("line.user", user).hex())


def forget() -> None:
    """This browser acts for nobody in LINE any more."""
    session.pop("line", None)
    session.pop("visitor", None)
