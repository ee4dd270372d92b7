"""Links that work once."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from workflows.ports import Change, Context

_PATHS = {
    "activation": "activate",
    "return": "return",
    "reset": "reset",
    "keep": "keep-password",
    "email_old": "confirm-email",
    "email_new": "confirm-email",
}


def one_time_link(
    context: Context, purpose: str, lifetime: timedelta, username: str | None = None
) -> tuple[str, Change]:
    """The link for the mail, and the change that stores the hash of its token. The clear token is stored nowhere."""
    token = secrets.token_urlsafe(32)
    values = {
        "token_hash": hashlib.sha256(token.encode()).hexdigest(),
        "purpose": purpose,
        "username": username,
        "expires_at": (context.now + lifetime).isoformat(),
    }
    return f"{context.base_url}/{_PATHS[purpose]}/{token}", Change("link.create", values)
