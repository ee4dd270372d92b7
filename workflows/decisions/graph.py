"""The requirements graph of a model at work: input data, decisions, business knowledge models and decision services."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from workflows.decisions.item_types import result_of
from workflows.decisions.results import EvaluatedDecision
from workflows.feel.errors import Mismatch
from workflows.feel.feel_types import SIMPLE, Type, coerce
from workflows.feel.limits import Run
from workflows.feel.temporal_text import read_date, read_date_time, read_duration, read_time
from workflows.feel.values import Function, read

Scope = Mapping[str, Any]
_TEMPORAL: Final[Mapping[Type, Callable[[str], Any]]] = {
    SIMPLE["date"]: read_date,
    SIMPLE["time"]: read_time,
    SIMPLE["date and time"]: read_date_time,
    SIMPLE["days and time duration"]: read_duration,
    SIMPLE["years and months duration"]: read_duration,
}


class Evaluation:
    """One evaluation in progress: its run, and the decisions evaluated so far.

    ``strict`` is DMN's own reading: logic sees only what it requires, and input data must come as FEEL values.
    Otherwise logic sees all variables, as in Camunda, and texts become dates where dates are expected. With
    ``explaining`` tables also say what each of their cells gave.
    """

    def __init__(self, run: Run, *, strict: bool, explaining: bool = False) -> None:
        self.run = run
        self.strict = strict
        self.explaining = explaining
        self.failed = ""
        """The id of the decision that an error came from."""
        self.evaluated: list[EvaluatedDecision] = []
        self.current: list[EvaluatedDecision] = []


Logic = Callable[[Scope, Evaluation], Any]
"""Compiled decision logic: the value over the names in scope."""


@dataclass(eq=False, slots=True)
class Node:
    """One element of the graph. ``prefix`` of a requirement is the name of the import it comes through, or empty."""

    id: str
    name: str
    type: Type | None = None
    requirements: list[Requirement] = field(default_factory=list)
    reads: frozenset[str] = frozenset()
    """The names that its logic reads, of what it requires or of the variables."""


@dataclass(eq=False, slots=True)
class Requirement:
    node: Node
    prefix: str


@dataclass(eq=False, slots=True)
class InputData(Node):
    pass


@dataclass(eq=False, slots=True)
class DecisionNode(Node):
    kind: str = ""
    variable: str = ""
    logic: Logic | None = None


@dataclass(eq=False, slots=True)
class KnowledgeModel(Node):
    """``logic`` gives the function; the scope holds what the model requires."""

    logic: Logic | None = None


@dataclass(eq=False, slots=True)
class Service(Node):
    inputs: list[Requirement] = field(default_factory=list)
    input_decisions: list[Requirement] = field(default_factory=list)
    outputs: list[Requirement] = field(default_factory=list)


def from_json(value: Any, expected: Type | None) -> Any:
    """A text as the date, time or duration that is expected: JSON has none of them. Other values as they are."""
    reader = _TEMPORAL.get(expected) if isinstance(value, str) and expected is not None else None
    if reader is None:
        return value
    try:
        return reader(value)
    except Mismatch:
        return value


class Walk:
    """Values of nodes over one set of inputs; each decision is evaluated once."""

    def __init__(self, evaluation: Evaluation, inputs: Scope, values: dict[Node, Any]) -> None:
        self.evaluation = evaluation
        self.inputs = inputs
        self._values = values
        self._imported: dict[str, Walk] = {}

    def value(self, node: Node) -> Any:
        """The node's value: data, a decision's output, or a function."""
        if node not in self._values:
            self._values[node] = self._compute(node)
        return self._values[node]

    def scope(self, node: Node) -> dict[str, Any]:
        """What the node requires, under its name, over the variables; imports are contexts of their own."""
        found: dict[str, Any] = {} if self.evaluation.strict else dict(self.inputs)
        imports: dict[str, dict[str, Any]] = {}
        for requirement in node.requirements:
            target = requirement.node
            value = self.through(requirement.prefix).value(target)
            if requirement.prefix:
                imports.setdefault(requirement.prefix, {})[target.name] = value
                continue
            found[target.name] = value
            if isinstance(target, DecisionNode):
                found[target.variable] = value
                found.setdefault(target.id, value)
        return found | imports

    def through(self, prefix: str) -> Walk:
        """The walk for nodes of an import: its input data come as a context under the import's name."""
        if not prefix:
            return self
        if prefix not in self._imported:
            given = read(self.inputs.get(prefix))
            own = isinstance(given, dict)
            self._imported[prefix] = Walk(self.evaluation, given if own else self.inputs, {} if own else self._values)
        return self._imported[prefix]

    def _compute(self, node: Node) -> Any:
        run = self.evaluation.run
        run.charge(1)
        if isinstance(node, DecisionNode):
            return self._decide(node)
        if isinstance(node, KnowledgeModel):
            return None if node.logic is None else node.logic(self.scope(node), self.evaluation)
        if isinstance(node, Service):
            return self.service(node)
        value = read(self.inputs.get(node.name))
        return coerce(value if self.evaluation.strict else from_json(value, node.type), node.type, run)

    def _decide(self, node: DecisionNode) -> Any:
        if node.logic is None:
            return None
        scope = self.scope(node)
        record = EvaluatedDecision(node.id, node.name, node.kind)
        self.evaluation.current.append(record)
        try:
            record.output = coerce(node.logic(scope, self.evaluation), node.type, self.evaluation.run)
        except Exception:
            self.evaluation.failed = self.evaluation.failed or node.id
            raise
        finally:
            self.evaluation.evaluated.append(self.evaluation.current.pop())
        return record.output

    def service(self, node: Service) -> Function:
        """A decision service as a function: of its input data and its input decisions, in this order."""
        parameters = [requirement.node for requirement in (*node.inputs, *node.input_decisions)]
        result_type = result_of(node.type)

        def call(run: Run, arguments: Any) -> Any:
            decisions = {requirement.node for requirement in node.input_decisions}
            data: dict[str, Any] = {}
            given: dict[Node, Any] = {}
            for parameter, argument in zip(parameters, arguments, strict=True):
                value = coerce(argument, parameter.type, run)
                if value is None and argument is not None:
                    return None
                if parameter in decisions:
                    given[parameter] = value
                else:
                    data[parameter.name] = value
            run.enter()
            walk = Walk(self.evaluation, data, given)
            outputs = {requirement.node.name: walk.value(requirement.node) for requirement in node.outputs}
            result = next(iter(outputs.values())) if len(outputs) == 1 else outputs
            run.leave()
            return coerce(result, result_type, run)

        return Function(
            tuple(parameter.name for parameter in parameters),
            call,
            tuple(parameter.type for parameter in parameters),
            result_type,
        )
