"""Evaluating a decision over the API: the answer, how it came about, and who may ask."""

from __future__ import annotations

import json
from typing import Any

import pytest
from camunda_orchestration_sdk import CamundaClient
from camunda_orchestration_sdk import models as m
from flask import Flask

from tests.api.conftest import As
from tests.api.test_camunda_client import Client, client, url
from tests.decisions.support import decision, dmn, table
from workflows.actor import DEPLOYER
from workflows.commands.deploy_diagrams import DeployDiagrams

__all__ = ["client", "url"]
PATH = "decision-definitions/evaluation"
LEVEL = table(["score"], ["level"], [["< 5", '"low"'], [">= 5", '"high"']])
FEE = table(["level", "due"], ["fee"], [['"high"', "-", "10"], ['"low"', "-", "assert(5, paid)"]]).replace(
    '"t"', '"t2"'
)


@pytest.fixture(scope="module", autouse=True)
def deployed(app: Flask) -> dict[str, int]:
    """Two decisions of one file, the second requires the first; by id, their keys."""
    file = dmn(
        decision("api_level", LEVEL), decision("api_fee", FEE.replace(">level<", ">api_level<"), requires=["api_level"])
    )
    runtime = app.extensions["sitthi"].runtime
    found = runtime.execute(DeployDiagrams({"fees.dmn": file}), DEPLOYER)
    return {one.id: one.key for one in found.definitions}


def ask(caller: Any, decision_id: str = "api_fee", **variables: Any) -> Any:
    return caller.post(PATH, {"decisionDefinitionId": decision_id, "variables": variables})


def test_the_answer_and_how_it_came_about(as_: As, deployed: dict[str, int]) -> None:
    answer = ask(as_("designer"), score=7, due="2026-11-22")
    assert answer["output"] == "10"
    assert (answer["decisionDefinitionId"], answer["decisionDefinitionVersion"]) == ("api_fee", 1)
    assert answer["decisionDefinitionKey"] == str(deployed["api_fee"])
    assert answer["decisionRequirementsId"] == "fees"
    assert answer["decisionRequirementsKey"] == str(min(deployed.values()))
    assert (answer["failedDecisionDefinitionId"], answer["failureMessage"]) == (None, None)
    level, fee = answer["evaluatedDecisions"]
    assert (level["decisionDefinitionId"], level["output"]) == ("api_level", '"high"')
    assert level["decisionDefinitionKey"] == str(deployed["api_level"])
    assert fee["decisionDefinitionType"] == "DECISION_TABLE"
    assert [one["inputValue"] for one in fee["evaluatedInputs"]] == ['"high"', '"2026-11-22"']
    [rule] = fee["matchedRules"]
    assert (rule["ruleId"], rule["ruleIndex"]) == ("api_fee_r1", 1)
    assert rule["evaluatedOutputs"][0]["outputValue"] == "10"
    again = as_("auditor").post(PATH, {"decisionDefinitionKey": str(deployed["api_level"]), "variables": {"score": 1}})
    assert (again["output"], len(again["evaluatedDecisions"])) == ('"low"', 1)
    assert again["decisionEvaluationKey"] != answer["decisionEvaluationKey"]


def test_a_decision_that_fails_is_an_answer(as_: As) -> None:
    answer = ask(as_("designer"), score=1)
    assert answer["failedDecisionDefinitionId"] == "api_fee"
    assert "assert" in answer["failureMessage"]
    assert answer["output"] == "null"
    assert [one["output"] for one in answer["evaluatedDecisions"]] == ['"low"', "null"]
    assert ask(as_("designer"), "sla_days", region=13)["output"] == '{"days": 3, "unit": "calendar"}'


def test_only_who_may_read_decisions_may_ask_them(as_: As) -> None:
    for person in ("requester", "region", "issuer"):
        as_(person).post(PATH, {"decisionDefinitionId": "api_fee"}, 403)
    for person in ("designer", "admin", "auditor"):
        assert ask(as_(person), score=7)["output"] == "10"


def test_wrong_requests(as_: As, deployed: dict[str, int]) -> None:
    designer = as_("designer")
    key = str(deployed["api_fee"])
    designer.post(PATH, {"decisionDefinitionId": "no_such_decision"}, 404)
    designer.post(PATH, {"decisionDefinitionKey": "1"}, 404)
    process = designer.find("process-definitions")[0]["processDefinitionKey"]
    designer.post(PATH, {"decisionDefinitionKey": process}, 404)
    designer.post(PATH, {}, 400)
    designer.post(PATH, {"decisionDefinitionId": "api_fee", "decisionDefinitionKey": key}, 400)
    designer.post(PATH, {"decisionDefinitionId": "api_fee", "tenantId": "other"}, 400)
    designer.post(PATH, {"decisionDefinitionId": "api_fee", "variables": [1]}, 400)


def test_the_client_asks_by_id_and_by_key(client: Client, deployed: dict[str, int]) -> None:
    c: CamundaClient = client("designer")
    by_id = m.DecisionEvaluationByID.from_dict({"decisionDefinitionId": "api_fee", "variables": {"score": 7}})
    by_key = {"decisionDefinitionKey": str(deployed["api_fee"]), "variables": {"score": 7}, "tenantId": "<default>"}
    for data in (by_id, m.DecisionEvaluationByKey.from_dict(by_key)):
        found = c.evaluate_decision(data=data)
        assert json.loads(found.output) == 10
        assert [one.decision_definition_id for one in found.evaluated_decisions] == ["api_level", "api_fee"]
        assert found.evaluated_decisions[1].matched_rules[0].evaluated_outputs[0].output_value == "10"
    failed = c.evaluate_decision(data=m.DecisionEvaluationByID.from_dict({"decisionDefinitionId": "api_fee"}))
    assert failed.failed_decision_definition_id is None
    assert failed.output == "null"
