"""What the tests of a decision table cell say when they are written out: ``"a","b"``, ``[1..5]``, ``< 10``, ``-3``.

For whoever wants to find rows by value instead of asking each cell. Only what cannot fail and depends on nothing but
the tested value counts as written out.
"""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Any, Final, NamedTuple

from workflows.feel import nodes
from workflows.feel.arithmetic import minus
from workflows.feel.errors import Mismatch
from workflows.feel.nodes import Node
from workflows.feel.ranges import make_range
from workflows.feel.temporal import Date
from workflows.feel.temporal_text import read_date
from workflows.feel.values import Range

SORTED: Final = (str, Decimal, Date)
"""The classes of values that a written-out interval can bound."""
_LISTED: Final = (*SORTED, bool)


class Literals(NamedTuple):
    """A cell holds for these values and for what lies in these ranges; for nothing else, unless ``others``."""

    values: tuple[Any, ...]
    ranges: tuple[Range, ...]
    others: bool
    """Written out, but not as a list of what it holds for: ``not("a")``, ``!= 5``, ``-``."""


class _NotWrittenOut(Exception):
    """The cell computes something."""


def literal_tests(tree: Node, names: Collection[str] = ()) -> Literals | None:
    """What a cell says, from its syntax tree; None if it has to be evaluated. ``names`` are the variables in scope: one
    of them may stand where the name of a function seems to."""
    if not isinstance(tree, nodes.AnyTest):
        return None
    values: list[Any] = []
    ranges: list[Range] = []
    others = tree.negated or not tree.tests
    try:
        for test in tree.tests:
            if isinstance(test, nodes.OneSided):
                bound = _constant(test.operand, names)
                if test.operator in ("=", "!=") or bound.__class__ is bool:
                    others = True
                else:
                    ranges.append(_one_sided(test.operator, bound))
            elif isinstance(test, nodes.Tested) and not test.speaks_of_input:
                _add(test.test, names, values, ranges)
            else:
                return None
    except _NotWrittenOut:
        return None
    return Literals(tuple(values), tuple(ranges), others)


def _add(node: Node, names: Collection[str], values: list[Any], ranges: list[Range]) -> None:
    if isinstance(node, nodes.RangeOf):
        low, high = _constant(node.low, names), _constant(node.high, names)
        found = make_range(low, high, node.low_included, node.high_included)
        if found is not None:
            ranges.append(found)
    elif isinstance(node, nodes.ListOf):
        for item in node.items:
            constant = _constant(item, names)
            if constant.__class__ is bool:  # alone it would hold for more than itself, in a list it does not
                raise _NotWrittenOut
            values.append(constant)
    else:
        values.append(_constant(node, names))


def _constant(node: Node, names: Collection[str]) -> Any:
    if isinstance(node, nodes.Literal):
        value = node.value
    elif isinstance(node, nodes.Minus):
        value = minus(_constant(node.operand, names))
    elif isinstance(node, nodes.Call):
        value = _date(node, names)
    else:
        raise _NotWrittenOut
    if value.__class__ not in _LISTED:
        raise _NotWrittenOut
    return value


def _date(call: nodes.Call, names: Collection[str]) -> Date:
    """``date("2026-11-22")``, which is how dates are usually written."""
    argument = call.positional[0] if len(call.positional) == 1 else None
    if call.function == nodes.Name("date") and "date" not in names and isinstance(argument, nodes.Literal):
        try:
            return read_date(argument.value if isinstance(argument.value, str) else "")
        except Mismatch:
            pass
    raise _NotWrittenOut


def _one_sided(operator: str, bound: Any) -> Range:
    if operator.startswith("<"):
        return Range(None, bound, False, operator == "<=", True)
    return Range(bound, None, operator == ">=", False, True)
