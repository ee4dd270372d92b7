"""Sending text messages through an HTTP gateway."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Mapping
from typing import Any


class HttpSms:
    """The effect ``sms``: posts JSON ``{"to", "text", "ref"}``;

    the key is the ``ref``, by which a gateway drops repeats.
    """

    def __init__(self, url: str) -> None:
        self._url = url

    def __call__(self, payload: Mapping[str, Any], key: str) -> None:
        body = json.dumps({"to": payload["to"], "text": payload["text"], "ref": key}, ensure_ascii=False).encode()
        request = urllib.request.Request(  # noqa: S310 - the settings allow http and https only
            self._url, body, {"Content-Type": "application/json; charset=utf-8"}, method="POST"
        )
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
            answer.read(65536)
