"""No text of a diagram ever becomes Python: every place for an expression is tried, under watch."""

from __future__ import annotations

import sys
from html import escape
from typing import Any

import pytest

from tests.engine.diagrams import (
    END,
    START,
    boundary,
    catch,
    condition,
    diagram,
    end,
    flows,
    gateway,
    instances,
    job,
    mapping,
    message,
    script,
    timer,
    user,
)
from tests.engine.running import Running
from workflows.engine.expressions import Expressions
from workflows.errors import DiagramRejected, EngineIncident

EVIL = [
    '__import__("os").system("id")',
    "().__class__.__bases__[0].__subclasses__()",
    'open("/etc/passwd").read()',
    "[x for x in y]",
    "(lambda: 1)()",
    'eval("1+1")',
    "f'{1}'",
]


def places(source: str) -> dict[str, bytes]:
    text, quoted = "=" + source, escape("=" + source)
    assigned = f'<zeebe:assignmentDefinition assignee="{quoted}"/>'
    one = flows("s>x", "x>e")
    evil_instances = instances().replace("=approvers", quoted)
    return {
        "script": diagram(START, script("x", text, "r"), END, one),
        "assignee": diagram(START, user("x", assigned), END, one),
        "due": diagram(START, user("x", f'<zeebe:taskSchedule dueDate="{quoted}"/>'), END, one),
        "input": diagram(START, user("x", mapping({"a": text})), END, one),
        "output": diagram(START, job("x", "t", mapping({}, {"a": text})), END, one),
        "job type": diagram(START, job("x", quoted), END, one),
        "condition": diagram(
            START, gateway("exclusive", "x", "e"), end("f"), END, flows("s>x", f"x>f[={source}]", "x>e")
        ),
        "timer": diagram(START, catch("x", timer(text)), END, one),
        "conditional event": diagram(START, catch("x", condition(text)), END, one),
        "correlation": diagram(
            START,
            catch("x", '<bpmn:messageEventDefinition id="md" messageRef="M"/>'),
            END,
            one,
            top=message(key=text),
        ),
        "collection": diagram(START, user("x", "", evil_instances), END, one),
        "output element": diagram(START, job("x", "t", "", inner=instances(output=text)), END, one),
        "completion": diagram(START, job("x", "t", "", inner=instances(condition=text)), END, one),
        "boundary": diagram(START, user("x"), boundary("b", "x", timer(text)), end("f"), END, one + flows("b>f")),
        "correlation property": diagram(
            START,
            user("x"),
            END,
            one,
            top=f'<bpmn:message id="M" name="m"/><bpmn:correlationProperty id="p"><bpmn:correlationPropertyRetrieval'
            f'Expression messageRef="M"><bpmn:messagePath>{escape(source)}</bpmn:messagePath>'
            "</bpmn:correlationPropertyRetrievalExpression></bpmn:correlationProperty>",
        ),
        "python script": diagram(
            START, f'<bpmn:scriptTask id="x"><bpmn:script>{escape(source)}</bpmn:script></bpmn:scriptTask>', END, one
        ),
    }


_seen: list[str] = []
_watching = False


def _watch(event: str, args: tuple[Any, ...]) -> None:
    if _watching and event in ("compile", "exec", "os.system", "subprocess.Popen"):
        _seen.append(event)
    if _watching and event == "open" and args and args[0] == "/etc/passwd":
        _seen.append("open")


sys.addaudithook(_watch)


@pytest.mark.parametrize("source", EVIL)
def test_python_in_every_place_is_only_text_to_us(source: str) -> None:
    global _watching
    Running(places("1")["script"])  # everything that is loaded lazily is loaded now
    for place, data in places(source).items():
        _seen.clear()
        _watching = True
        try:
            case = Running(data, variables={"approvers": ["a"]})
            if case.last.open_ids:
                case.complete("x")
        except (DiagramRejected, EngineIncident):
            pass
        finally:
            _watching = False
        assert _seen == [], place


def test_the_library_has_no_python_environment_to_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    case = Running(places("1")["script"])
    engine = case.live.workflow.script_engine
    assert isinstance(engine, Expressions)
    for reach in (engine.environment.evaluate, engine.environment.execute, engine.environment.call_service):
        with pytest.raises(AssertionError):
            reach("1", {})
    with pytest.raises(KeyError):
        engine.execute(case.live.workflow.task_tree, "x = 1")


def test_the_watch_would_see_it() -> None:
    global _watching
    _seen.clear()
    _watching = True
    compile("1", "x", "eval")
    _watching = False
    assert _seen == ["compile"]
