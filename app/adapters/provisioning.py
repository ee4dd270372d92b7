"""Grants on their way to the target systems: which adapter serves which system, and what its messages do."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import date
from typing import Any

from app.adapters.drops import DropFolder
from app.adapters.scim import ScimTarget
from workflows.actor import WORKER
from workflows.commands.note_unanswered import NoteUnanswered
from workflows.commands.settle_comparison import SettleComparison
from workflows.delivery import Effect
from workflows.queries import provisioning
from workflows.rules.drift import differences
from workflows.runtime import Runtime
from workflows.sealing import Keyring

_STEPS = ("grant", "revoke", "suspend", "resume")


class Provisioner:
    """The effects of all messages for target systems."""

    def __init__(self, runtime: Runtime, keyring: Keyring, drops: DropFolder) -> None:
        self._runtime = runtime
        self._keyring = keyring
        self._drops = drops
        self._open: dict[str, tuple[tuple[str, str], ScimTarget]] = {}
        self._lock = threading.Lock()

    def effects(self) -> dict[str, Effect]:
        """Kind of message → what does it."""
        steps: dict[str, Effect] = {f"provision.{step}": self.bring for step in _STEPS}
        return {**steps, "provision.file": self.write_file, "provision.compare": self.compare}

    def bring(self, payload: Mapping[str, Any], key: str) -> Mapping[str, Any] | None:
        """Bring one account's access to what the register says now. A system that meanwhile is served in another way
        gets nothing here."""
        system, username = payload["system"], payload["username"]
        target = self._scim(system)
        if target is None:
            return None
        with self._runtime.reading() as db:
            ours = provisioning.role_codes(db, system)

        def wanted() -> provisioning.Wanted:
            with self._runtime.reading() as db:
                return provisioning.wanted(db, system, username)

        drop = payload["role"] if payload["action"] == "revoke" else ""
        return {"done": target.bring(username, wanted, ours, drop)}

    def write_file(self, payload: Mapping[str, Any], key: str) -> None:
        """Drop one batch of changes as a file."""
        self._drops.write(payload["system"], payload["batch"], payload["lines"])

    def compare(self, payload: Mapping[str, Any], key: str) -> None:
        """Compare what is there with what is granted, and leave the differences to the owner of the system. One that
        does not answer is noted, and asked again."""
        target = self._scim(payload["system"])
        if target is None:
            return
        try:
            there = target.everybody()
        except Exception as error:
            self._runtime.execute(NoteUnanswered(payload["system"], f"{type(error).__name__}: {error}"), WORKER)
            raise
        settle(self._runtime, payload["system"], there, date.fromisoformat(payload["day"]))

    def _scim(self, system: str) -> ScimTarget | None:
        """The open connection to a system; a new one after its settings changed, none if it does not speak SCIM."""
        with self._runtime.reading() as db:
            found = provisioning.target(db, system)
            settings = (found.url, provisioning.token(db, self._keyring, system))
        if found.kind != "scim":
            return None
        with self._lock:
            known = self._open.get(system)
            if known is None or known[0] != settings:
                known = self._open[system] = (settings, ScimTarget(*settings))
            return known[1]


def settle(runtime: Runtime, system: str, actual: Mapping[str, set[str]], day: date, actor: Any = WORKER) -> int:
    """Compare and write down how it ended; gives how many differences nobody has accepted."""
    with runtime.reading() as db:
        granted, accepted = provisioning.granted(db, system), provisioning.accepted(db, system)
    found = list(differences(granted, actual, accepted))
    runtime.execute(SettleComparison(system, day, found), actor)
    return len(found)
