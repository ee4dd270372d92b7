"""DMN's own reading, which the conformance kit asks for: scopes, boxed expressions and services to the letter.

Here logic sees only what it requires, and what does not compile or breaks its policy is null.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.decisions.support import decision, definitions, literal, table
from tests.feel.support import ENVIRONMENT
from workflows.decisions import DecisionModel, parse_dmn
from workflows.feel import to_json

INPUT = '<inputData id="n" name="n"><variable name="n" typeRef="number"/></inputData>'


def strict(body: str) -> DecisionModel:
    return parse_dmn(definitions(body), tolerant=True)


def value(body: str, name: str = "d", **inputs: Any) -> Any:
    return to_json(strict(body).evaluate(name, inputs, ENVIRONMENT).output)


def knowledge(name: str, parameters: str, body: str, requires: str = "") -> str:
    formal = "".join(f'<formalParameter name="{parameter}"/>' for parameter in parameters.split())
    needs = f'<knowledgeRequirement><requiredKnowledge href="#{requires}"/></knowledgeRequirement>' if requires else ""
    return f"""<businessKnowledgeModel id="{name}" name="{name}"><encapsulatedLogic>{formal}{literal(body)}
      </encapsulatedLogic>{needs}</businessKnowledgeModel>"""


def using(name: str, source: str, identity: str = "d") -> str:
    return f"""<decision id="{identity}" name="{identity}"><knowledgeRequirement><requiredKnowledge href="#{name}"/>
      </knowledgeRequirement>{literal(source)}</decision>"""


# scopes


def test_a_decision_does_not_see_what_its_requirements_require() -> None:
    body = INPUT + decision("double", literal("n * 2"), requires=["n"], kind="Input")
    body += decision("d", literal("{seen: double, hidden: n}"), requires=["double"])
    assert value(body, n=4) == {"seen": 8, "hidden": None}


def test_a_knowledge_model_sees_its_parameters_and_what_it_requires_but_not_its_caller() -> None:
    body = INPUT + knowledge("inner", "x", "x + 1") + knowledge("outer", "x", "inner(x) * 10", "inner")
    body += knowledge("curious", "x", "n") + decision("d", literal("outer(1)"), requires=["n"], kind="Input")
    body = body.replace(
        '<informationRequirement><requiredInput href="#n"/></informationRequirement>',
        '<informationRequirement><requiredInput href="#n"/></informationRequirement>'
        '<knowledgeRequirement><requiredKnowledge href="#outer"/></knowledgeRequirement>'
        '<knowledgeRequirement><requiredKnowledge href="#curious"/></knowledgeRequirement>',
    )
    assert value(body, n=4) == 20
    assert value(body.replace("outer(1)", "curious(1)"), n=4) is None
    assert value(body.replace("outer(1)", "inner(1)"), n=4) is None


def test_entries_of_a_boxed_context_hide_what_is_outside_only_after_they_are_written() -> None:
    entry = "<contextEntry><variable name='{}'/>{}</contextEntry>"
    logic = "<context>" + entry.format("before", literal("n")) + entry.format("n", literal("n + 1"))
    logic += entry.format("after", literal("n")) + "</context>"
    body = INPUT + decision("d", logic, requires=["n"], kind="Input")
    assert value(body, n=4) == {"before": 4, "n": 5, "after": 5}


def test_a_name_may_have_signs_and_words_and_break_over_lines() -> None:
    body = '<inputData id="n" name="Pre-bureau \n score"><variable name="Pre-bureau score"/></inputData>'
    body += decision("d", literal("Pre-bureau score + 1 - Pre-bureau   score"), requires=["n"], kind="Input")
    assert value(body, **{"Pre-bureau score": 9}) == 1


# boxed expressions


def _conditional(condition: str) -> str:
    then, otherwise = literal('"yes"'), literal('"no"')
    logic = f"<conditional><if>{literal(condition)}</if><then>{then}</then><else>{otherwise}</else></conditional>"
    return decision("d", logic)


@pytest.mark.parametrize(
    ("condition", "expected"), [("true", "yes"), ("false", "no"), ("null", "no"), ('"true"', "no"), ("1 = 1", "yes")]
)
def test_a_boxed_condition_must_be_true(condition: str, expected: str) -> None:
    assert value(_conditional(condition)) == expected


def _quantified(kind: str, domain: str, condition: str) -> str:
    inside = f"<in>{literal(domain)}</in><satisfies>{literal(condition)}</satisfies>"
    return decision("d", f'<{kind} iteratorVariable="i">{inside}</{kind}>')


@pytest.mark.parametrize(
    ("kind", "domain", "condition", "expected"),
    [
        ("every", "[1, 2]", "i > 0", True),
        ("every", "[1, 2]", "i > 1", False),
        ("every", "[]", "false", True),
        ("every", "null", "true", None),
        ("every", "[1, null]", "i > 0", None),
        ("every", "[null, -1]", "i > 0", False),
        ("every", "1", "i = 1", True),
        ("every", "[1..3]", "i < 4", True),
        ("every", "[1]", '"true"', None),
        ("some", "[1, null]", "i > 0", True),
        ("some", "[null, -1]", "i > 0", None),
        ("some", "[]", "true", False),
    ],
)
def test_boxed_quantifiers(kind: str, domain: str, condition: str, expected: object) -> None:
    assert value(_quantified(kind, domain, condition)) is expected


@pytest.mark.parametrize(
    ("domain", "match", "expected"),
    [
        ("[1, 2, 3]", "item > 1", [2, 3]),
        ("[1, 2, 3]", "2", 2),
        ("[1, 2, 3]", "-1", 3),
        ("[1, 2, 3]", "9", None),
        ("[{a: 1}, {a: 2}]", "a = 2", [{"a": 2}]),
        ("5", "item = 5", [5]),
        ("null", "true", []),
        ("[1, 2]", "null", []),
        ("[1, 2]", '"x"', None),
    ],
)
def test_boxed_filter(domain: str, match: str, expected: object) -> None:
    logic = f"<filter><in>{literal(domain)}</in><match>{literal(match)}</match></filter>"
    assert value(decision("d", logic)) == expected


def test_boxed_loop_knows_what_it_has_made_so_far() -> None:
    loop = f"""<for iteratorVariable="i"><in>{literal("1..4")}</in>
      <return>{literal("if i = 1 then 1 else partial[-1] * i")}</return></for>"""
    assert value(decision("d", loop.replace("1..4", "[1..4]"))) == [1, 2, 6, 24]


def test_a_boxed_call_binds_by_name_and_leaves_out_what_it_does_not_bind() -> None:
    call = f"""<invocation>{literal("minus")}<binding><parameter name="b"/>{literal("1")}</binding>
      <binding><parameter name="a"/>{literal("5")}</binding></invocation>"""
    body = knowledge("minus", "a b", "a - b") + using("minus", "X").replace(literal("X"), call)
    assert value(body) == 4
    assert value(body.replace('name="b"/><lit', 'name="c"/><lit')) is None


# services


def _service(inputs: str = "", decisions: str = "", outputs: str = "d") -> str:
    parts = "".join(f'<outputDecision href="#{name}"/>' for name in outputs.split())
    parts += "".join(f'<inputDecision href="#{name}"/>' for name in decisions.split())
    parts += "".join(f'<inputData href="#{name}"/>' for name in inputs.split())
    return f'<decisionService id="s" name="s"><variable name="s"/>{parts}</decisionService>'


def test_a_service_takes_input_data_first_and_input_decisions_instead_of_their_logic() -> None:
    body = INPUT + decision("rate", literal("0.5")) + decision("d", literal("n * rate"), requires=["rate"])
    body = body.replace(
        '<informationRequirement><requiredDecision href="#rate"/>',
        '<informationRequirement><requiredInput href="#n"/></informationRequirement>'
        '<informationRequirement><requiredDecision href="#rate"/>',
    )
    body += _service("n", "rate") + using("s", "[s(10, 2), s(rate: 3, n: 10), s(10)]", "caller")
    assert value(body, "caller") == [20, 30, None]
    assert strict(body).invoke("s", {"n": 10, "rate": 4}, ENVIRONMENT) == 40


def test_a_service_of_several_outputs_gives_a_context() -> None:
    body = decision("a", literal("1")) + decision("b", literal("2")) + _service(outputs="a b") + using("s", "s()")
    assert value(body) == {"a": 1, "b": 2}


# tables


@pytest.mark.parametrize(
    ("policy", "expected"), [("UNIQUE", None), ("ANY", None), ("FIRST", 1), ("RULE ORDER", [1, 2]), ("COLLECT", [1, 2])]
)
def test_two_rules_that_apply(policy: str, expected: object) -> None:
    rules = [["> 0", "1"], ["> 1", "2"]]
    body = INPUT + decision("d", table(["n"], ["y"], rules, policy), requires=["n"], kind="Input")
    assert value(body, n=5) == expected


def test_a_cell_that_does_not_compile_never_applies_and_gives_null() -> None:
    rules = [["== 5", "1"], ["5", "2"], ["6", "1 +"]]
    body = INPUT + decision("d", table(["n"], ["y"], rules), requires=["n"], kind="Input")
    assert [value(body, n=n) for n in (5, 6, None)] == [2, None, None]


def test_a_function_from_outside_is_null_where_its_result_is_asked_for() -> None:
    java = """<functionDefinition kind="Java"><context><contextEntry><variable name="class"/>
      <literalExpression><text>"java.lang.Math"</text></literalExpression></contextEntry></context></functionDefinition>"""
    assert value(decision("d", java)) is None
    assert value(decision("d", literal('(function(x) external {java: {class: "java.lang.Math"}})(1)'))) is None
