"""The register of operators: which Python function does the service tasks of a type, and what it may be given.

The documented inputs and outputs are more than prose: a missing input stops the case with a message that names it, and
the reference for process owners (``docs/operators.md``) is written from them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from workflows.errors import SitthiError, Text
from workflows.ports import Context, Operator, Result

Function = Callable[[Mapping[str, Any], Context], Result | Mapping[str, Any] | None]
Registered = TypeVar("Registered", bound=Function)


class MissingInput(SitthiError):
    """A service task gives its operator less than it needs / งานของระบบได้รับข้อมูลไม่ครบ"""


@dataclass(frozen=True, slots=True)
class Documented:
    """One operator. Inputs that may be left out have a name that ends with "?"; ``errors`` are BPMN error codes."""

    type: str
    function: Function
    inputs: Mapping[str, str]
    outputs: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def summary(self) -> str:
        """The first paragraph of the function's docstring."""
        return (self.function.__doc__ or "").strip().partition("\n\n")[0]

    def __call__(self, given: Mapping[str, Any], context: Context) -> Result:
        """Run with exactly the documented inputs; the optional ones that were not given are None."""
        inputs = {name.removesuffix("?"): given.get(name.removesuffix("?")) for name in self.inputs}
        missing = [name for name in self.inputs if not name.endswith("?") and inputs[name] is None]
        if missing:
            names = ", ".join(missing)
            raise MissingInput(
                Text(
                    f"งานของระบบชนิด {self.type} ไม่ได้รับ {names} ให้เพิ่ม input mapping ในแผนภาพ",
                    f"A service task of type {self.type} was not given {names}; add input mappings to the diagram",
                )
            )
        found = self.function(inputs, context)
        return found if isinstance(found, Result) else Result(variables=dict(found or {}))


_REGISTERED: dict[str, Documented] = {}


def operator(
    type_: str,
    *,
    inputs: Mapping[str, str] | None = None,
    outputs: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Callable[[Registered], Registered]:
    """Register a function as what service tasks of a type do. Each type has one function."""

    def register(function: Registered) -> Registered:
        if type_ in _REGISTERED:
            raise ValueError(f"operator {type_} is registered twice")
        _REGISTERED[type_] = Documented(type_, function, inputs or {}, outputs or {}, errors or {})
        return function

    return register


def both(text: Text) -> dict[str, str]:
    """A message as a case variable, so that a form can show it in the reader's language."""
    return {"th": text.th, "en": text.en}


def documented() -> tuple[Documented, ...]:
    """Every registered operator, by type."""
    return tuple(_REGISTERED[type_] for type_ in sorted(_REGISTERED))


def table() -> dict[str, Operator]:
    """What the engine calls: type → operator."""
    return dict(_REGISTERED)
