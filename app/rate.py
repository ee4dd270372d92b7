"""How often an address may ask for a page that everybody may read and that changes nothing.

The count lives in this process's memory, so several web processes allow as many times more: it shields the database
from a flood and guards no secret. What guards a secret counts in the database (``CountAttempt``).
"""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from math import ceil

from workflows.clock import real_now

_MOST_KEYS = 10_000


class Limiter:
    """At most ``limit`` times in each window of real time, per key."""

    def __init__(self, limit: int, window: timedelta) -> None:
        self._limit = limit
        self._window = window
        self._counts: dict[str, tuple[datetime, int]] = {}
        self._lock = threading.Lock()

    def admits(self, key: str) -> bool:
        """Count one; whether it is still allowed."""
        return self.wait(key) == 0

    def wait(self, key: str) -> int:
        """Count one; the seconds until one more is allowed, 0 if this one still is."""
        now = real_now()
        with self._lock:
            if len(self._counts) >= _MOST_KEYS:
                self._counts = {each: count for each, count in self._counts.items() if count[0] > now}
                if len(self._counts) >= _MOST_KEYS:
                    self._counts.clear()  # a flood from everywhere: memory stays bounded
            ends_at, used = self._counts.get(key, (now + self._window, 0))
            if ends_at <= now:
                ends_at, used = now + self._window, 0
            self._counts[key] = (ends_at, used + 1)
            return 0 if used < self._limit else ceil((ends_at - now).total_seconds()) or 1
