"""The LINE platform: is a webhook theirs, who signed in, pushing messages.

Shapes and headers are those of the public Messaging API and LINE Login (OpenID Connect).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import urlencode
from uuid import NAMESPACE_URL, uuid5

from httpx2 import Client, HTTPError, Response

from config import LineChannel
from workflows.delivery import NotYet
from workflows.errors import NotAllowed, Text

ISSUER = "https://access.line.me"
_TIMEOUT = 10.0
_SLOW_DOWN = 120  # seconds: the platform counts pushes per minute and does not say how long to wait
_LONGEST_LABEL, _MOST_QUICK, _LONGEST_TEXT = 20, 13, 5000
REFUSED = Text(
    "LINE ไม่ยืนยันตัวท่าน กรุณาเข้าสู่ระบบด้วย LINE อีกครั้ง", "LINE did not confirm who you are; sign in with LINE again"
)
SILENT = Text("ติดต่อ LINE ไม่ได้ในขณะนี้ กรุณาลองใหม่", "LINE cannot be reached just now; try again")


class LineError(OSError):
    """The LINE platform did not take a message; the words hold nothing personal."""


class LineRefused(NotAllowed):
    """LINE did not confirm who this is / LINE ไม่ยืนยันตัวท่าน"""


class LineLogin(Protocol):
    """Who somebody is in LINE."""

    def address(self, state: str, nonce: str, redirect_uri: str) -> str:
        """Where to send a browser that wants to sign in."""
        ...

    def user(self, code: str, nonce: str, redirect_uri: str, now: datetime) -> str:
        """The userId behind the code that the browser came back with. Raises LineRefused."""
        ...


def signature(secret: str, body: bytes) -> str:
    """What the platform writes into ``X-Line-Signature`` for these very bytes."""
    return base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha256)).decode()


def is_signed(secret: str, body: bytes, given: str) -> bool:
    """Whether the bytes come from whoever knows the secret; takes the same time for every wrong answer."""
    return hmac.compare_digest(signature(secret, body).encode(), given.encode("utf-8", "replace"))


def message(payload: Mapping[str, Any]) -> dict[str, Any]:
    """A text message, with quick replies where the payload has ``quick`` [{label, data}]."""
    made: dict[str, Any] = {"type": "text", "text": str(payload["text"])[:_LONGEST_TEXT]}
    actions = [
        {
            "type": "postback",
            "label": each["label"][:_LONGEST_LABEL],
            "data": each["data"],
            "displayText": each["label"],
        }
        for each in payload.get("quick", [])[:_MOST_QUICK]
    ]
    if actions:
        made["quickReply"] = {"items": [{"type": "action", "action": action} for action in actions]}
    return made


class LinePush:
    """The effect ``line``: payload ``to`` (a userId), ``text``, perhaps ``quick``.

    The retry key is made of the message's own key: the platform drops a message it has taken before (409, which is as
    good as sent). When it asks to slow down (429) or is out of order, the outbox comes again later.
    """

    def __init__(self, channel: LineChannel) -> None:
        headers = {"Authorization": f"Bearer {channel.token}"}
        self._http = Client(base_url=channel.api_url, headers=headers, timeout=_TIMEOUT, follow_redirects=False)

    def __call__(self, payload: Mapping[str, Any], key: str) -> None:
        body = {"to": payload["to"], "messages": [message(payload)]}
        headers = {"X-Line-Retry-Key": str(uuid5(NAMESPACE_URL, key))}
        try:
            answer = self._http.post("/v2/bot/message/push", json=body, headers=headers)
        except HTTPError as error:
            raise LineError(type(error).__name__) from None
        if answer.status_code == 429:
            raise NotYet("HTTP 429: LINE asks to slow down, or the month's messages are used up", _SLOW_DOWN)
        if answer.status_code not in (200, 409):
            raise LineError(f"HTTP {answer.status_code}")


class RealLogin:
    """LINE Login: the code is exchanged, and the platform itself verifies the id_token."""

    def __init__(self, channel: LineChannel) -> None:
        self._channel = channel
        self._http = Client(base_url=channel.api_url, timeout=_TIMEOUT, follow_redirects=False)

    def address(self, state: str, nonce: str, redirect_uri: str) -> str:
        asked = {
            "response_type": "code",
            "client_id": self._channel.login_id,
            "redirect_uri": redirect_uri,
            "state": state,
            "nonce": nonce,
            "scope": "openid",
            "bot_prompt": "normal",  # offers to add the official account as a friend, who may be pushed to
        }
        return f"{self._channel.authorize_url}?{urlencode(asked)}"

    def user(self, code: str, nonce: str, redirect_uri: str, now: datetime) -> str:
        own = {"client_id": self._channel.login_id, "client_secret": self._channel.login_secret}
        asked = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri, **own}
        token = self._post("/oauth2/v2.1/token", asked).get("id_token")
        check = {"id_token": str(token), "client_id": self._channel.login_id, "nonce": nonce}
        told = self._post("/oauth2/v2.1/verify", check)
        expires, user = told.get("exp"), told.get("sub")
        sound = (
            told.get("iss") == ISSUER
            and told.get("aud") == self._channel.login_id
            and hmac.compare_digest(str(told.get("nonce")).encode(), nonce.encode())
            and isinstance(expires, int)
            and expires > now.timestamp()
        )
        if not sound or not isinstance(user, str) or not user:
            raise LineRefused(REFUSED)
        return user

    def _post(self, path: str, form: Mapping[str, str]) -> dict[str, Any]:
        try:
            answer: Response = self._http.post(path, data=dict(form))
            told = answer.json() if answer.status_code == 200 else None
        except (HTTPError, ValueError):
            raise LineRefused(SILENT) from None
        if not isinstance(told, dict):
            raise LineRefused(REFUSED if answer.status_code < 500 else SILENT)
        return told
