"""The saved state: the same case comes back, and nothing but the same case."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.engine.diagrams import END, START, diagram, flows, user
from tests.engine.loop_models import MODELS
from tests.engine.running import AAD, KEYS, Running, context
from workflows.engine import Interpreter, SnapshotKeys, snapshot
from workflows.errors import SnapshotRejected

VARIABLES = {"again": True, "n": 3, "approvers": ["a", "b", "c"], "case_no": 1}


def twin(case: Running) -> Running:
    """The same case, read back."""
    other = Running.__new__(Running)
    other.__dict__.update(case.__dict__)
    other.live = case.interpreter.load(case.fresh_definition(), case.interpreter.dump(case.live, AAD), AAD)
    return other


@pytest.mark.parametrize("name", MODELS)
def test_a_case_in_memory_is_the_same_as_one_read_back(name: str) -> None:
    """Down to the order of tasks, scopes and waits, on which the order of the next steps depends."""
    case = Running(*MODELS[name], variables=VARIABLES)
    for _ in range(12):
        other = twin(case)
        assert snapshot.pack(other.live.workflow) == snapshot.pack(case.live.workflow)
        assert list(other.live.workflow.event_manager.tasks) == list(case.live.workflow.event_manager.tasks)
        mine, theirs = case.live.workflow.scopes, other.live.workflow.scopes
        assert [list(scope.waiting_joins) for scope in mine] == [list(scope.waiting_joins) for scope in theirs]
        if case.last.subscriptions:
            case.deliver("paid", case.last.subscriptions[0].key)
        if case.last.open_ids:
            case.complete(case.open[-1], again=True, n=3, ok="yes", nested={"list": [1, {"a": None}]})


def test_no_two_values_share_their_parts() -> None:
    shared: dict[str, Any] = {"list": [1]}
    case = Running(
        diagram(START, user("u"), user("v"), END, flows("s>u", "u>v", "v>e")), variables={"a": shared, "b": shared}
    )
    case.complete("u", c=shared)
    shared["list"].append(2)
    assert case.variables == {"a": {"list": [1]}, "b": {"list": [1]}, "c": {"list": [1]}}
    assert case.variables["a"]["list"] is not case.variables["b"]["list"]


@pytest.fixture
def sealed() -> tuple[Running, bytes]:
    case = Running(*MODELS["correction"], variables=VARIABLES)
    return case, case.interpreter.dump(case.live, AAD)


def test_every_bit_counts(sealed: tuple[Running, bytes]) -> None:
    case, data = sealed
    definition = case.definition()
    assert case.interpreter.load(definition, data, AAD).open_ids() == case.live.open_ids()
    for position in range(len(data)):
        broken = bytearray(data)
        broken[position] ^= 1 << position % 8
        with pytest.raises(SnapshotRejected):
            case.interpreter.load(definition, bytes(broken), AAD)


@pytest.mark.parametrize("cut", [0, 1, 3, 10, 40])
def test_a_part_is_nothing(sealed: tuple[Running, bytes], cut: int) -> None:
    case, data = sealed
    with pytest.raises(SnapshotRejected):
        case.interpreter.load(case.definition(), data[:cut], AAD)


def test_a_snapshot_belongs_to_one_case(sealed: tuple[Running, bytes]) -> None:
    case, data = sealed
    with pytest.raises(SnapshotRejected):
        case.interpreter.load(case.definition(), data, b"case 2")


def test_a_snapshot_belongs_to_one_definition(sealed: tuple[Running, bytes]) -> None:
    case, data = sealed
    other = Running(diagram(START, user("else"), END, flows("s>else", "else>e")))
    with pytest.raises(SnapshotRejected):
        case.interpreter.load(other.definition(), data, AAD)


def test_keys_rotate(sealed: tuple[Running, bytes]) -> None:
    case, old = sealed
    both = SnapshotKeys("k2", {"k1": bytes(range(32)), "k2": bytes(32)})
    rotated = Interpreter({}, case.interpreter.decide, both)
    live = rotated.load(case.definition(), old, AAD)
    new = rotated.dump(live, AAD)
    with pytest.raises(SnapshotRejected):
        case.interpreter.load(case.definition(), new, AAD)
    assert rotated.load(case.definition(), new, AAD).variables == case.variables


def test_nothing_can_be_read_without_the_key(sealed: tuple[Running, bytes]) -> None:
    case, _ = sealed
    case.complete("fill", pid="0123456789012")
    assert b"0123456789012" not in case.interpreter.dump(case.live, AAD)
    assert case.interpreter.dump(case.live, AAD) != case.interpreter.dump(case.live, AAD)


def test_survey_lists_everything_open(sealed: tuple[Running, bytes]) -> None:
    """The inbox can be rebuilt from snapshots alone."""
    case, data = sealed
    live = case.interpreter.load(case.definition(), data, AAD)
    seen = case.interpreter.survey(live, context())
    assert seen == replace(case.last, steps=(), variables_changed=frozenset())
    assert KEYS.current == "k1"
