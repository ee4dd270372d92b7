"""The claim codes a process may still draw: a block of counters in memory, leased by ``code_lease``.

Nobody waits for anybody between two leases. What a process leased and did not use is lost when it ends, or when the
step that drew it is thrown away: gaps are allowed, repeats are not (docs/adr/0024).
"""

from __future__ import annotations

import os
import threading

from workflows.ports import NeedsCounters
from workflows.rules import claim_code
from workflows.sealing import Keyring


class CodeBlock:
    """The counters this process may still use. Its threads share one."""

    def __init__(self, keyring: Keyring) -> None:
        self.key_mark = keyring.digest("claim-code-mark", "")[:16]
        self._key = keyring.subkey("claim-code")
        self._lock = threading.Lock()
        self._next = self._end = 0
        self._process = os.getpid()

    def draw(self) -> str:
        """The next code. Raises NeedsCounters when the block is used up, or was leased by the process that forked."""
        with self._lock:
            if self._next == self._end or self._process != os.getpid():
                raise NeedsCounters
            counter = self._next
            self._next += 1
        return claim_code.make(counter, self._key)

    def fill(self, first: int, count: int) -> None:
        """Go on with these counters. What another thread has leased meanwhile is a gap."""
        with self._lock:
            self._next, self._end, self._process = first, first + count, os.getpid()
