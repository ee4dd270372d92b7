"""The demonstration's LINE: invented accounts, a chat, webhooks signed and posted to the product's own endpoint.

There is none of it outside of a demonstration, nor where a real LINE account is set up.
"""

from __future__ import annotations

import json
import secrets
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, abort, current_app, redirect, render_template, request, session

from app import line_session
from app.access import allow, product
from app.adapters.line import signature
from app.adapters.line_simulated import BY_KEY, USERS, Simulated, SimulatedLogin
from workflows.queries import outbox
from workflows.rules import qr_codes

pages = Blueprint("demo_line", __name__)
_SHOWN = 30
_REMEMBERED, _LONGEST = 8, 90


@pages.get("/demo/line")
@allow("public")
def chat() -> Any:
    """Choose an invented account, or see its chat."""
    _simulator()
    return _page("demo_line.html")


@pages.get("/demo/line/chat")
@allow("public")
def messages() -> Any:
    """The messages alone; the page asks for them while it is open."""
    _simulator()
    return _page("demo_line_chat.html")


@pages.get("/demo/line/sign-in")
@allow("public")
def choose() -> Any:
    """LINE's own sign-in page, as it were: choose who you are."""
    _simulator()
    asked = {name: request.args.get(name, "")[:100] for name in ("state", "nonce")}
    return render_template("demo_line_sign_in.html", users=USERS, **asked)


@pages.post("/demo/line/sign-in")
@allow("public")
def sign_in() -> Any:
    """Send the browser back with a code, as LINE does."""
    simulator, user = _simulator(), _user(request.form.get("user", ""))
    back = {"code": simulator.code(user, request.form.get("nonce", "")), "state": request.form.get("state", "")}
    return redirect(f"/line/callback?{urlencode(back)}")


@pages.post("/demo/line/send")
@allow("public")
def send() -> Any:
    """Write as the invented account that signed in here: a webhook, signed, to the same endpoint LINE would call."""
    _simulator()
    user_id = line_session.user_id()
    if user_id is None:
        return redirect("/demo/line")
    text, data = request.form.get("text", "").strip()[:300], request.form.get("data", "")[:600]
    event: dict[str, Any] = {"type": "follow"}
    if data:
        event = {"type": "postback", "postback": {"data": data}}
    elif text:
        event = {"type": "message", "message": {"type": "text", "id": secrets.token_hex(8), "text": text}}
    _post(user_id, event)
    said = [*session.get("line_said", []), [product().runtime.clock.now().isoformat(), (text or "…")[:_LONGEST]]]
    session["line_said"] = said[-_REMEMBERED:]
    return redirect("/demo/line")


def _post(user_id: str, event: dict[str, Any]) -> None:
    """Through the application itself, so that the signature, the limits and the dedupe are those of real webhooks."""
    line = product().line
    assert line is not None
    whole = {
        **event,
        "mode": "active",
        "timestamp": int(product().runtime.clock.now().timestamp() * 1000),
        "webhookEventId": secrets.token_hex(13).upper(),
        "deliveryContext": {"isRedelivery": False},
        "source": {"type": "user", "userId": user_id},
    }
    body = json.dumps({"destination": "U" + "0" * 32, "events": [whole]}).encode()
    headers = {"X-Line-Signature": signature(line.secret, body), "Content-Type": "application/json"}
    current_app.test_client().post("/line/webhook", data=body, headers=headers)


def _page(template: str) -> str:
    user_id = line_session.user_id()
    user = next((each for each in USERS if each.user_id == user_id), None)
    shown: list[dict[str, Any]] = []
    if user is not None:
        with product().runtime.reading() as db:
            pushed = outbox.pushed_to(db, product().keyring, user.user_id, limit=_SHOWN)
        shown = [{"at": each["created_at"].isoformat(), "mine": False, **each["payload"]} for each in pushed]
        shown += [{"at": at, "mine": True, "text": text} for at, text in session.get("line_said", [])]
    sample = qr_codes.for_unit("99003", "PG0060001")
    return render_template(
        template, users=USERS, user=user, messages=sorted(shown, key=lambda each: each["at"])[-_SHOWN:], sample=sample
    )


def _simulator() -> SimulatedLogin:
    line = product().line
    if not product().settings.demo or line is None or line.simulator is None:
        abort(404)
    return line.simulator


def _user(key: str) -> Simulated:
    if key not in BY_KEY:
        abort(400)
    return BY_KEY[key]
