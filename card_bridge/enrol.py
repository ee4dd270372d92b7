"""Making this bridge known to the server, with a code that the administrator gave for this computer."""

from __future__ import annotations

import base64
import json
import platform
import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from card_bridge import __version__
from card_bridge.keys import SigningKey
from card_bridge.settings import Settings, origin_of

_SECONDS = 20


class ServerRefused(Exception):
    """The server did not accept the request; the text says why."""


def enrol(settings: Settings, key: SigningKey, server: str, code: str) -> Settings:
    """Send the public key with the one-time code; gives the settings to keep. Raises ServerRefused, ValueError.

    The administrator then compares the fingerprint on both screens and approves; until then readings are refused.
    """
    origin = origin_of(server)
    answer = post(
        f"{origin}/api/card-bridges",
        {
            "code": code.strip(),
            "public_key": base64.b64encode(key.public).decode(),
            "name": platform.node()[:80] or "card bridge",
            "system": platform.system()[:40],
            "agent_version": __version__,
        },
    )
    (settings.directory / "server-key").write_text(str(answer["server_key"]), "ascii")
    return replace(
        settings,
        server=origin,
        device_id=str(answer["device_id"]),
        origins=tuple(answer["origins"]),
        outbound=settings.outbound,
    )


def server_key(settings: Settings) -> bytes:
    """The server's public key, as it was given at enrolment; empty before."""
    file = settings.directory / "server-key"
    return base64.b64decode(file.read_text("ascii")) if file.exists() else b""


def post(address: str, body: Mapping[str, Any], *, seconds: float = _SECONDS) -> dict[str, Any]:
    """Post JSON, get JSON. Raises ServerRefused with the server's own words where it has some."""
    request = urllib.request.Request(  # noqa: S310 - origin_of allowed https, or http to this computer
        address,
        json.dumps(body).encode(),
        {"Content-Type": "application/json", "User-Agent": f"card-bridge/{__version__}"},
    )
    try:
        with urllib.request.urlopen(request, timeout=seconds, context=ssl.create_default_context()) as answer:  # noqa: S310
            found = json.loads(answer.read() or b"{}")
    except urllib.error.HTTPError as error:
        raise ServerRefused(_words(error)) from None
    except (OSError, ValueError) as error:
        raise ServerRefused(f"ติดต่อเซิร์ฟเวอร์ไม่ได้ / the server cannot be reached ({type(error).__name__})") from None
    return dict(found)


def _words(error: urllib.error.HTTPError) -> str:
    try:
        problem = json.loads(error.read())
        return str(problem.get("detail") or problem.get("title") or error.reason)
    except (ValueError, AttributeError):
        return f"{error.code} {error.reason}"
