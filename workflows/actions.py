"""What can be done to a running case, as plain data: so that an action that met an incident can be taken up again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Action:
    """One push to the engine.

    kind: ``start`` (variables, message), ``complete`` (task_id, variables), ``wake``, ``deliver`` (name, key,
    variables), ``reply`` (task_id, variables), ``fail`` (task_id, name = error code), ``signal`` (name, variables),
    ``set`` (variables).
    """

    kind: str
    task_id: UUID | None = None
    name: str = ""
    key: str | None = None
    variables: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "task_id": self.task_id.hex if self.task_id else None,
            "name": self.name,
            "key": self.key,
            "variables": self.variables,
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Action:
        task_id = UUID(hex=value["task_id"]) if value["task_id"] else None
        return cls(value["kind"], task_id, value["name"], value["key"], value["variables"])
