"""Loading: what a definition tells about its diagram, and what cannot be loaded."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.engine.diagrams import (
    END,
    PAID,
    START,
    boundary,
    call,
    catch,
    diagram,
    end,
    flows,
    gateway,
    job,
    message,
    script,
    sub_process,
    timer,
    user,
    zeebe,
)
from tests.engine.loop_models import MODELS
from tests.engine.running import AAD, Running
from workflows.engine import calls, load, start_form
from workflows.errors import DiagramRejected

FORMED = '<bpmn:startEvent id="s">' + zeebe('<zeebe:formDefinition formId="request"/>') + "</bpmn:startEvent>"
DECIDED = zeebe('<zeebe:calledDecision decisionId="route" resultVariable="r"/>')
REQUEST = diagram(
    zeebe(
        '<zeebe:properties><zeebe:property name="case.subject" value="=first + &quot; &quot; + last"/>'
        '<zeebe:property name="case.region" value="7"/><zeebe:property name="owner" value="region"/></zeebe:properties>'
    ),
    FORMED,
    f'<bpmn:startEvent id="m">{PAID}</bpmn:startEvent>',
    user("u", '<zeebe:formDefinition formId="check"/>'),
    f'<bpmn:businessRuleTask id="d" name="Route">{DECIDED}</bpmn:businessRuleTask>',
    call("c", "child"),
    END,
    flows("s>u", "m>u", "u>d", "d>c", "c>e"),
    top=message(),
)


def test_definition_tells_what_the_diagram_refers_to() -> None:
    definition = load("P", {"request.bpmn": REQUEST})
    assert (definition.start_form_id, definition.has_start_form) == ("request", True)
    assert definition.forms == {"request", "check"}
    assert definition.decisions == {"route"}
    assert definition.called_processes == {"child"}
    assert set(definition.message_starts) == {"paid"}
    assert definition.header == {"subject": '=first + " " + last', "region": "7"}
    assert definition.properties["owner"] == "region"
    assert definition.elements["d"] == ("Route", "businessRuleTask")
    assert calls(REQUEST) == ("child",)
    assert start_form(REQUEST) == "request"


def test_header_follows_the_variables() -> None:
    case = Running(REQUEST, variables={"first": "สมศรี"})
    assert case.last.header == {"subject": None, "region": "7"}
    case.set(last="ใจดี")
    assert case.last.header["subject"] == "สมศรี ใจดี"


def test_same_bytes_same_definition() -> None:
    assert load("P", {"a.bpmn": REQUEST}) is load("P", {"a.bpmn": bytes(REQUEST)})
    assert load("P", {"a.bpmn": REQUEST}).key != load("P", {"b.bpmn": REQUEST}).key


@pytest.mark.parametrize(
    ("data", "element_id"),
    [
        (diagram(START, script("x", "=1 +", "r"), END, flows("s>x", "x>e")), "x"),
        (diagram(START, gateway("exclusive", "g"), END, flows("s>g", "g>e[=a == 1]")), "f_g_e"),
        (diagram(START, gateway("exclusive", "g"), end("f"), END, flows("s>g", "g>e", "g>f[=a]")), "f_g_e"),
        (diagram(START, user("u"), boundary("b", "nobody", timer("PT1H")), END, flows("s>u", "u>e", "b>e")), "b"),
        (diagram(START, catch("c", "<bpmn:timerEventDefinition/>"), END, flows("s>c", "c>e")), "c"),
        (diagram(START, catch("c", PAID), END, flows("s>c", "c>e")), "c"),
        (diagram(START, job("t", ""), END, flows("s>t", "t>e")), "t"),
        (diagram(START, call("c", "=dynamic"), END, flows("s>c", "c>e")), "c"),
        (diagram(START, user("u", "", "<bpmn:standardLoopCharacteristics/>"), END, flows("s>u", "u>e")), "u"),
        (diagram(START, '<bpmn:transaction id="t"/>', END, flows("s>t", "t>e")), "t"),
        (diagram(END), "P"),
    ],
)
def test_what_cannot_run_is_refused_by_name(data: bytes, element_id: str) -> None:
    with pytest.raises(DiagramRejected) as caught:
        load("P", {"x.bpmn": data})
    assert caught.value.details["element_id"] == element_id
    assert caught.value.text.th != caught.value.text.en


def test_a_process_that_is_not_there() -> None:
    with pytest.raises(DiagramRejected):
        load("Q", {"x.bpmn": REQUEST})


def test_a_long_diagram_needs_no_deep_stack() -> None:
    names = [f"u{number}" for number in range(1500)]
    chain = [f"{a}>{b}" for a, b in itertools.pairwise(names)]
    case = Running(diagram(START, *map(user, names), END, flows(f"s>{names[0]}", *chain, f"{names[-1]}>e")))
    case.complete("u0")
    assert case.open == ["u1"]


def test_deep_sub_processes() -> None:
    inner = user("u") + flows("p20_s>u", "u>p20_e")
    for level in range(20, 0, -1):
        inner = sub_process(f"p{level}", inner)
        inner += flows(f"p{level - 1}_s>p{level}", f"p{level}>p{level - 1}_e") if level > 1 else ""
    case = Running(diagram(START, inner, END, flows("s>p1", "p1>e")), restore=True)
    case.complete("u")
    assert case.completed


def test_one_definition_serves_many_threads() -> None:
    files = MODELS["instances_of_a_sub_process"]

    def run(number: int) -> tuple[bool, bool]:
        case = Running(*files, variables={"approvers": [str(number), "b"], "again": False})
        case.complete("fill")
        while case.last.open_ids:
            case.complete(again=False)
            case.live = case.interpreter.load(case.definition(), case.interpreter.dump(case.live, AAD), AAD)
        return case.completed, case.variables["votes"][0]["by"] == str(number)

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(run, range(80))) == {(True, True)}
