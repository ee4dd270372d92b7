"""User tasks that a caller may not know of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from app.access import current_actor, product
from workflows.errors import Conflict, NotAllowed
from workflows.queries import search_work_items


@contextmanager
def hidden(work_item_id: int) -> Iterator[None]:
    """Who may not know of a task hears that there is none: "not you" and "already done" both say that it exists."""
    try:
        yield
    except (NotAllowed, Conflict):
        with product().runtime.reading() as db:
            search_work_items.by_id(db, current_actor(), work_item_id)
        raise
