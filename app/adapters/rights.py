"""Which registry of rights this installation asks, and asking it for a case that began without an answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.adapters.rights_demo import DemoRegistry
from app.adapters.rights_http import HttpRegistry, RegistrySilent
from config import Settings
from workflows.actor import WORKER
from workflows.commands.keep_rights import KeepRights
from workflows.delivery import Effect
from workflows.ports import RightsRegistry
from workflows.runtime import Runtime


class NoRegistry:
    """Stands where no registry is set up: asking it says so."""

    source = ""

    def look_up(self, pid: str, on: date) -> Mapping[str, Any] | None:
        """Raises RegistrySilent."""
        raise RegistrySilent("RIGHTS_URL is not set")


def registry(settings: Settings) -> RightsRegistry:
    """The registry at RIGHTS_URL; else, in a demonstration only, the invented one."""
    if settings.rights_url:
        return HttpRegistry(settings.rights_url, settings.rights_token)
    return DemoRegistry() if settings.demo else NoRegistry()


def looks_up(runtime: Runtime, asked: RightsRegistry) -> Effect:
    """The effect ``rights.look_up``: ``{pid, on (ISO date), unit_code, case, asked_for}``.

    The waiting service task gets ``rights`` (the answer, or None when nobody has this number), ``rights_answer`` (its
    id among the evidence) and ``rights_source``. While the registry is silent the outbox asks again.
    """

    def look_up(payload: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        found = asked.look_up(payload["pid"], date.fromisoformat(payload["on"]))
        command = KeepRights(
            payload["pid"],
            payload.get("unit_code", ""),
            asked.source,
            found,
            int(payload["case"]) if payload.get("case") else None,
            payload.get("asked_for", ""),
        )
        kept = runtime.execute(command, WORKER)
        return {"rights": found, "rights_answer": str(kept), "rights_source": asked.source}

    return look_up
