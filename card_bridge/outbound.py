"""The outbound line: the bridge asks the server whether a page wants a card read, for browsers that keep a page from
calling its own computer.

The bridge says who it is by its signature; what it sends back is the same signed reading that a browser would carry.
"""

from __future__ import annotations

import base64
import logging
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from card_bridge.bridge import Bridge
from card_bridge.challenge import ChallengeRefused
from card_bridge.enrol import ServerRefused, post
from card_bridge.envelope import canonical
from card_bridge.errors import CardError

log = logging.getLogger(__name__)
PREFIX: Final = b"card-bridge-line/v1\n"
_SECONDS, _REST = 20.0, 5.0
"""How long an answer may take, and how long the line rests after a failure or when the server names no pause."""
_LONGEST_PAUSE = 60.0


class Outbound:
    """Keeps the line until stopped."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="outbound", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()

    def _run(self) -> None:
        while not self._stopped.is_set():
            pause = _REST
            try:
                pause = self.once()
            except ServerRefused as refused:
                log.warning("outbound line: %s", refused)
            self._stopped.wait(pause)

    def once(self) -> float:
        """Ask once; read if asked to. Gives the seconds until the next question. Raises ServerRefused."""
        wanted = self._say("next", {})
        if not wanted.get("challenge"):
            return min(_LONGEST_PAUSE, float(wanted.get("again_in") or _REST))
        try:
            reading = self._bridge.read_signed(
                str(wanted["challenge"]), with_photo=wanted.get("photo") is True, reader=str(wanted.get("reader") or "")
            )
            self._post("readings", {"reading": reading})
        except CardError as error:
            self._say("next", {"challenge": wanted["challenge"], "error": error.code})
        except ChallengeRefused as refused:
            log.warning("refused to read: %s", refused)
        return 0.0

    def _say(self, what: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Post something with our signature under it."""
        said = {**body, "device_id": self._bridge.key.device_id, "at": datetime.now(UTC).isoformat()}
        signature = base64.b64encode(self._bridge.key.sign(PREFIX + canonical(said))).decode()
        return self._post(what, {"said": said, "signature": signature})

    def _post(self, what: str, body: Mapping[str, Any]) -> dict[str, Any]:
        return post(f"{self._bridge.settings.server}/api/card-bridges/{what}", body, seconds=_SECONDS)
