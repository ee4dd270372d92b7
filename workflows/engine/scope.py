"""Variable scopes as in Zeebe: one tree of scopes, reads go outwards, writes go to where the name lives.

Variables never live in ``task.data``. ``workflow.data["vars"]`` is the scope of a process or sub-process,
``task.internal_data["L"]`` the local scope of an activity: its input mappings, and in a multi-instance activity the
loop counter and the input element. A called process sees nothing of its caller.

Values are JSON and belong to one scope only: what comes in is copied at the door (``plain``), so no two scopes share a
list or a context.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Mapping
from typing import Any

from workflows.feel import to_json

Scope = dict[str, Any]
_PLAIN = frozenset((str, int, float, bool, type(None)))


def plain(value: Any) -> Any:
    """A copy of the value made of JSON types only: decimals become numbers, dates and durations ISO text."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is dict:
        return {str(key): plain(item) for key, item in value.items()}
    if kind is list or kind is tuple:
        return [plain(item) for item in value]
    return to_json(value)


def scopes_of(task: Any) -> list[Scope]:
    """The scopes a task sees, innermost first."""
    found: list[Scope] = []
    while True:
        local = task.internal_data.get("L")
        if local is not None:
            found.append(local)
        parent = task.parent
        if parent is not None and parent.task_spec.instance_spec == task.task_spec.name:
            found.append(parent.internal_data["L"])  # a multi-instance body encloses its instances
        workflow = task.workflow
        found.append(workflow.data["vars"])
        task = workflow.owner
        if task is None or task.task_spec.starts_fresh:
            return found


def visible(scopes: list[Scope]) -> Mapping[str, Any]:
    """All variables seen from a chain of scopes as one read-only view."""
    return scopes[0] if len(scopes) == 1 else ChainMap(*scopes)


def propagate(scopes: list[Scope], values: Mapping[str, Any]) -> list[tuple[Scope, str]]:
    """Write each value to the innermost scope that has its name already, else to the outermost.

    The values are kept, not copied: plain values nobody else holds. Returns the places whose value has changed.
    """
    changed = []
    for name, value in values.items():
        home = next((scope for scope in scopes if name in scope), scopes[-1])
        if name not in home or home[name] != value:
            changed.append((home, name))
        home[name] = value
    return changed


def put_path(target: Scope, path: str, value: Any) -> None:
    """Set ``a.b.c`` in nested contexts, making the ones that are missing."""
    *parents, last = path.split(".")
    for name in parents:
        inner = target.get(name)
        if not isinstance(inner, dict):
            inner = target[name] = {}
        target = inner
    target[last] = value


def merged(scopes: Iterable[Scope]) -> Scope:
    """One flat copy of a chain of scopes (innermost first)."""
    result: Scope = {}
    for scope in reversed(list(scopes)):
        result.update(scope)
    return {name: plain(value) for name, value in result.items()}
