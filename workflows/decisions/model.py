"""A decision model: parsed once, evaluated often, from any thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workflows.decisions.errors import DecisionError, Problem
from workflows.decisions.graph import DecisionNode, Evaluation, KnowledgeModel, Node, Service, Walk
from workflows.decisions.results import DecisionResult, Failure
from workflows.errors import Text
from workflows.feel.errors import FeelError
from workflows.feel.limits import Environment, Run, too_deep
from workflows.feel.values import read


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision of the model. ``kind`` is the element name of its logic.

    ``inputs`` are the names of its input data, ``variables`` all names that it reads from the variables, itself or
    through what it requires; ``required`` are the ids of the decisions evaluated before it, nearest first.
    """

    id: str
    name: str
    kind: str
    inputs: tuple[str, ...]
    variables: tuple[str, ...]
    required: tuple[str, ...]


class DecisionModel:
    """The decisions of one DMN file and what it imports."""

    def __init__(
        self, name: str, namespace: str, decisions: Mapping[str, Decision], nodes: Mapping[str, Node], *, strict: bool
    ) -> None:
        self.name = name
        self.namespace = namespace
        self.decisions = decisions
        self._nodes = nodes
        self._strict = strict

    def evaluate(self, decision_id: str, variables: Mapping[str, Any], env: Environment) -> DecisionResult:
        """The decision's output over JSON (or FEEL) variables, and how it came about.

        DecisionError if there is no such decision or two rules answer where one may; FeelError as any expression.
        """
        evaluation = Evaluation(Run(env), strict=self._strict)
        return DecisionResult(self._output(decision_id, variables, evaluation), evaluation.evaluated)

    def trace(
        self, decision_id: str, variables: Mapping[str, Any], env: Environment, *, explain: bool = False
    ) -> DecisionResult:
        """As ``evaluate``, but an evaluation that fails is an answer too: how far it came, and why it failed.

        With ``explain`` every cell of every table on the way is asked, each failure on its own.
        """
        evaluation = Evaluation(Run(env), strict=self._strict, explaining=explain)
        try:
            output = self._output(decision_id, variables, evaluation)
        except (FeelError, DecisionError) as error:
            failure = Failure(evaluation.failed or decision_id, error.text)
            return DecisionResult(None, evaluation.evaluated, failure)
        return DecisionResult(output, evaluation.evaluated)

    def _output(self, decision_id: str, variables: Mapping[str, Any], evaluation: Evaluation) -> Any:
        node = self._nodes.get(decision_id)
        if not isinstance(node, DecisionNode):
            text = Text(f"ไม่มีการตัดสินใจชื่อ {decision_id}", f"There is no decision {decision_id}")
            raise DecisionError([Problem(decision_id, 0, text)])
        return _guarded(lambda: Walk(evaluation, variables, {}).value(node))

    def invoke(self, node_id: str, arguments: Mapping[str, Any], env: Environment) -> Any:
        """Call a decision service or business knowledge model by id with arguments by name; missing ones are null."""
        node = self._nodes.get(node_id)
        if not isinstance(node, Service | KnowledgeModel):
            text = Text(f"ไม่มีบริการตัดสินใจชื่อ {node_id}", f"There is no decision service {node_id}")
            raise DecisionError([Problem(node_id, 0, text)])
        run = Run(env)

        def call() -> Any:
            function = Walk(Evaluation(run, strict=self._strict), arguments, {}).value(node)
            return function.call(run, [read(arguments.get(name)) for name in function.parameters])

        return _guarded(call)


def _guarded(work: Any) -> Any:
    try:
        return work()
    except (FeelError, DecisionError):
        raise
    except RecursionError:
        raise too_deep() from None
    except Exception as error:
        raise FeelError(
            Text(
                f"ประเมินการตัดสินใจไม่ได้ ({type(error).__name__})",
                f"The decision could not be evaluated ({type(error).__name__})",
            ),
            reason="internal",
        ) from error
