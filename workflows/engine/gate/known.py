"""What a file may refer to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable


@runtime_checkable
class Signature(Protocol):
    """An operator that documents itself. Inputs that may be left out have a name that ends with "?"."""

    @property
    def inputs(self) -> Mapping[str, str]: ...
    @property
    def outputs(self) -> Mapping[str, str]: ...
    @property
    def errors(self) -> Mapping[str, str]: ...


@dataclass(frozen=True, slots=True)
class Known:
    """Everything that is deployed or about to be, by id. None = not known here, so references are not checked.

    ``operators`` are the service task types that this system does itself: their names, or the operator table, so that
    inputs and error codes are checked too. ``answers`` are the keys that a person fills in, by form id.
    """

    processes: frozenset[str] | None = None
    decisions: frozenset[str] | None = None
    forms: frozenset[str] | None = None
    operators: frozenset[str] | Mapping[str, object] | None = None
    answers: Mapping[str, frozenset[str]] | None = None

    def with_deployed(self, processes: Iterable[str], decisions: Iterable[str], forms: Iterable[str]) -> Known:
        """This, together with what is deployed already."""
        return replace(
            self,
            processes=frozenset({*(self.processes or ()), *processes}),
            decisions=frozenset({*(self.decisions or ()), *decisions}),
            forms=frozenset({*(self.forms or ()), *forms}),
        )

    def signature(self, type_: str) -> Signature | None:
        """What an operator takes and gives, if it says so."""
        found = self.operators.get(type_) if isinstance(self.operators, Mapping) else None
        return found if isinstance(found, Signature) else None
