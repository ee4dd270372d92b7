"""The saved state of a case against the library's own JSON of the same state, on the library's own classes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any

from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.spiff.serializer.config import SPIFF_CONFIG
from sqlalchemy import select

from bench import product as products
from bench.measure import Figure, by_turns, scaled
from bench.product import Walk
from workflows.engine import Definition, Interpreter, Live
from workflows.records import Case

LIBRARY = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(SPIFF_CONFIG))


@dataclass(frozen=True)
class State:
    """One wait of a case, as we keep it and as the library would."""

    interpreter: Interpreter
    definition: Definition
    live: Live
    sealed: bytes
    text: str
    theirs: Any

    def ours(self) -> None:
        self.interpreter.dump(self.live, b"1")
        self.interpreter.load(self.definition, self.sealed, b"1")

    def library(self) -> None:
        LIBRARY.serialize_json(self.theirs)
        LIBRARY.deserialize_json(self.text)


def states() -> list[State]:
    """Every wait of one lap of bench_long, approvals open, half done and done."""
    found = []
    with products.sqlite() as product:
        services = product.runtime.services
        definition = services.definitions.latest_process("bench_long").definition
        walk = Walk(product, "bench_long", 5)
        for _ in range(5):
            with product.runtime.reading() as db:
                sealed = bytes(db.execute(select(Case.snapshot).where(Case.id == walk.case_id)).scalar_one())
            live = services.interpreter.load(definition, sealed, str(walk.case_id).encode())
            own = services.interpreter.dump(live, b"1")
            text = services.interpreter.export_json(live)
            found.append(State(services.interpreter, definition, live, own, text, LIBRARY.deserialize_json(text)))
            walk.complete(walk.open_items()[0])
    return found


def snapshot_bytes_vs_library() -> Iterator[Figure]:
    """Stored bytes, sealed ÷ the library's JSON of the contracted case. Goal ≤ 1/15."""
    all_states = states()
    ours = median(len(state.sealed) for state in all_states)
    yield Figure("snapshot_bytes_vs_library", ours, "bytes", median(len(state.text.encode()) for state in all_states))


def codec_vs_library() -> Iterator[Figure]:
    """Writing and reading back, with compression and sealing ÷ the library's serialize_json and deserialize_json, which
    do neither. Goal ≤ 1/5."""
    pairs = [by_turns(scaled(100, 20), state.ours, state.library) for state in states()]
    ours, library = (sum(each) / len(pairs) for each in zip(*pairs, strict=True))
    yield Figure("codec_vs_library", ours, "ms", library)
