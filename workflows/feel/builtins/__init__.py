"""The built-in functions of FEEL (DMN 1.5 chapter 10.3.4), Camunda's additions and our own, by name."""

from workflows.feel.builtins import (
    aggregates,
    contexts,
    conversion,
    lists,
    numbers,
    office,
    ranges,
    strings,
    temporal,
)
from workflows.feel.builtins.registry import REGISTRY, Builtin

MEMBER_NAMES = ("start included", "end included", "time offset")
"""Members of built-in kinds whose names have several words."""

__all__ = ["MEMBER_NAMES", "REGISTRY", "Builtin"]

_MODULES = (aggregates, contexts, conversion, lists, numbers, office, ranges, strings, temporal)
