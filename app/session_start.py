"""Beginning a session for an account whose holder has just proved to be it."""

from __future__ import annotations

from typing import Any

from flask import redirect

from app import access
from app.access import product
from app.pages_support import local_path
from workflows.commands.open_session import OpenSession
from workflows.queries import actors


def begin_session(account_id: int, must_change_password: bool, next_: str) -> Any:
    """Sign this browser in and go on; None when the account may not act."""
    runtime = product().runtime
    with runtime.reading() as db:
        actor = actors.actor_of(db, account_id, demo=product().settings.demo)
    if actor is None:
        return None
    token = runtime.execute(OpenSession(account_id), actor)
    access.sign_in(token, actor, must_change_password)
    if must_change_password:
        return redirect("/password")
    return redirect(local_path(next_) if next_ else "/inbox")
