"""Decision tables: all hit policies and aggregators of DMN 1.5 (chapter 8.2.8)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from workflows.decisions.columns import Input, Output, Rule
from workflows.decisions.elements import Element, child, children, line_of, nearest_id, text_of
from workflows.decisions.errors import DecisionError, Problem
from workflows.decisions.explain import explained
from workflows.decisions.graph import Evaluation, Logic, Scope
from workflows.decisions.results import EvaluatedInput, EvaluatedOutput, MatchedRule
from workflows.decisions.row_index import RowIndex
from workflows.decisions.workshop import Names, Workshop, boxed, feel_logic, nothing
from workflows.errors import Text
from workflows.feel.builtins import REGISTRY
from workflows.feel.compare import equal
from workflows.feel.expression import Expression, compile_unary_tests
from workflows.feel.feel_types import coerce
from workflows.feel.limits import CALL

_POLICIES: Final = frozenset(("UNIQUE", "FIRST", "PRIORITY", "ANY", "COLLECT", "RULE ORDER", "OUTPUT ORDER"))
_NEVER: Final = compile_unary_tests("? != ?")
_AGGREGATIONS: Final = {"SUM": "sum", "MIN": "min", "MAX": "max"}


@boxed("decisionTable")
def table_logic(workshop: Workshop, element: Element, names: Names) -> Logic:
    """The table as logic. Problems: an unknown hit policy, rules with too few or too many cells."""
    policy = element.get("hitPolicy", "UNIQUE").upper()
    aggregation = element.get("aggregation", "").upper()
    if policy not in _POLICIES or aggregation not in ("", "COUNT", *_AGGREGATIONS):
        workshop.problem(
            element,
            Text(f"ไม่รู้จัก hit policy {policy} {aggregation}", f"Unknown hit policy {policy} {aggregation}"),
        )
        return nothing
    inputs = tuple(_input(workshop, part, names) for part in children(element, "input"))
    outputs = tuple(_output(workshop, part, names) for part in children(element, "output"))
    rules = tuple(
        _rule(workshop, part, index, names, len(inputs), len(outputs))
        for index, part in enumerate(children(element, "rule"), 1)
    )
    place = Problem(nearest_id(element), line_of(element), Text("", ""))
    index = RowIndex(rows=rules, columns=len(inputs), names=names)
    return Table(inputs, outputs, rules, index, policy, aggregation, place, workshop.tolerant).evaluate


def _input(workshop: Workshop, element: Element, names: Names) -> Input:
    expression = child(element, "inputExpression")
    source = text_of(expression)
    allowed = text_of(child(element, "inputValues"))
    return Input(
        element.get("id", ""),
        element.get("label") or source,
        feel_logic(workshop.expression(element, source, names)) if source else nothing,
        workshop.type_of(expression),
        workshop.tests(element, allowed, names) if allowed else None,
    )


def _output(workshop: Workshop, element: Element, names: Names) -> Output:
    priorities, default = text_of(child(element, "outputValues")), text_of(child(element, "defaultOutputEntry"))
    return Output(
        element.get("id", ""),
        element.get("name", ""),
        workshop.type_of(element),
        feel_logic(workshop.expression(element, f"[{priorities}]", names)) if priorities else None,
        feel_logic(workshop.expression(element, default, names)) if default else None,
    )


def _rule(workshop: Workshop, element: Element, index: int, names: Names, inputs: int, outputs: int) -> Rule:
    tests, results = children(element, "inputEntry"), children(element, "outputEntry")
    if len(tests) != inputs or len(results) != outputs:
        workshop.problem(
            element,
            Text(
                f"กฎที่ {index} มี {len(tests)} เงื่อนไข {len(results)} ผลลัพธ์ แต่ตารางมี {inputs} และ {outputs}",
                f"Rule {index} has {len(tests)} conditions, {len(results)} results; the table has {inputs}, {outputs}",
            ),
        )
    return Rule(
        element.get("id", ""),
        index,
        tuple(_test(workshop, cell, names) for cell in tests),
        tuple(
            feel_logic(workshop.expression(cell, text_of(cell), names)) if text_of(cell) else nothing
            for cell in results
        ),
    )


def _test(workshop: Workshop, cell: Element, names: Names) -> Expression | None:
    """The tests of a cell; None for an empty one or ``-``, which every value satisfies. No value satisfies a cell that
    does not compile."""
    source = text_of(cell)
    return None if source in ("", "-") else workshop.tests(cell, source, names) or _NEVER


@dataclass(frozen=True, slots=True)
class Table:
    inputs: Sequence[Input]
    outputs: Sequence[Output]
    rules: Sequence[Rule]
    index: RowIndex
    policy: str
    aggregation: str
    place: Problem
    tolerant: bool

    def evaluate(self, scope: Scope, evaluation: Evaluation) -> Any:
        """The output of the rules that apply; null when none does and there is no default."""
        if evaluation.explaining and evaluation.current:
            evaluation.current[-1].explained[self.place.element_id] = explained(
                self.inputs, self.rules, self.outputs, scope, evaluation
            )
        values = self._values(scope, evaluation)
        if values is None:
            return None
        hits = self._hits(scope, evaluation, values)
        results = [self._result(rule, scope, evaluation) for rule in hits]
        if not results:
            return self._without_hit(scope, evaluation)
        return self._policy(hits, results, scope, evaluation)

    def _values(self, scope: Scope, evaluation: Evaluation) -> list[Any] | None:
        """The input values; None if one of them is not allowed."""
        values = []
        for column in self.inputs:
            value = column.value(scope, evaluation)
            if evaluation.current:
                evaluation.current[-1].inputs.append(EvaluatedInput(column.id, column.label, value))
            if not column.admits(value, scope, evaluation):
                return None
            values.append(value)
        return values

    def _hits(self, scope: Scope, evaluation: Evaluation, values: list[Any]) -> list[Rule]:
        run = evaluation.run
        scopes = [{**scope, "?": value} for value in values]
        hits = []
        for position in self.index.candidates(values):
            rule = self.rules[position]
            run.charge(CALL)
            if all(
                test is None or test.evaluate_in(inner, run) is True
                for test, inner in zip(rule.tests, scopes, strict=False)
            ):
                hits.append(rule)
                if self.policy == "FIRST":
                    break
        return hits

    def _result(self, rule: Rule, scope: Scope, evaluation: Evaluation) -> Any:
        values = [
            coerce(cell(scope, evaluation), output.type, evaluation.run)
            for cell, output in zip(rule.outputs, self.outputs, strict=False)
        ]
        if evaluation.current:
            shown = tuple(
                EvaluatedOutput(output.id, output.name, value)
                for output, value in zip(self.outputs, values, strict=False)
            )
            evaluation.current[-1].matched_rules.append(MatchedRule(rule.id, rule.index, shown))
        return self._row(values)

    def _row(self, values: list[Any]) -> Any:
        if len(self.outputs) == 1:
            return values[0] if values else None
        return {output.name: value for output, value in zip(self.outputs, values, strict=False)}

    def _without_hit(self, scope: Scope, evaluation: Evaluation) -> Any:
        if any(output.default is not None for output in self.outputs):
            return self._row(
                [None if output.default is None else output.default(scope, evaluation) for output in self.outputs]
            )
        return Decimal(0) if self.aggregation == "COUNT" else None

    def _policy(self, hits: list[Rule], results: list[Any], scope: Scope, evaluation: Evaluation) -> Any:
        if self.policy == "FIRST":
            return results[0]
        if self.policy == "UNIQUE":
            return results[0] if len(results) == 1 else self._violated(hits)
        if self.policy == "ANY":
            same = all(equal(result, results[0], evaluation.run) is True for result in results)
            return results[0] if same else self._violated(hits)
        if self.policy in ("PRIORITY", "OUTPUT ORDER"):
            ordered = self._by_priority(results, scope, evaluation)
            return ordered[0] if self.policy == "PRIORITY" else ordered
        if self.policy == "COLLECT" and self.aggregation:
            return self._aggregate(results, evaluation)
        return results

    def _by_priority(self, results: list[Any], scope: Scope, evaluation: Evaluation) -> list[Any]:
        """Sorted by the place of each output in the list of its allowed values, column by column."""
        orders = [
            None if output.priorities is None else output.priorities(scope, evaluation) for output in self.outputs
        ]

        def rank(result: Any) -> list[int]:
            values = [result] if len(self.outputs) == 1 else list(result.values())
            return [
                next((at for at, known in enumerate(order) if equal(known, value, evaluation.run) is True), len(order))
                for order, value in zip(orders, values, strict=True)
                if isinstance(order, list)
            ]

        return sorted(results, key=rank)

    def _aggregate(self, results: list[Any], evaluation: Evaluation) -> Any:
        if self.aggregation == "COUNT":
            return Decimal(len(results))
        aggregate: Callable[..., Any] = REGISTRY[_AGGREGATIONS[self.aggregation]].call
        return aggregate(evaluation.run, (results,))

    def _violated(self, hits: list[Rule]) -> None:
        """Several rules apply although the policy allows one answer: DMN's answer is null, ours an error for people."""
        if self.tolerant:
            return
        rules = ", ".join(str(rule.index) for rule in hits)
        text = Text(
            f"ตาราง {self.place.element_id}: กฎ {rules} ตรงพร้อมกัน แต่ {self.policy} ให้มีคำตอบเดียว",
            f"Table {self.place.element_id}: rules {rules} apply at once; hit policy {self.policy} allows one answer",
        )
        raise DecisionError([self.place._replace(text=text)])
