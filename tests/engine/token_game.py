"""An independent judge: the same diagrams played as a token game, straight from the XML, with no engine in it.

It knows nothing of tasks, trees or snapshots. A ``Scope`` is a running (sub-)process: tokens that wait on the incoming
flows of gateways, and activities. Time is a number of seconds; names of open tasks are paths such as ``/sp/u#2``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from lxml import etree

from tests.engine.running import NOON
from workflows.feel import Environment, parse_value

_B = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
_Z = "{http://camunda.org/schema/zeebe/1.0}"
_ENV = Environment(lambda: NOON)
HOUR = 3600


def _kind(element: Any) -> str:
    return str(element.tag).removeprefix(_B)


class Net:
    """The static picture of one process or sub-process."""

    def __init__(self, element: Any) -> None:
        self.nodes: dict[str, Any] = {}
        self.out: dict[str, list[tuple[str, str, str | None]]] = {}
        self.into: dict[str, list[str]] = {}
        self.boundary: dict[str, list[Any]] = {}
        self.event_subs: list[Any] = []
        self.inner: dict[str, Net] = {}
        for child in element:
            kind = _kind(child)
            if kind == "sequenceFlow":
                condition = child.find(_B + "conditionExpression")
                flow = (child.get("id"), child.get("targetRef"), None if condition is None else condition.text)
                self.out.setdefault(child.get("sourceRef"), []).append(flow)
                self.into.setdefault(child.get("targetRef"), []).append(child.get("id"))
            elif child.get("id"):
                self.nodes[child.get("id")] = child
                if kind == "boundaryEvent":
                    self.boundary.setdefault(child.get("attachedToRef"), []).append(child)
                if kind == "subProcess":
                    self.inner[child.get("id")] = Net(child)
                    if child.get("triggeredByEvent") == "true":
                        self.event_subs.append(child)
        self.start = next(i for i, node in self.nodes.items() if _kind(node) == "startEvent")

    def reaches(self, source: str, goal: str) -> bool:
        """Whether a token at ``source`` may get to ``goal``, boundary events included."""
        seen, stack = set(), [source]
        while stack:
            node = stack.pop()
            after = [target for _, target, _ in self.out.get(node, ())]
            after += [event.get("id") for event in self.boundary.get(node, ())]
            if goal in after:
                return True
            stack += [each for each in after if each not in seen]
            seen.update(after)
        return False


class Armed:
    """An event that waits: for a message (name, key), for a time, or for an error code."""

    def __init__(self, game: Game, element: Any, path: str, names: dict[str, Any]) -> None:
        self.path = path
        self.element, self.message, self.due, self.cycles, self.code = element, None, None, 1, None
        reference = element.get("messageRef")
        for definition in element:
            if _kind(definition) == "messageEventDefinition":
                reference = definition.get("messageRef")
            if _kind(definition) == "errorEventDefinition":
                self.code = game.errors[definition.get("errorRef")]
            if _kind(definition) == "timerEventDefinition":
                text = definition[0].text
                self.cycles = int(m[1]) if (m := re.match(r"R(\d+)/", text)) else 1
                self.every = int(re.search(r"PT(\d+)H", text)[1]) * HOUR  # type: ignore[index]
                self.due = game.now + self.every
        if reference:
            name, key = game.messages[reference]
            self.message = (name, str(parse_value(key).evaluate(names, _ENV)))

    @property
    def interrupts(self) -> bool:
        return self.element.get("cancelActivity", "true") == "true" and self.element.get("isInterrupting") != "false"


class Activity:
    """Something that stays: an open user task, a wait, a sub-process, or the body of a multi-instance activity."""

    def __init__(self, scope: Scope, node: str, what: str, path: str, names: dict[str, Any]) -> None:
        self.scope, self.node, self.what, self.path, self.names = scope, node, what, path, names
        self.events: list[Armed] = []  # boundary events
        self.waits: list[Armed] = []  # what it waits for itself
        self.children: list[Activity] = []
        self.scopes: list[Scope] = []
        self.parent: Activity | None = None
        self.left: list[Any] = []
        self.done = 0

    @property
    def open(self) -> bool:
        if self.parent is not None:
            return self in self.parent.children and self.parent.open
        return self in self.scope.activities and self.scope.alive


class Scope:
    def __init__(self, net: Net, owner: Activity | None, path: str, names: dict[str, Any]) -> None:
        self.net, self.owner, self.path, self.names = net, owner, path, names
        self.tokens: Counter[str] = Counter()
        self.activities: list[Activity] = []
        self.armed: list[tuple[Any, Armed]] = []

    @property
    def alive(self) -> bool:
        return self.owner is None or self.owner.open


class Game:
    """One case. ``complete``, ``message`` and ``tick`` are the actions; the properties are what can be seen."""

    def __init__(self, files: tuple[bytes, ...], variables: dict[str, Any]) -> None:
        self.v, self.now, self.jobs, self.completed = dict(variables), 0, [], False
        self.messages: dict[str, tuple[str, str]] = {}
        self.errors: dict[str, str] = {}
        self.processes: dict[str, Net] = {}
        for data in files:
            root = etree.fromstring(data)
            for element in root:
                if _kind(element) == "message":
                    self.messages[element.get("id")] = (
                        element.get("name"),
                        next(element.iter(_Z + "subscription")).get("correlationKey"),
                    )
                if _kind(element) == "error":
                    self.errors[element.get("id")] = element.get("errorCode")
                if _kind(element) == "process":
                    self.processes[element.get("id")] = Net(element)
        self.root = Scope(self.processes["P"], None, "", self.v)
        self.begin(self.root)
        self.settle()

    # -- moving tokens ---

    def begin(self, scope: Scope) -> None:
        for element in scope.net.event_subs:
            self.arm(scope, element)
        self.emit(scope, scope.net.start)

    def arm(self, scope: Scope, element: Any) -> None:
        inner = scope.net.inner[element.get("id")]
        path = f"{scope.path}/{element.get('id')}/{inner.start}"
        scope.armed.append((element, Armed(self, inner.nodes[inner.start], path, scope.names)))

    def emit(self, scope: Scope, node: str) -> None:
        for flow, target, _ in scope.net.out.get(node, ()):
            self.enter(scope, target, flow)

    def enter(self, scope: Scope, node: str, flow: str) -> None:
        element = scope.net.nodes[node]
        kind = _kind(element)
        if element.find(_B + "multiInstanceLoopCharacteristics") is not None:
            self.open_body(scope, node, element)
        elif kind in ("parallelGateway", "inclusiveGateway") and len(scope.net.into[node]) > 1:
            scope.tokens[flow] += 1
            if kind == "parallelGateway" and all(scope.tokens[each] for each in scope.net.into[node]):
                self.join(scope, node)
        elif kind in ("exclusiveGateway", "inclusiveGateway"):
            self.choose(scope, node, element)
        elif kind == "endEvent":
            if element.find(_B + "errorEventDefinition") is not None:
                self.throw(scope, self.errors[element[0].get("errorRef")])
        elif kind in ("serviceTask", "scriptTask"):
            if kind == "serviceTask":
                self.jobs.append(next(element.iter(_Z + "taskDefinition")).get("type"))
            else:
                one = next(element.iter(_Z + "script"))
                self.v[one.get("resultVariable")] = int(parse_value(one.get("expression")).evaluate(self.v, _ENV))
            self.emit(scope, node)
        elif kind == "parallelGateway":
            self.emit(scope, node)
        else:
            self.open(scope, node, element, f"{scope.path}/{node}", scope.names, None)

    def join(self, scope: Scope, node: str) -> None:
        for each in scope.net.into[node]:
            if scope.tokens[each]:
                scope.tokens[each] -= 1
        element = scope.net.nodes[node]
        if _kind(element) == "inclusiveGateway":
            self.choose(scope, node, element)
        else:
            self.emit(scope, node)

    def choose(self, scope: Scope, node: str, element: Any) -> None:
        flows = scope.net.out[node]
        taken = [f for f in flows if f[2] and parse_value(f[2]).evaluate(self.v, _ENV) is True]
        if _kind(element) == "exclusiveGateway":
            taken = taken[:1]
        if not taken:
            taken = [f for f in flows if f[0] == element.get("default") or f[2] is None][:1]
        for flow, target, _ in taken:
            self.enter(scope, target, flow)

    # -- activities ---

    def open(
        self, scope: Scope, node: str, element: Any, path: str, names: dict[str, Any], body: Activity | None
    ) -> None:
        kind = _kind(element)
        activity = Activity(scope, node, "wait", path, names)
        activity.parent = body
        (body.children if body else scope.activities).append(activity)
        if not body:
            activity.events = self.boundary(scope, node, names)
        if kind == "userTask":
            activity.what = "user"
        elif kind in ("subProcess", "callActivity"):
            activity.what = "sub"
            net = scope.net.inner.get(node)
            if net is None:
                net = self.processes[next(element.iter(_Z + "calledElement")).get("processId")]
            activity.scopes.append(Scope(net, activity, path, names))
            self.begin(activity.scopes[0])
        elif kind == "eventBasedGateway":
            activity.waits = [Armed(self, scope.net.nodes[t], path, names) for _, t, _ in scope.net.out[node]]
        else:
            activity.waits = [Armed(self, element, path, names)]

    def boundary(self, scope: Scope, node: str, names: dict[str, Any]) -> list[Armed]:
        events = scope.net.boundary.get(node, ())
        return [Armed(self, each, f"{scope.path}/{each.get('id')}", names) for each in events]

    def open_body(self, scope: Scope, node: str, element: Any) -> None:
        body = Activity(scope, node, "body", f"{scope.path}/{node}", scope.names)
        body.events = self.boundary(scope, node, scope.names)
        scope.activities.append(body)
        loop = element.find(_B + "multiInstanceLoopCharacteristics")
        body.left = list(enumerate(self.v["approvers"], 1))
        sequential = loop.get("isSequential") == "true"
        for _ in range(1 if sequential else len(body.left)):
            self.next_instance(body, element)

    def next_instance(self, body: Activity, element: Any) -> None:
        number, item = body.left.pop(0)
        names = {**body.names, "approver": item}
        self.open(body.scope, body.node, element, f"{body.path}#{number}", names, body)

    def close(self, activity: Activity, answers: dict[str, Any]) -> None:
        """The activity has completed."""
        body = activity.parent
        if body is None:
            activity.scope.activities.remove(activity)
            self.emit(activity.scope, activity.node)
            return
        body.children.remove(activity)
        body.done += 1
        element = body.scope.net.nodes[body.node]
        condition = element.find(f"{_B}multiInstanceLoopCharacteristics/{_B}completionCondition")
        names = {**self.v, **answers, "numberOfCompletedInstances": body.done}
        enough = condition is not None and parse_value(condition.text).evaluate(names, _ENV) is True
        if body.left and not enough:
            self.next_instance(body, element)
        elif enough or not body.children:
            body.children.clear()
            body.scope.activities.remove(body)
            self.emit(body.scope, body.node)

    # -- events ---

    def throw(self, scope: Scope, code: str) -> None:
        while True:
            for entry in scope.armed:
                if entry[1].code == code:
                    self.start_event_sub(scope, entry)
                    return
            owner = scope.owner
            assert owner is not None
            host = owner.parent or owner
            for event in host.events:
                if event.code == code:
                    self.fire_boundary(host, event)
                    return
            scope = host.scope

    def fire_boundary(self, host: Activity, event: Armed) -> None:
        if event.interrupts:
            host.scope.activities.remove(host)
        elif event.due is not None:
            event.cycles -= 1
            event.due += event.every
            if not event.cycles:
                host.events.remove(event)
        self.emit(host.scope, event.element.get("id"))

    def start_event_sub(self, scope: Scope, entry: tuple[Any, Armed]) -> None:
        element, event = entry
        if event.interrupts:
            scope.activities.clear()
            scope.tokens.clear()
            scope.armed.clear()
        name = element.get("id")
        owner = Activity(scope, name, "sub", f"{scope.path}/{name}", scope.names)
        owner.scopes.append(Scope(scope.net.inner[name], owner, owner.path, scope.names))
        scope.activities.append(owner)
        self.begin(owner.scopes[0])

    # -- coming to rest ---

    def settle(self) -> None:
        while any(self.fire_inclusive(scope) for scope in self.scopes()) or self.end_scopes():
            pass

    def fire_inclusive(self, scope: Scope) -> bool:
        net = scope.net
        for node, element in net.nodes.items():
            flows = net.into.get(node, [])
            if _kind(element) != "inclusiveGateway" or not any(scope.tokens[each] for each in flows):
                continue
            at = [activity.node for activity in scope.activities]
            at += [event.element.get("id") for activity in scope.activities for event in activity.events]
            at += [n for n, each in net.into.items() if n != node and any(scope.tokens[f] for f in each)]
            if all(scope.tokens[each] for each in flows) or not any(net.reaches(each, node) for each in at):
                self.join(scope, node)
                return True
        return False

    def end_scopes(self) -> bool:
        for scope in self.scopes():
            if not scope.activities and not +scope.tokens:
                if scope.owner is None:
                    changed, self.completed = not self.completed, True
                    scope.armed.clear()
                    return changed
                self.close(scope.owner, {})
                return True
        return False

    def scopes(self) -> list[Scope]:
        found = [self.root]
        for scope in found:
            for activity in list(scope.activities):
                for each in (activity, *activity.children):
                    found += each.scopes
        return found

    # -- actions ---

    def complete(self, path: str, answers: dict[str, Any]) -> None:
        activity = next(each for each in self.activities() if each.what == "user" and each.path == path)
        mapped = activity.parent is not None  # the models declare "ok" inside the instances
        self.v.update({k: v for k, v in answers.items() if not (mapped and k == "ok")})
        self.close(activity, answers)
        self.settle()

    def message(self, path: str, name: str, key: str) -> None:
        self.fire(lambda event: (event.path, event.message) == (path, (name, key)), first_only=True)
        self.settle()

    def tick(self) -> None:
        self.now += HOUR + 1
        due = self.now
        self.fire(lambda event: event.due is not None and event.due <= due, first_only=False)
        self.settle()

    def fire(self, matches: Any, *, first_only: bool) -> None:
        hits: list[tuple[Any, Armed]] = []
        for scope in self.scopes():
            hits += [((scope, entry), entry[1]) for entry in scope.armed]
            for activity in scope.activities:
                for each in (activity, *activity.children):
                    hits += [(each, event) for event in (*each.events, *each.waits)]
        hits = [hit for hit in hits if matches(hit[1])]
        for host, event in hits[:1] if first_only else hits:
            if isinstance(host, tuple):
                if host[1] in host[0].armed and host[0].alive:
                    self.start_event_sub(*host)
            elif host.open and event in host.events:
                self.fire_boundary(host, event)
            elif host.open:
                if event.element.get("id") != host.node:  # an event-based gateway goes on behind the event
                    host.scope.activities.remove(host)
                    self.emit(host.scope, event.element.get("id"))
                else:
                    self.close(host, {})

    # -- what can be seen ---

    def activities(self) -> Iterator[Activity]:
        for scope in self.scopes():
            for activity in scope.activities:
                yield activity
                yield from activity.children

    def armed(self) -> Iterator[Armed]:
        for scope in self.scopes():
            yield from (event for _, event in scope.armed)
        for activity in self.activities():
            yield from activity.events
            yield from activity.waits

    def picture(self) -> dict[str, Any]:
        return {
            "open": sorted(each.path for each in self.activities() if each.what == "user"),
            "waits": sorted((event.path, *event.message) for event in self.armed() if event.message),
            "due": min((event.due for event in self.armed() if event.due is not None), default=None),
            "jobs": sorted(self.jobs),
            "completed": self.completed,
        }
