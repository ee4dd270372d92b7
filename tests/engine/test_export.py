"""The way out: a case in SpiffWorkflow's own JSON, read and run on by SpiffWorkflow alone."""

from __future__ import annotations

import json

import pytest
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.spiff.serializer.config import SPIFF_CONFIG
from SpiffWorkflow.util.task import TaskState

from tests.engine.loop_models import MODELS
from tests.engine.running import Running
from tests.engine.stock import StockEngine

VARIABLES = {"again": False, "n": 3, "approvers": ["a", "b", "c"], "case_no": 1}
SERIALIZER = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(SPIFF_CONFIG))


@pytest.mark.parametrize("name", MODELS)
def test_the_library_reads_every_state(name: str) -> None:
    case = Running(*MODELS[name], variables=VARIABLES)
    for _ in range(6):
        exported = SERIALIZER.deserialize_json(case.interpreter.export_json(case.live))
        ready = exported.get_tasks(state=TaskState.READY, manual=True)
        assert {task.id for task in ready} == case.last.open_ids
        assert exported.data["vars"] == case.variables
        assert exported.completed == case.completed
        if case.last.open_ids:
            case.complete(case.open[0], again=False, n=3, ok="yes")


def test_the_library_runs_on() -> None:
    case = Running(*MODELS["branches_that_loop"], variables=VARIABLES)
    case.complete("A")
    exported = SERIALIZER.deserialize_json(case.interpreter.export_json(case.live))
    exported.script_engine = StockEngine()
    for _ in range(4):
        exported.get_tasks(state=TaskState.READY, manual=True)[0].run()
        exported.do_engine_steps()
    assert exported.completed


def test_the_snapshot_is_a_fraction_of_it() -> None:
    case = Running(*MODELS["votes"], variables=VARIABLES)
    case.complete("fill")
    sealed = case.interpreter.dump(case.live, b"")
    exported = case.interpreter.export_json(case.live)
    assert json.loads(exported)["data"]["vars"] == case.variables
    assert len(sealed) * 10 < len(exported)
