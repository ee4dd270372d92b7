"""Who acts in this request, and what each route demands. The only reader of ``current_user``.

Every route declares its rule with ``@allow``; a route without one keeps the application from starting, and a request
that does not meet the rule never reaches the view.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, redirect, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from werkzeug.wrappers import Response as BaseResponse

from app.wiring import Product
from workflows.actor import Actor
from workflows.clock import real_now
from workflows.commands.end_sessions import EndSessions
from workflows.commands.touch_session import TouchSession
from workflows.errors import NotAllowed
from workflows.queries import actors
from workflows.rules import scopes

RULES: dict[str, frozenset[str]] = {}
"""Endpoint to rule: the special words below, or the roles of which one is needed."""
SCOPES: dict[str, str] = {}
"""Endpoint of the API to the scope that a token needs there."""

PUBLIC = "public"
API = "api"
SIGNED_IN = "signed-in"
ACTOR = "actor"  # signed in, or a visitor with a request of their own
_OPEN_WHILE_PASSWORD_IS_DUE = {"sign_in.sign_out", "sign_in.password", "sign_in.change_password", "home.language"}

View = TypeVar("View", bound=Callable[..., Any])


class SignedIn(UserMixin):
    """The signed-in person of this request. Its id in the cookie is the session's random token."""

    def __init__(self, token: str, actor: Actor, must_change_password: bool) -> None:
        self.token = token
        self.actor = actor
        self.must_change_password = must_change_password

    def get_id(self) -> str:
        return self.token


def allow(*rule: str, scope: str | None = None) -> Callable[[View], View]:
    """Declare who may use a route: ``public``, ``signed-in``, ``actor``, role names; or ``api`` with the ``scope``
    (``workflows.rules.scopes``) that a token needs there."""

    def declare(view: View) -> View:
        view.__access__ = frozenset(rule)  # type: ignore[attr-defined]
        view.__scope__ = scope  # type: ignore[attr-defined]
        return view

    return declare


def install(app: Flask) -> None:
    """Collect every route's rule and check it before each request. Raises when a route has none, or one of the API says
    no scope."""
    manager = LoginManager(app)
    manager.user_loader(_load)
    for endpoint, view in app.view_functions.items():
        rule = getattr(view, "__access__", None)
        if endpoint == "static":
            rule = frozenset({PUBLIC})
        if rule is None:
            raise RuntimeError(f"the route {endpoint} does not say who may use it")
        scope = getattr(view, "__scope__", None)
        if API in rule:
            if scope not in (*scopes.SCOPES, scopes.ANY):
                raise RuntimeError(f"the route {endpoint} does not say which scope a token needs: allow(…, scope=…)")
            SCOPES[endpoint] = scope
        RULES[endpoint] = rule
    app.before_request(_check)


def product() -> Product:
    """The wired product behind the current application."""
    found: Product = current_app.extensions["sitthi"]
    return found


def current_actor() -> Actor:
    """Who acts in this request: the signed-in person, the API caller, or a visitor (perhaps without anything yet)."""
    actor = g.get("actor")
    if actor is None:
        signed_in = current_user.is_authenticated
        actor = current_user.actor if signed_in else Actor(f"visitor:{session.get('visitor', '')}")
        g.actor = actor
    found: Actor = actor
    return found


def act_as(actor: Actor) -> None:
    """The API has verified its caller."""
    g.actor = actor


def become_visitor(token: str | None = None) -> Actor:
    """Give this browser an identity of its own for a request without an account, or the one a return link proved."""
    session["visitor"] = token or session.get("visitor") or secrets.token_urlsafe(24)
    g.pop("actor", None)
    return current_actor()


def sign_in(token: str, actor: Actor, must_change_password: bool) -> None:
    """This browser is signed in from now on."""
    session.clear()
    login_user(SignedIn(token, actor, must_change_password))


def session_mark() -> str:
    """A digest that names this signed-in session, for what may be used in it only; empty for nobody."""
    return hashlib.sha256(current_user.token.encode()).hexdigest() if current_user.is_authenticated else ""


def sign_out() -> None:
    """End the session in the database and in the cookie."""
    if current_user.is_authenticated:
        product().runtime.execute(EndSessions(current_user.actor.account_id, current_user.token), current_user.actor)
    logout_user()
    session.clear()


def _load(token: str) -> SignedIn | None:
    wired, now = product(), real_now()
    with wired.runtime.reading() as db:
        found = actors.living_session(db, token, now)
        actor = actors.actor_of(db, found.account_id, demo=wired.settings.demo) if found else None
    if found is None or actor is None:
        return None
    if (now - found.seen_at).total_seconds() > 300:
        wired.runtime.execute(TouchSession(token), actor)
    return SignedIn(token, actor, found.must_change_password)


def _check() -> Response | BaseResponse | None:
    if request.endpoint is None:
        return None  # no such page: the error handler answers
    rule = RULES.get(request.endpoint, frozenset())
    if PUBLIC in rule:
        return None
    if API in rule:
        return None  # the API authenticates its callers itself, by header and never by cookie
    actor = current_actor()
    if current_user.is_authenticated and current_user.must_change_password:
        if request.endpoint not in _OPEN_WHILE_PASSWORD_IS_DUE:
            return redirect(url_for("sign_in.password"))
        return None
    if ACTOR in rule and (actor.account_id is not None or actor.id != "visitor:"):
        return None
    if actor.account_id is None:
        return redirect(url_for("sign_in.form", next=request.full_path if request.method == "GET" else None))
    if SIGNED_IN in rule or ACTOR in rule or actor.roles & rule:
        return None
    raise NotAllowed()
