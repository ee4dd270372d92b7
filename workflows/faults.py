"""Named points at which a fault test may stop the process. In the product nothing is installed and nothing happens."""

from __future__ import annotations

from collections.abc import Callable

POINTS = (
    "before-commit",
    "after-commit",
    "message-claimed",
    "message-sent",
    "message-settled",
    "timer-found",
)

_hook: Callable[[str], None] | None = None


def install(hook: Callable[[str], None] | None) -> None:
    """Call ``hook`` with the name of every point that is reached; None removes it."""
    global _hook
    _hook = hook


def reached(point: str) -> None:
    """The program is at this point."""
    if _hook is not None:
        _hook(point)
