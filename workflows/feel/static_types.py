"""The type of an expression as far as its text alone tells: what a function without a declared result gives."""

from __future__ import annotations

from collections.abc import Mapping

from workflows.feel import nodes
from workflows.feel.feel_types import SIMPLE, Type
from workflows.feel.values import kind

_TRUTHS = (nodes.Compare, nodes.Between, nodes.In, nodes.InstanceOf, nodes.Logic, nodes.Quantified)


def static_type(node: nodes.Node, names: Mapping[str, Type | None]) -> Type | None:
    """The type of the expression over names of known types; None if only its evaluation can tell."""
    if isinstance(node, nodes.Literal):
        return None if node.value is None else SIMPLE.get(kind(node.value))
    if isinstance(node, nodes.Name):
        return names.get(node.name)
    if isinstance(node, _TRUTHS):
        return SIMPLE["boolean"]
    if isinstance(node, nodes.Minus):
        return static_type(node.operand, names)
    if isinstance(node, nodes.If):
        return _common([static_type(part, names) for part in (node.then, node.otherwise)])
    if isinstance(node, nodes.Chain):
        found = _common([static_type(part, names) for part in (node.first, *(operand for _, operand in node.rest))])
        return found if found in (SIMPLE["number"], SIMPLE["string"]) else None
    return None


def _common(types: list[Type | None]) -> Type | None:
    return types[0] if all(found == types[0] for found in types) else None
