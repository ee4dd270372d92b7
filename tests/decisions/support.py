"""Small decision models for tests."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from tests.feel.support import ENVIRONMENT
from workflows.decisions import DecisionModel, DecisionResult, parse_dmn
from workflows.feel import to_json

NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def definitions(body: str, namespace: str = "urn:test") -> etree._Element:
    return etree.fromstring(
        f'<definitions xmlns="{NAMESPACE}" id="d" name="test" namespace="{namespace}">{body}</definitions>'
    )


def model(body: str, imported: Iterable[etree._Element] = ()) -> DecisionModel:
    return parse_dmn(definitions(body), imported)


def literal(source: str) -> str:
    return f"<literalExpression><text>{escape(source)}</text></literalExpression>"


def decision(decision_id: str, logic: str, *, requires: Iterable[str] = (), kind: str = "Decision") -> str:
    requirements = "".join(
        f'<informationRequirement><required{kind} href="#{other}"/></informationRequirement>' for other in requires
    )
    return f'<decision id="{decision_id}" name="{decision_id}">{requirements}{logic}</decision>'


def table(
    inputs: Iterable[str],
    outputs: Iterable[str],
    rules: Iterable[Iterable[str]],
    policy: str = "UNIQUE",
    aggregation: str = "",
    *,
    values: Mapping[str, str] | None = None,
) -> str:
    """A decision table; ``values`` are the allowed values of outputs in order of priority."""
    inputs, outputs, allowed = list(inputs), list(outputs), values or {}
    columns = "".join(
        f'<input id="i{at}" label={quoteattr(source)}>'
        f"<inputExpression><text>{escape(source)}</text></inputExpression></input>"
        for at, source in enumerate(inputs)
    )
    results = "".join(
        f'<output id="o{at}" name="{name}">'
        + (f"<outputValues><text>{escape(allowed[name])}</text></outputValues>" if name in allowed else "")
        + "</output>"
        for at, name in enumerate(outputs)
    )
    rows = ""
    for at, cells in enumerate(rules, 1):
        entries = [
            f"<{'inputEntry' if column < len(inputs) else 'outputEntry'}><text>{escape(cell)}</text>"
            f"</{'inputEntry' if column < len(inputs) else 'outputEntry'}>"
            for column, cell in enumerate(cells)
        ]
        rows += f'<rule id="r{at}">{"".join(entries)}</rule>'
    collects = f' aggregation="{aggregation}"' if aggregation else ""
    return f'<decisionTable id="t" hitPolicy="{policy}"{collects}>{columns}{results}{rows}</decisionTable>'


def dmn(*decisions: str) -> bytes:
    """A file of decisions in which no id comes twice: tables and their parts are named after their decision."""
    body = ""
    for one in decisions:
        owner = one.partition('id="')[2].partition('"')[0]
        body += re.sub(r'(?<= id=")([iort]\d*)(?=")', rf"{owner}_\1", one)
    return f'<definitions xmlns="{NAMESPACE}" id="d" name="test" namespace="tests">{body}</definitions>'.encode()


def evaluate(found: DecisionModel, decision_id: str, variables: Mapping[str, Any]) -> DecisionResult:
    return found.evaluate(decision_id, variables, ENVIRONMENT)


def output(found: DecisionModel, decision_id: str, variables: Mapping[str, Any]) -> Any:
    """The output as JSON."""
    return to_json(evaluate(found, decision_id, variables).output)
