"""Access tokens for programs that hold client credentials (RFC 6749, section 4.4)."""

from __future__ import annotations

from typing import Any

from flask import jsonify, request

from app.access import allow, product
from app.api import access_tokens
from app.api.body import storable
from app.api.describe import NUMBER, TEXT, describe, one_of, options, record
from app.api.resource import resource
from app.errors import problem
from workflows.clock import real_now
from workflows.queries import actors
from workflows.rules import scopes

routes = resource("oauth", prefix="/oauth")


@routes.post("/token")
@allow("public")
@describe(
    "Exchange client credentials (in the form, or by HTTP Basic) for an access token of one hour",
    body=options(
        ("grant_type",),
        grant_type=one_of("client_credentials"),
        client_id=TEXT,
        client_secret=TEXT,
        audience=TEXT,
        scope=TEXT,
    ),
    media="application/x-www-form-urlencoded",
    answers={200: record(access_token=TEXT, token_type=TEXT, expires_in=NUMBER, scope=TEXT)},
)
def token() -> Any:
    form, now = request.form, real_now()
    if form.get("grant_type") != "client_credentials":
        return _refused(400, "unsupported_grant_type", "grant_type must be client_credentials")
    basic = request.authorization if request.authorization and request.authorization.type == "basic" else None
    client_id = (basic.username if basic else form.get("client_id")) or ""
    secret = (basic.password if basic else form.get("client_secret")) or ""
    if not (storable(client_id) and storable(secret)):
        return _refused(401, "invalid_client", "The client credentials are not valid")
    with product().runtime.reading() as db:
        known = actors.client_token(db, client_id, secret, now)
        client = actors.client(db, known, now) if known is not None else None
    if client is None:
        return _refused(401, "invalid_client", "The client credentials are not valid")
    wanted = scopes.narrowed(client.scopes, form.get("scope", "").split())
    if wanted is None:
        return _refused(400, "invalid_scope", f"The client has these scopes: {' '.join(client.scopes)}")
    issued = access_tokens.issue(product().keyring, client.id, now, wanted)
    lifetime = int(access_tokens.LIFETIME.total_seconds())
    kind = "Bearer"
    return jsonify(access_token=issued, token_type=kind, expires_in=lifetime, scope=" ".join(wanted))


def _refused(status: int, error: str, detail: str) -> Any:
    """A problem document that is also the error of RFC 6749, section 5.2."""
    answer = problem(status, error.upper(), detail, error=error, error_description=detail)
    if status == 401:
        answer.headers["WWW-Authenticate"] = 'Basic realm="sitthi", charset="UTF-8"'
    return answer
