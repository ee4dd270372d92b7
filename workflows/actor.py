"""Who acts."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, a visitor without an account, or the system itself.

    ``id`` is a username, ``visitor:<token>`` for someone who has not signed in, ``program:<token>`` for the own system
    of a unit, or ``system:<part>``.
    ``groups`` are what work items are offered to: a role, or ``role:scope`` such as ``unit_head:99001`` or
    ``region_officer:7``. ``roles`` are the same without their scope.
    """

    id: str
    name: str = ""
    groups: frozenset[str] = frozenset()
    organisation: str = ""
    pid_index: bytes | None = None
    account_id: int | None = None
    email: str = ""
    sees_everything: bool = field(default=False, kw_only=True)

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(group.partition(":")[0] for group in self.groups)

    @property
    def principals(self) -> tuple[str, ...]:
        """The names under which the inbox may offer work to this actor: ``user:<id>`` and ``group:<group>``."""
        return (f"user:{self.id}", *(f"group:{group}" for group in sorted(self.groups)))

    @property
    def is_system(self) -> bool:
        return self.id.startswith("system:")

    @property
    def line_index(self) -> bytes | None:
        """The blind index of the LINE account that is proven to act here; None for everybody else."""
        return bytes.fromhex(self.id.removeprefix(LINE_VISITOR)) if self.id.startswith(LINE_VISITOR) else None

    @property
    def is_program(self) -> bool:
        return self.id.startswith(PROGRAM)

    @property
    def is_visitor(self) -> bool:
        return self.id.startswith("visitor:")


LINE_VISITOR = "visitor:line-"
"""How the ids of people of LINE begin; the blind index of their account follows."""

PROGRAM = "program:"
"""How the id of a unit's own system begins; the rest names the token it used."""
UNIT_SYSTEM = "unit_system"
"""The role of a unit's own systems; its scope is the unit."""

PROCESS_OWNERS = ("designer", "admin")
"""The roles that keep the diagrams; what a diagram offers to nobody is offered to them."""

CLOCK = Actor("system:clock", "ระบบ")
WORKER = Actor("system:worker", "ระบบ")
DEPLOYER = Actor("system:deploy", "ระบบ")
