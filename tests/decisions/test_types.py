"""Item definitions at work: implicit conversions at every typed place, constraints, function types, imported types."""

from __future__ import annotations

from typing import Any

import pytest

from tests.decisions.support import decision, definitions, literal, model, output
from tests.feel.support import ENVIRONMENT
from workflows.feel import to_feel_string

TYPES = """
<itemDefinition name="tLevel"><typeRef>string</typeRef>
  <allowedValues><text>"low", "high"</text></allowedValues></itemDefinition>
<itemDefinition name="tLevels" isCollection="true"><typeRef>tLevel</typeRef>
  <typeConstraint><text>count(?) &lt; 3</text></typeConstraint></itemDefinition>
<itemDefinition name="tUnit"><itemComponent name="code"><typeRef>string</typeRef></itemComponent>
  <itemComponent name="beds"><typeRef>number</typeRef>
    <allowedValues><text>[0..900]</text></allowedValues></itemComponent>
  <itemComponent name="parts" isCollection="true"><typeRef>tUnit</typeRef></itemComponent></itemDefinition>
<itemDefinition name="tRule"><functionItem outputTypeRef="number">
  <parameters name="n" typeRef="number"/></functionItem></itemDefinition>
<itemDefinition name="tNumbers" isCollection="true"><typeRef>number</typeRef></itemDefinition>
<itemDefinition name="tMoment"><typeRef>date and time</typeRef></itemDefinition>
"""

RESULTS: dict[tuple[str, str], str] = {
    # one value in a list, a list of one value, and a date where a moment is expected (DMN 1.5 section 10.3.2.9.4)
    ("number", "[5]"): "5",
    ("number", "[5, 6]"): "null",
    ("number", '"5"'): "null",
    ("tNumbers", "5"): "[5]",
    ("tNumbers", '["a"]'): "null",
    ("tNumbers", "[1, null]"): "[1, null]",
    ("tMoment", '@"2026-11-22"'): "2026-11-22T00:00:00Z",
    ("date and time", '@"2026-11-22"'): "2026-11-22T00:00:00Z",
    ("date", '@"2026-11-22T10:00:00"'): "null",
    ("Any", "[5]"): "[5]",
    # allowed values of one value and of each element, and a constraint on the whole
    ("tLevel", '"low"'): "low",
    ("tLevel", '"mid"'): "null",
    ("tLevels", '["low", "high"]'): '["low", "high"]',
    ("tLevels", '["low", "mid"]'): "null",
    ("tLevels", '["low", "high", "low"]'): "null",
    ("tLevels", '"low"'): '["low"]',
    # contexts need every component; a type may refer to itself
    ("tUnit", '{code: "1", beds: 9, parts: []}'): '{code: "1", beds: 9, parts: []}',
    ("tUnit", '{code: "1", beds: 9}'): "null",
    ("tUnit", '{code: "1", beds: 901, parts: []}'): "null",
    ("tUnit", '{code: "1", beds: null, parts: [{code: 2, beds: 1, parts: []}]}'): "null",
    # functions
    ("tRule", "function(n: number) n + 1"): "function",
    ("tRule", "function(n: string) 1"): "null",
    ("tRule", 'function(n: number) "one"'): "null",
    ("tRule", "function(n, m) 1"): "null",
}


@pytest.mark.parametrize(("declared", "source"), RESULTS)
def test_a_decision_gives_what_its_type_allows(declared: str, source: str) -> None:
    logic = f'<variable name="d" typeRef="{declared}"/>{literal(source)}'
    found = model(TYPES + decision("d", logic)).evaluate("d", {}, ENVIRONMENT).output
    assert to_feel_string(found) == RESULTS[declared, source]


def _knowledge(variable: str, body: str) -> str:
    return f"""<businessKnowledgeModel id="k" name="k"><variable name="k" typeRef="{variable}"/>
      <encapsulatedLogic><formalParameter name="n" typeRef="number"/>{literal(body)}</encapsulatedLogic>
      </businessKnowledgeModel><decision id="d" name="d">
      <knowledgeRequirement><requiredKnowledge href="#k"/></knowledgeRequirement>{literal("k(4)")}</decision>"""


@pytest.mark.parametrize(
    ("variable", "body", "expected"),
    [("tRule", "n * 2", 8), ("tRule", '"x"', None), ("number", "[n]", 4), ("string", "n", None)],
)
def test_the_type_of_a_knowledge_model_is_its_function_s_or_its_result_s(
    variable: str, body: str, expected: Any
) -> None:
    assert output(model(TYPES + _knowledge(variable, body)), "d", {}) == expected


@pytest.mark.parametrize(("variable", "expected"), [("tRule", 8), ("number", 8), ("string", None)])
def test_a_service_s_result_has_the_type_that_its_variable_says(variable: str, expected: Any) -> None:
    body = '<inputData id="in" name="n"><variable name="n" typeRef="number"/></inputData>'
    body += decision("double", literal("n * 2"), requires=["in"], kind="Input")
    body += f"""<decisionService id="s" name="s"><variable name="s" typeRef="{variable}"/>
      <outputDecision href="#double"/><inputData href="#in"/></decisionService>"""
    assert model(TYPES + body).invoke("s", {"n": 4}, ENVIRONMENT) == expected


def test_imports_without_a_name_bring_types_and_nodes_as_if_they_stood_here() -> None:
    kind = 'importType="https://www.omg.org/spec/DMN/20191111/MODEL/"'
    imports = f'<import name="" namespace="urn:one" {kind}/><import name="" namespace="urn:two" {kind}/>'
    two = """<businessKnowledgeModel id="twice" name="twice"><encapsulatedLogic>
      <formalParameter name="n"/><literalExpression><text>n * 2</text></literalExpression></encapsulatedLogic>
      </businessKnowledgeModel>"""
    body = f"""{imports}<decision id="d" name="d"><variable name="d" typeRef="tNumbers"/>
      <informationRequirement><requiredDecision href="urn:one#four"/></informationRequirement>
      <knowledgeRequirement><requiredKnowledge href="urn:two#twice"/></knowledgeRequirement>
      {literal("twice(four)")}</decision>"""
    others = [definitions(TYPES + decision("four", literal("4")), "urn:one"), definitions(two, "urn:two")]
    assert output(model(body, others), "d", {}) == [8]


def test_the_type_of_an_import_is_written_with_its_name() -> None:
    imports = '<import name="base" namespace="urn:base" importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/>'
    logic = f'<variable name="d" typeRef="base.tLevel"/>{literal("x")}'
    found = model(imports + decision("d", logic), [definitions(TYPES, "urn:base")])
    assert [output(found, "d", {"x": level}) for level in ("low", "mid")] == ["low", None]


def test_a_reference_may_name_the_model_s_own_namespace() -> None:
    body = decision("a", literal("1")) + decision("b", literal("a + 1"), requires=["a"]).replace("#a", "urn:test#a")
    assert output(model(body), "b", {}) == 2
