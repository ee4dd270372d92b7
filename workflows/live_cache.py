"""Live engine objects of recent cases, so that the next step need not decode a snapshot.

Correctness never depends on it: an entry is used only when its revision is the one just read from the database. Taking
an entry removes it, so one thread owns it; it comes back after the commit with the new revision, and never after a
failure.
"""

from __future__ import annotations

import threading
from collections import OrderedDict

from workflows.engine import Live


class LiveCache:
    """At most ``capacity`` live cases (about 16 KB each), least recently used first out."""

    def __init__(self, capacity: int = 2000) -> None:
        self._capacity = capacity
        self._entries: OrderedDict[int, tuple[int, Live]] = OrderedDict()
        self._lock = threading.Lock()
        self.hits = 0
        self.misses = 0

    def take(self, case_id: int, revision: int) -> Live | None:
        """The live object of this revision, now owned by the caller; None if there is none."""
        with self._lock:
            entry = self._entries.pop(case_id, None)
            found = entry is not None and entry[0] == revision
            self.hits += found
            self.misses += not found
        return entry[1] if entry is not None and found else None

    def put(self, case_id: int, revision: int, live: Live) -> None:
        """Give back a live object after its revision was committed."""
        with self._lock:
            self._entries[case_id] = (revision, live)
            self._entries.move_to_end(case_id)
            while len(self._entries) > self._capacity:
                self._entries.popitem(last=False)

    def clear(self) -> None:
        """Forget everything; the next steps decode their snapshots."""
        with self._lock:
            self._entries.clear()
