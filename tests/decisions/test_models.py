"""Decision models: requirements, boxed expressions, types, imports, services; and every problem of a bad file."""

from __future__ import annotations

import pytest
from lxml import etree

from tests.decisions.support import NAMESPACE, decision, definitions, evaluate, literal, model, output, table
from tests.feel.support import ENVIRONMENT
from workflows.decisions import DecisionError, parse_dmn
from workflows.feel import Environment, FeelError

SQUARE = f"""<businessKnowledgeModel id="square" name="square of">
  <encapsulatedLogic><formalParameter name="n" typeRef="number"/>{literal("n * n")}</encapsulatedLogic>
</businessKnowledgeModel>"""
NEEDS_SQUARE = '<knowledgeRequirement><requiredKnowledge href="#square"/></knowledgeRequirement>'


def test_a_decision_sees_what_it_requires_by_name_and_by_id() -> None:
    kind = literal('if beds > 0 then "hospital" else "clinic"')
    body = f'<decision id="unit_kind" name="Kind of unit">{kind}</decision>'
    body += decision("a", literal('Kind of unit = "hospital"'), requires=["unit_kind"])
    body += decision("b", literal("string length(unit_kind)"), requires=["unit_kind"])
    found = model(body)
    assert output(found, "a", {"beds": 10}) is True
    assert output(found, "b", {"beds": 0}) == 6


def test_input_data_is_listed_and_converted_to_its_type() -> None:
    body = """<itemDefinition name="Level"><typeRef>string</typeRef>
      <allowedValues><text>"A", "B"</text></allowedValues></itemDefinition>
      <inputData id="in" name="the level"><variable name="the level" typeRef="Level"/></inputData>"""
    found = model(body + decision("d", literal("the level"), requires=["in"], kind="Input"))
    assert found.decisions["d"].inputs == ("the level",)
    assert [output(found, "d", {"the level": level}) for level in ("A", "C", ["B"])] == ["A", None, "B"]


def test_json_texts_become_the_dates_that_are_expected() -> None:
    body = '<inputData id="in" name="due"><variable name="due" typeRef="date"/></inputData>'
    body += decision("year", literal("due.year"), requires=["in"], kind="Input")
    rules = [[']date("2026-01-01")..date("2026-12-31")]', '"this year"'], ["-", '"another"']]
    dated = table(["due"], ["when"], rules, "FIRST").replace("<inputExpression>", '<inputExpression typeRef="date">')
    found = model(body + decision("when", dated))
    assert output(found, "year", {"due": "2026-11-22"}) == 2026
    assert [output(found, "when", {"due": due}) for due in ("2026-11-22", "soon")] == ["this year", "another"]


def test_boxed_expressions() -> None:
    entry = "<contextEntry><variable name='{}'/>{}</contextEntry>"
    logic = "<context>" + entry.format("x", literal("n + 1")) + entry.format("y", literal("x * 2"))
    logic += f"<contextEntry><list>{literal('x')}{literal('y')}</list></contextEntry></context>"
    relation = f"""<relation><column name="a"/><column name="b"/>
      <row>{literal("1")}{literal("2")}</row><row>{literal("3")}{literal("4")}</row></relation>"""
    loop = f'<for iteratorVariable="i"><in>{literal("[1..n]")}</in><return>{literal("i * n")}</return></for>'
    choice = f"""<conditional><if>{literal("n > 2")}</if>
      <then>{literal('"big"')}</then><else>{literal('"small"')}</else></conditional>"""
    kept = f"<filter><in>{literal('[1, 2, 3]')}</in><match>{literal('item < n')}</match></filter>"
    some = f'<some iteratorVariable="i"><in>{literal("[1, 2]")}</in><satisfies>{literal("i = n")}</satisfies></some>'
    parts = {"context": logic, "relation": relation, "loop": loop, "choice": choice, "kept": kept, "some": some}
    found = model("".join(decision(name, part) for name, part in parts.items()))
    assert {name: output(found, name, {"n": 3}) for name in parts} == {
        "context": [4, 8],
        "relation": [{"a": 1, "b": 2}, {"a": 3, "b": 4}],
        "loop": [3, 6, 9],
        "choice": "big",
        "kept": [1, 2],
        "some": False,
    }


def test_knowledge_models_are_called_from_expressions_and_invocations() -> None:
    invocation = (
        f"""<invocation>{literal("square of")}<binding><parameter name="n"/>{literal("4")}</binding></invocation>"""
    )
    body = SQUARE + f'<decision id="a" name="a">{NEEDS_SQUARE}{literal("square of(3)")}</decision>'
    body += f'<decision id="b" name="b">{NEEDS_SQUARE}{invocation}</decision>'
    found = model(body)
    assert [output(found, name, {}) for name in ("a", "b")] == [9, 16]
    assert found.invoke("square", {"n": 5}, ENVIRONMENT) == 25


