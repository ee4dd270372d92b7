"""Diagrams nobody drew: blocks inside blocks, at random but always well structured."""

from __future__ import annotations

from itertools import pairwise
from random import Random

from tests.engine.diagrams import (
    END,
    START,
    boundary,
    catch,
    diagram,
    end,
    error,
    event,
    event_sub_process,
    flows,
    gateway,
    instances,
    mapping,
    message,
    sub_process,
    timer,
    user,
)

Block = tuple[str, str, str]  # its XML with the flows inside, where it is entered, where it is left


class Builder:
    """Draws one diagram. Each message has its own name, so that it is clear who is meant."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.count = 0
        self.top = error()

    def draw(self) -> bytes:
        body, first, last = self.sequence(4)
        return diagram(START, body, END, flows(f"s>{first}", f"{last}>e"), top=self.top)

    def name(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}"

    def message(self) -> str:
        name = self.name("M")
        self.top += message(name, name.lower())
        return f'<bpmn:messageEventDefinition id="{name}d" messageRef="{name}"/>'

    def trigger(self) -> str:
        return self.random.choice([timer("PT1H"), self.message()])

    def sequence(self, depth: int) -> Block:
        blocks = [self.block(depth - 1) for _ in range(self.random.choice([1, 2, 2]))]
        links = [f"{before[2]}>{after[1]}" for before, after in pairwise(blocks)]
        return "".join(block[0] for block in blocks) + flows(*links), blocks[0][1], blocks[-1][2]

    def block(self, depth: int) -> Block:
        if depth <= 0:
            return self.task(depth)
        kinds = [self.task, self.loop, self.loop, self.parallel, self.parallel, self.inclusive, self.exclusive]
        kinds += [self.sub_process, self.sub_process, self.guarded_task, self.wait, self.votes]
        return self.random.choice(kinds)(depth)

    def task(self, _depth: int) -> Block:
        name = self.name("u")
        return user(name), name, name

    def wait(self, _depth: int) -> Block:
        name = self.name("c")
        return catch(name, self.trigger()), name, name

    def loop(self, depth: int) -> Block:
        body, first, last = self.sequence(depth)
        enter, leave = self.name("x"), self.name("x")
        after = self.name("u")
        links = flows(f"{enter}>{first}", f"{last}>{leave}", f"{leave}>{enter}[=again]", f"{leave}>{after}")
        return (
            gateway("exclusive", enter) + body + gateway("exclusive", leave, after) + user(after) + links,
            enter,
            after,
        )

    def split(self, kind: str, depth: int, conditions: list[str]) -> Block:
        fork, join = self.name("f"), self.name("j")
        blocks = [self.sequence(depth) for _ in conditions]
        links = [f"{fork}>{block[1]}{condition}" for block, condition in zip(blocks, conditions, strict=True)]
        links += [f"{block[2]}>{join}" for block in blocks]
        default = blocks[-1][1] if kind != "parallel" else ""
        joining = "exclusive" if kind == "exclusive" else kind
        nodes = gateway(kind, fork, default) + gateway(joining, join)
        return nodes + "".join(block[0] for block in blocks) + flows(*links), fork, join

    def parallel(self, depth: int) -> Block:
        return self.split("parallel", depth - 1, [""] * self.random.choice([2, 2, 3]))

    def inclusive(self, depth: int) -> Block:
        return self.split("inclusive", depth - 1, ["[=n > 1]", "[=n > 2]", ""])

    def exclusive(self, depth: int) -> Block:
        return self.split("exclusive", depth - 1, ["[=n > 1]", ""])

    def sub_process(self, depth: int) -> Block:
        name = self.name("sp")
        body, first, last = self.sequence(depth - 1)
        inner, arrows = body, [f"{name}_s>{first}", f"{last}>{name}_e"]
        fails = self.random.random() < 0.3
        if fails:
            gate, failed = self.name("x"), self.name("er")
            inner += gateway("exclusive", gate, f"{name}_e") + end(failed, event("error", "ER"))
            arrows = [f"{name}_s>{first}", f"{last}>{gate}", f"{gate}>{failed}[=again]", f"{gate}>{name}_e"]
        if self.random.random() < 0.3:
            handler = self.name("u")
            interrupting = self.random.random() < 0.5
            inner += event_sub_process(
                self.name("es"), self.message(), user(handler), handler, interrupting=interrupting
            )
        many = instances(sequential=self.random.random() < 0.4) if self.random.random() < 0.25 else ""
        node = sub_process(name, inner, flows(*arrows), inner=many)
        return self.guard(node, name, event("error", "ER") if fails else "")

    def guarded_task(self, _depth: int) -> Block:
        name = self.name("u")
        return self.guard(user(name), name, self.trigger())

    def guard(self, node: str, host: str, definition: str) -> Block:
        """An activity with a boundary event, whose way comes back behind the activity or ends by itself."""
        if not definition and self.random.random() < 0.5:
            return node, host, host
        caught, after = self.name("b"), self.name("u")
        interrupting = bool(definition and "error" in definition) or self.random.random() < 0.6
        node += boundary(caught, host, definition or self.trigger(), interrupting=interrupting) + user(after)
        if not interrupting:
            ended = self.name("e")
            return node + end(ended) + flows(f"{caught}>{after}", f"{after}>{ended}"), host, host
        merge = self.name("x")
        links = flows(f"{host}>{merge}", f"{caught}>{after}", f"{after}>{merge}")
        return node + gateway("exclusive", merge) + links, host, merge

    def votes(self, _depth: int) -> Block:
        name = self.name("v")
        until = self.random.choice(["", '=ok = "no" or numberOfCompletedInstances >= 2'])
        many = instances(sequential=self.random.random() < 0.5, condition=until)
        return user(name, mapping({"ok": "=null"}), many), name, name
