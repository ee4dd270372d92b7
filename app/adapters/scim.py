"""Accounts and roles in a target system that speaks SCIM 2.0."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection
from typing import Any

from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_models import PatchOp, ScimProvider, SearchRequest

from workflows.queries.provisioning import Wanted

_PAGE = 100
_DESCRIBED_FOR = 600.0  # seconds that what a server says about itself is remembered
_TIMEOUT = 20.0


class ScimTarget:
    """One SCIM service. Safe for threads; redirects are not followed."""

    def __init__(self, url: str, token: str) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._http = Client(base_url=url, headers=headers, timeout=_TIMEOUT, follow_redirects=False)
        self._described: tuple[float, ScimProvider] | None = None
        self._lock = threading.Lock()

    def bring(self, username: str, wanted: Callable[[], Wanted], ours: Collection[str], drop: str = "") -> str:
        """Bring an account there to what is wanted; gives what was done: nothing, created, changed.

        ``wanted`` is asked after the account was read there, and the change is bound to the version that was read: of
        two deliveries at once the one with older knowledge is refused, and tried again. Roles that are not ``ours`` are
        left alone, but for ``drop``. Raises what goes wrong on the way.
        """
        client = self._client()
        user: Any = client.get_resource_model("User")
        there = self._find(client, user, username)
        want = wanted()
        if there is None:
            if not want.roles:
                return "nothing"
            client.create(user(**_person(want), active=want.active, roles=_roles(want.roles)))
            return "created"
        has = {str(role.value) for role in there.roles or []}
        roles = set(want.roles) | {role for role in has if role not in ours}
        roles -= {drop} - set(want.roles)
        active = want.active or (bool(roles) and bool(there.active) and not want.external_id)
        if has == roles and bool(there.active) == active:
            return "nothing"
        if _can_patch(client):
            roles_change = {"op": "replace", "value": _roles(roles)} if roles else {"op": "remove"}
            changes = [{"op": "replace", "path": "active", "value": active}, {"path": "roles", **roles_change}]
            client.modify(there, PatchOp[user].model_validate({"Operations": changes}))
        else:
            there.active, there.roles = active, user(user_name=username, roles=_roles(roles)).roles
            client.replace(there)
        return "changed"

    def everybody(self) -> dict[str, set[str]]:
        """Who may do what there: username → roles of every active account, read page by page."""
        client = self._client()
        user: Any = client.get_resource_model("User")
        found: dict[str, set[str]] = {}
        start = 1
        while True:
            wanted = {"startIndex": start, "count": _PAGE, "attributes": ["userName", "active", "roles"]}
            page: Any = client.query(user, query_parameters=_search(wanted))
            for each in page.resources or []:
                if each.active is not False and each.user_name:
                    found[each.user_name] = {str(role.value) for role in each.roles or []}
            start += len(page.resources or [])
            if not page.resources or start > (page.total_results or 0):
                return found

    def _find(self, client: SyncSCIMClient, user: Any, username: str) -> Any | None:
        escaped = username.replace("\\", "\\\\").replace('"', '\\"')
        page: Any = client.query(user, query_parameters=_search({"filter": f'userName eq "{escaped}"'}))
        return page.resources[0] if page.resources else None

    def _client(self) -> SyncSCIMClient:
        """A client that knows what the server says about itself; asked at most every ten minutes."""
        with self._lock:
            if self._described is None or time.monotonic() - self._described[0] > _DESCRIBED_FOR:
                first = SyncSCIMClient(self._http)
                first.discover()
                self._described = (time.monotonic(), first.provider)
            return SyncSCIMClient(self._http, provider=self._described[1])


def _search(parameters: dict[str, Any]) -> Any:
    return SearchRequest[Any].model_validate(parameters)


def _can_patch(client: SyncSCIMClient) -> bool:
    config = client.provider.config
    return bool(config and config.patch and config.patch.supported)


def _person(want: Wanted) -> dict[str, Any]:
    return {
        "user_name": want.username,
        "external_id": want.external_id or None,
        "display_name": f"{want.given_name} {want.family_name}".strip() or want.username,
        "name": {"given_name": want.given_name, "family_name": want.family_name},
        "emails": [{"value": want.email, "primary": True}] if want.email else None,
    }


def _roles(codes: Collection[str]) -> list[dict[str, str]]:
    return [{"value": code} for code in sorted(codes)]
