"""Item definitions of a model as FEEL types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows.feel.expression import Expression
from workflows.feel.feel_types import SIMPLE, FunctionType, Type, conforms
from workflows.feel.limits import Run
from workflows.feel.values import kind, read


class ItemType:
    """One item definition or component: a type reference, components or a function, and constraints on the value.

    References are resolved when they are used, so types may refer to each other in any order, and to themselves.
    """

    def __init__(self, name: str, types: Mapping[str, Type]) -> None:
        self.name = name
        self.collection = False
        self.reference = ""
        self.components: dict[str, ItemType] = {}
        self.function: Type | None = None
        self.allowed: Expression | None = None
        """What every single value must satisfy."""
        self.constraint: Expression | None = None
        """What the value as a whole must satisfy (DMN 1.4)."""
        self._types = types

    def __repr__(self) -> str:
        return f"ItemType({self.name!r})"

    @property
    def referred(self) -> Type | None:
        found = self._types.get(self.reference) or SIMPLE.get(self.reference)
        return None if found is self else found

    @property
    def is_list(self) -> bool:
        referred = self.referred
        return self.collection or (referred is not None and referred.is_list)

    def accepts(self, value: Any, run: Run) -> bool:
        run.charge(1)
        if self.collection:
            if not isinstance(value, list):
                return False
            if not all(read(item) is None or self._one(read(item), run) for item in value):
                return False
        elif not self._one(value, run):
            return False
        return _satisfies(value, self.constraint, run)

    def includes(self, other: Type) -> bool:
        if other is self:
            return True
        referred = self.referred
        simple = referred is not None and not self.collection and self.allowed is None and not self.components
        return simple and referred is not None and referred.includes(other)

    def _one(self, value: Any, run: Run) -> bool:
        if self.function is not None:
            return self.function.accepts(value, run)
        if self.components:
            if kind(value) != "context" or not all(
                name in value and conforms(read(value[name]), component, run)
                for name, component in self.components.items()
            ):
                return False
        else:
            referred = self.referred
            if referred is not None and not conforms(value, referred, run):
                return False
        return self._allowed(value, run)

    def _allowed(self, value: Any, run: Run) -> bool:
        if self.allowed is None or _satisfies(value, self.allowed, run):
            return True
        # Allowed values of a list type that is not a collection itself are meant for its elements.
        return (
            isinstance(value, list)
            and not self.collection
            and bool(value)
            and all(_satisfies(read(item), self.allowed, run) for item in value)
        )


def result_of(declared: Type | None) -> Type | None:
    """What a function gives whose variable has this type: a function type says so, any other type is the result's."""
    function = declared.function if isinstance(declared, ItemType) else declared
    return function.result if isinstance(function, FunctionType) else declared


def _satisfies(value: Any, tests: Expression | None, run: Run) -> bool:
    return tests is None or tests.evaluate_in({"?": value}, run) is True
