"""What this browser asked ThaID, and whom ThaID just confirmed in it: sealed, as cookies are only signed."""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import asdict, dataclass

from flask import abort, redirect, session
from werkzeug.wrappers import Response

from app.access import product
from app.adapters.thaid import Identity, Provider, ThaidRefused
from workflows.clock import real_now
from workflows.sealing import SealBroken

_ASKED, _CONFIRMED = "thaid_asked", "thaid_confirmed"
_PLACE, _INVITATION = "thaid.session", "thaid.invitation"
_GOOD_FOR, _INVITED_FOR = 600, 900  # seconds


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to ThaID. ``purpose`` is sign-in, register or confirm; ``about`` where to go on, or a link."""

    state: str
    nonce: str
    verifier: str
    purpose: str
    about: str
    at: float


def provider() -> Provider:
    """Who confirms identities here; there are no such pages without one."""
    found = product().thaid
    if found is None:
        abort(404)
    return found


def back() -> str:
    """Where ThaID sends the browser back to; registered with it."""
    return f"{product().settings.base_url}/thaid/callback"


def ask(purpose: str, about: str = "") -> Response:
    """Send the browser to ThaID."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    session[_ASKED] = asdict(Asked(state, nonce, verifier, purpose, about[:1000], real_now().timestamp()))
    return redirect(provider().address(state, nonce, verifier, back()))


def answered(state: str) -> Asked:
    """What this browser asked, once. Raises ThaidRefused for another state, a second time, or too late."""
    found = session.pop(_ASKED, None)
    asked = Asked(**found) if isinstance(found, dict) else None
    if asked is None or not secrets.compare_digest(asked.state.encode(), state.encode()):
        raise ThaidRefused("state")
    if real_now().timestamp() - asked.at > _GOOD_FOR:
        raise ThaidRefused("state")
    return asked


def remember(identity: Identity) -> None:
    """Keep who was confirmed, for the next steps of this browser."""
    session[_CONFIRMED] = _seal(_PLACE, [asdict(identity), real_now().timestamp()])


def confirmed() -> Identity | None:
    """Whom ThaID confirmed in this browser within ten minutes."""
    found = _unseal(_PLACE, session.get(_CONFIRMED, ""))
    if found is None or real_now().timestamp() - found[1] > _GOOD_FOR:
        return None
    return Identity(**found[0])


def forget() -> None:
    """The next step was made."""
    session.pop(_CONFIRMED, None)


def invitation(unit_code: str, asked_by: str) -> str:
    """A link's token: somebody at the counter of a unit may confirm who they are, once, within a quarter of an hour."""
    return _seal(_INVITATION, [unit_code, asked_by, secrets.token_hex(12), real_now().timestamp()])


def invited(token: str) -> tuple[str, str, str] | None:
    """Unit, who asked, and the name of an invitation; None when it is none, or too old."""
    found = _unseal(_INVITATION, token)
    if found is None or real_now().timestamp() - found[3] > _INVITED_FOR:
        return None
    return str(found[0]), str(found[1]), str(found[2])


def _seal(place: str, value: list[object]) -> str:
    sealed = product().keyring.seal(place, json.dumps(value, ensure_ascii=False).encode())
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def _unseal(place: str, token: str) -> list | None:  # type: ignore[type-arg]
    try:
        clear = product().keyring.unseal(place, base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        found = json.loads(clear)
    except (SealBroken, ValueError):
        return None
    return found if isinstance(found, list) else None
