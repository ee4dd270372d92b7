"""What a block costs the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from tests.support.world import World


@contextmanager
def counted(world: World) -> Iterator[dict[str, list[str]]]:
    """The statements, commits and rollbacks of a block."""
    seen: dict[str, list[str]] = {"statements": [], "commits": [], "rollbacks": []}
    listeners: list[tuple[str, Callable[..., Any]]] = [
        ("before_cursor_execute", lambda _c, _k, statement, *_: seen["statements"].append(statement)),
        ("commit", lambda _: seen["commits"].append("")),
        ("rollback", lambda _: seen["rollbacks"].append("")),
    ]
    for name, listener in listeners:
        event.listen(world.database, name, listener)
    try:
        yield seen
    finally:
        for name, listener in listeners:
            event.remove(world.database, name, listener)
