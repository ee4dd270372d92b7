"""Whether a literal time of a diagram is one that the engine's timers can read."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from workflows.engine import iso8601

_SOME_DAY: Final = datetime(2026, 1, 31, tzinfo=UTC)
_ZONED = re.compile(r".+T.+(Z|[+-]\d\d:\d\d|@[\w/+-]+|\[[\w/+-]+\])\Z")
_CRON = re.compile(r"@[a-z]+|(\S+\s+){4,}\S+\Z")


def is_duration(text: str) -> bool:
    """Such as ``P3D`` or ``PT30M``."""
    return _can(lambda: iso8601.after(_SOME_DAY, text))


def is_date_time(text: str) -> bool:
    """Such as ``2026-12-31T16:30:00+07:00``: a real date, with time and zone."""
    return _ZONED.match(text) is not None and _can(lambda: iso8601.instant(text))


def is_cycle(text: str) -> bool:
    """Such as ``R/P1D`` or ``R3/PT10M``."""
    return _can(lambda: iso8601.cycle(text, _SOME_DAY))


def is_cron(text: str) -> bool:
    return _CRON.match(text) is not None


def _can(read: Callable[[], object]) -> bool:
    try:
        read()
    except (ValueError, OverflowError, KeyError, OSError):  # zoneinfo answers KeyError or OSError for odd names
        return False
    return True
