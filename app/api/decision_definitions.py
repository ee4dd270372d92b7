"""Deployed decisions: evaluate one and say how it came to its answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from flask import jsonify

from app.access import allow, current_actor, product
from app.api.body import Body, read_body, wrong
from app.api.describe import ANYTHING, KEY, NUMBER, TEXT, describe, list_of, nullable, one_of, options, record
from app.api.resource import TENANT, key, refuse_other_tenant, resource
from workflows.decisions import DecisionResult, EvaluatedDecision, MatchedRule
from workflows.errors import NotAllowed, NotFound
from workflows.feel import FeelError, to_feel_string, to_json
from workflows.queries import definitions
from workflows.records import new_id
from workflows.rules.scopes import FULL

routes = resource("decision_definitions")

READERS = frozenset(("designer", "admin", "auditor"))
"""Who may read decision tables may ask them."""

_TYPES = {"decisionTable": "DECISION_TABLE", "literalExpression": "LITERAL_EXPRESSION"}
_OUTPUT = record(outputId=TEXT, outputName=TEXT, outputValue=TEXT, ruleId=nullable(TEXT), ruleIndex=nullable(NUMBER))
_EVALUATED = record(
    decisionDefinitionId=TEXT,
    decisionDefinitionKey=KEY,
    decisionDefinitionName=TEXT,
    decisionDefinitionVersion=NUMBER,
    decisionDefinitionType=one_of("DECISION_TABLE", "LITERAL_EXPRESSION", "UNKNOWN"),
    decisionEvaluationInstanceKey=TEXT,
    output=TEXT,
    tenantId=TEXT,
    evaluatedInputs=list_of(record(inputId=TEXT, inputName=TEXT, inputValue=TEXT)),
    matchedRules=list_of(record(ruleId=TEXT, ruleIndex=NUMBER, evaluatedOutputs=list_of(_OUTPUT))),
)
_ANSWER = record(
    decisionDefinitionId=TEXT,
    decisionDefinitionKey=KEY,
    decisionDefinitionName=TEXT,
    decisionDefinitionVersion=NUMBER,
    decisionEvaluationKey=KEY,
    decisionInstanceKey=KEY,
    decisionRequirementsId=TEXT,
    decisionRequirementsKey=KEY,
    evaluatedDecisions=list_of(_EVALUATED),
    failedDecisionDefinitionId=nullable(TEXT),
    failureMessage=nullable(TEXT),
    output=TEXT,
    tenantId=TEXT,
)


@routes.post("/decision-definitions/evaluation")
@allow("api", scope=FULL)
@describe(
    "Evaluate a decision, by id in its newest version or by key. Nothing is stored. A decision that cannot be evaluated"
    " is an answer with failureMessage",
    body=options(decisionDefinitionId=TEXT, decisionDefinitionKey=KEY, variables=ANYTHING, tenantId=TEXT),
    answers={200: _ANSWER},
)
def evaluate() -> Any:
    if not current_actor().roles & READERS:
        raise NotAllowed()
    body = read_body()
    refuse_other_tenant(body.text("tenantId"))
    variables, wanted = body.mapping("variables"), _wanted(body)
    with product().runtime.reading() as db:
        row = definitions.by_key(db, wanted)
        if row["kind"] != "decision":
            raise NotFound(kind="decision", definition=wanted)
        together = {one["id"]: one for one in definitions.same_file(db, row)}
    model = product().runtime.services.definitions.decision_model(wanted)
    result = model.trace(row["id"], variables, product().feel())
    return jsonify(_shown(row, together, result))


def _wanted(body: Body) -> int:
    id_, key_ = body.text("decisionDefinitionId"), body.key("decisionDefinitionKey")
    if (not id_) == (key_ is None):
        raise wrong("decisionDefinitionId or decisionDefinitionKey", "given, one of them", "ค่าใดค่าหนึ่งเพียงค่าเดียว")
    return key_ if key_ is not None else product().runtime.services.definitions.decision_key(id_ or "")


def _shown(row: Mapping[str, Any], together: Mapping[str, Mapping[str, Any]], result: DecisionResult) -> dict[str, Any]:
    evaluation = key(new_id())
    return {
        **_named(row),
        "decisionEvaluationKey": evaluation,
        "decisionInstanceKey": evaluation,
        "decisionRequirementsId": PurePosixPath(row["resource_name"]).stem,
        "decisionRequirementsKey": key(min(one["key"] for one in together.values())),
        "evaluatedDecisions": [
            {
                **_named(together[one.decision_id]),
                **_decision(one),
                "decisionEvaluationInstanceKey": f"{evaluation}-{number}",
            }
            for number, one in enumerate(result.evaluated, 1)
            if one.decision_id in together
        ],
        "failedDecisionDefinitionId": result.failure.decision_id if result.failure else None,
        "failureMessage": result.failure.text.en if result.failure else None,
        "output": _json(result.output),
        "tenantId": TENANT,
    }


def _named(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "decisionDefinitionId": row["id"],
        "decisionDefinitionKey": key(row["key"]),
        "decisionDefinitionName": row["name"],
        "decisionDefinitionVersion": row["version"],
    }


def _decision(one: EvaluatedDecision) -> dict[str, Any]:
    return {
        "decisionDefinitionType": _TYPES.get(one.kind, "UNKNOWN"),
        "output": _json(one.output),
        "tenantId": TENANT,
        "evaluatedInputs": [
            {"inputId": column.id, "inputName": column.name, "inputValue": _json(column.value)} for column in one.inputs
        ],
        "matchedRules": [_rule(rule) for rule in one.matched_rules],
    }


def _rule(rule: MatchedRule) -> dict[str, Any]:
    return {
        "ruleId": rule.id,
        "ruleIndex": rule.index,
        "evaluatedOutputs": [
            {
                "outputId": output.id,
                "outputName": output.name,
                "outputValue": _json(output.value),
                "ruleId": rule.id,
                "ruleIndex": rule.index,
            }
            for output in rule.outputs
        ],
    }


def _json(value: Any) -> str:
    """The value as JSON text; what JSON has no form for (a range, a function) as its FEEL text."""
    try:
        return json.dumps(to_json(value), ensure_ascii=False)
    except FeelError:
        return json.dumps(to_feel_string(value), ensure_ascii=False)