def test_a_service_is_evaluated_with_its_own_inputs() -> None:
    body = '<inputData id="in" name="n"><variable name="n" typeRef="number"/></inputData>'
    body += decision("double", literal("n * 2"), requires=["in"], kind="Input")
    body += (
        """<decisionService id="s" name="s"><outputDecision href="#double"/><inputData href="#in"/></decisionService>"""
    )
    found = model(body)
    assert found.invoke("s", {"n": 4}, ENVIRONMENT) == 8
    assert found.invoke("s", {"n": "four"}, ENVIRONMENT) is None


def test_an_imported_model_is_a_name_before_the_dot() -> None:
    other = definitions(SQUARE, "urn:other")
    body = '<import name="maths" namespace="urn:other" importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/>'
    body += f"""<decision id="d" name="d"><knowledgeRequirement><requiredKnowledge href="urn:other#square"/>
      </knowledgeRequirement>{literal("maths.square of(6)")}</decision>"""
    assert output(model(body, [other]), "d", {}) == 36
    with pytest.raises(DecisionError, match="urn:test"):  # two models cannot import each other
        model(body, [definitions(SQUARE + body.partition("<decision")[0].replace("other", "test"), "urn:other")])
    with pytest.raises(DecisionError, match="urn:other"):
        model(body)


def test_every_problem_of_a_file_is_reported_at_once_with_its_place() -> None:
    body = decision("a", literal("x == 1"), requires=["nowhere"])
    body += "\n" + decision("b", table(["x"], ["y"], [["'text'", "1"], ["1"]]))
    body += "\n" + '<decision id="c" name="c"/>' + decision("a", literal("1"))
    with pytest.raises(DecisionError) as caught:
        model(body)
    found = [(problem.element_id, problem.line) for problem in caught.value.problems]
    assert sorted(found) == [("a", 1), ("a", 1), ("a", 3), ("c", 3), ("r1", 2), ("r2", 2)]
    assert all(problem.text.th and problem.text.en for problem in caught.value.problems)


BAD = {
    "External functions of kind Java": f"""<decision id="d" name="d"><functionDefinition kind="Java">
      <context>{literal("1")}</context></functionDefinition></decision>""",
    "External functions .Java or PMML.": decision("d", literal('function(x) external {java: {class: "x"}}')),
    "Decisions in a circle: a → b → a": decision("a", literal("b"), requires=["b"])
    + decision("b", literal("a"), requires=["a"]),
    "Unknown hit policy BEST": decision("d", table(["x"], ["y"], [["1", "1"]], "BEST")),
}


@pytest.mark.parametrize(("message", "body"), BAD.items())
def test_problem(message: str, body: str) -> None:
    with pytest.raises(DecisionError, match=message):
        model(body)


def test_a_file_of_any_depth_is_no_more_than_an_error() -> None:
    deep = "<list>" * 1_500 + literal("1") + "</list>" * 1_500
    root = etree.fromstring(
        f'<definitions xmlns="{NAMESPACE}"><decision id="d" name="d">{deep}</decision></definitions>',
        etree.XMLParser(huge_tree=True),
    )
    with pytest.raises(DecisionError, match="nested too deeply"):
        parse_dmn(root)


def test_what_is_no_decision_model_says_so() -> None:
    root = definitions("").makeelement(f"{{{NAMESPACE}}}process", {})
    with pytest.raises(DecisionError, match="not a DMN file"):
        parse_dmn(root)
    with pytest.raises(DecisionError, match="no decision elsewhere"):
        evaluate(model(""), "elsewhere", {})


def test_one_budget_covers_the_whole_graph() -> None:
    loop = literal("count(for i in 1..1000 return i)")
    found = model(decision("a", loop) + decision("b", loop) + decision("c", literal("a + b"), requires=["a", "b"]))
    assert output(found, "c", {}) == 2000
    env = Environment(ENVIRONMENT.now, budget=5_000)
    assert found.evaluate("a", {}, env).output == 1000
    with pytest.raises(FeelError) as caught:
        found.evaluate("c", {}, env)
    assert caught.value.reason == "budget"


def test_a_knowledge_model_that_calls_itself_for_ever_is_stopped() -> None:
    body = (
        SQUARE.replace("n * n", "square of(n)")
        + f'<decision id="d" name="d">{NEEDS_SQUARE}{literal("square of(1)")}</decision>'
    )
    with pytest.raises(FeelError) as caught:
        evaluate(model(body), "d", {})
    assert caught.value.reason == "depth"
