"""Small processes that the tests of the commands deploy."""

from __future__ import annotations

from tests.engine.diagrams import (
    END,
    START,
    boundary,
    call,
    catch,
    diagram,
    end,
    event,
    flows,
    gateway,
    job,
    mapping,
    message,
    timer,
    user,
    zeebe,
)

OFFERED = '<zeebe:assignmentDefinition assignee="=assignee" candidateUsers="=users" candidateGroups="=groups"/>'
TO_ISSUERS = '<zeebe:assignmentDefinition candidateGroups="issuer"/>'

NAMES_REQUESTER = zeebe(
    '<zeebe:properties><zeebe:property name="case.requester" value="=requester"/></zeebe:properties>'
)

ONE_TASK = diagram(NAMES_REQUESTER, START, user("ask", OFFERED), END, flows("s>ask", "ask>e"), process_id="one_task")
"""One user task for whom the start variables ``assignee``, ``users`` and ``groups`` say."""

TWO_TASKS = diagram(
    START,
    user("first", TO_ISSUERS),
    user("second", TO_ISSUERS),
    END,
    flows("s>first", "first>second", "second>e"),
    process_id="two_tasks",
)


def choice(condition: str = "=amount > 100") -> bytes:
    """A user task, then a gateway whose condition is null as long as nobody says an amount."""
    return diagram(
        START,
        user("ask", TO_ISSUERS),
        gateway("exclusive", "g", default="small"),
        user("large", TO_ISSUERS),
        user("small", TO_ISSUERS),
        END,
        flows("s>ask", "ask>g", f"g>large[{condition}]", "g>small", "large>e", "small>e"),
        process_id="choice",
    )


CHOICE_AT_START = diagram(
    START,
    gateway("exclusive", "g", default="small"),
    user("large", TO_ISSUERS),
    user("small", TO_ISSUERS),
    END,
    flows("s>g", "g>large[=limits.amount > 100]", "g>small", "large>e", "small>e"),
    process_id="choice_at_start",
)

TABLE = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="D" name="D" namespace="tests">
<decision id="limit" name="limit"><variable id="v" name="limit"/>
<literalExpression id="l"><text>{expression}</text></literalExpression></decision></definitions>"""


def by_table(element: str = "ask") -> bytes:
    """A user task, then the decision table ``limit``, whose result decides by a boolean condition."""
    decide = '<zeebe:calledDecision decisionId="limit" resultVariable="limit"/>'
    return diagram(
        START,
        user(element, TO_ISSUERS),
        f'<bpmn:businessRuleTask id="decide"><bpmn:extensionElements>{decide}</bpmn:extensionElements>'
        "</bpmn:businessRuleTask>",
        gateway("exclusive", "g", default="small"),
        user("large", TO_ISSUERS),
        user("small", TO_ISSUERS),
        END,
        flows(f"s>{element}", f"{element}>decide", "decide>g", "g>large[=limit]", "g>small", "large>e", "small>e"),
        process_id="by_table",
    )


TIMER = diagram(
    START,
    user("ask", TO_ISSUERS),
    boundary("late", "ask", timer("PT1H")),
    gateway("exclusive", "g", default="e2"),
    END,
    end("e2"),
    user("after", TO_ISSUERS),
    flows("s>ask", "ask>e", "late>g", "g>after[=verdict]", "g>e2", "after>e"),
    process_id="timer",
)
"""A user task for an hour; then a gateway whose condition is null unless ``verdict`` was given at the start."""

DEADLINE = diagram(
    START,
    user("ask", TO_ISSUERS),
    boundary("late", "ask", timer("PT1H")),
    user("by_person", TO_ISSUERS),
    user("by_clock", TO_ISSUERS),
    END,
    flows("s>ask", "ask>by_person", "late>by_clock", "by_person>e", "by_clock>e"),
    process_id="deadline",
)
"""Either a person answers within the hour or the clock takes over."""

WAIT = diagram(
    START,
    user("ask", TO_ISSUERS),
    catch("wait", event("message", "M")),
    user("after", TO_ISSUERS),
    END,
    flows("s>ask", "ask>wait", "wait>after", "after>e"),
    process_id="order",
    top=message("M", "paid", "=order_no"),
)
"""A user task, then a wait for the message ``paid`` with the key ``order_no``."""

WAIT_TWICE = diagram(
    START,
    catch("wait", event("message", "M")),
    catch("again", '<bpmn:messageEventDefinition id="again_d" messageRef="M"/>'),
    END,
    flows("s>wait", "wait>again", "again>e"),
    process_id="wait_twice",
    top=message("M", "paid", "=order_no"),
)

SPLIT = diagram(
    START,
    gateway("parallel", "fork"),
    user("spoil", TO_ISSUERS),
    gateway("exclusive", "g", default="e"),
    user("large", TO_ISSUERS),
    user("beside", TO_ISSUERS),
    user("last", TO_ISSUERS),
    catch("pause", timer("PT1H")),
    gateway("exclusive", "h", default="e2"),
    user("after", TO_ISSUERS),
    END,
    end("e2"),
    end("e3"),
    flows("s>fork", "fork>spoil", "fork>beside", "fork>pause", "spoil>g", "beside>last", "last>e3", "pause>h"),
    flows("g>large[=amount > 100]", "g>e", "h>after[=amount > 100]", "h>e2", "large>e", "after>e2"),
    process_id="split",
)
"""Three branches: one that meets an incident when it is answered, one that does so after an hour, one that is well.
Both incidents are mended by an ``amount``."""

BRANCHES = diagram(
    START,
    gateway("parallel", "fork"),
    *(user(f"branch{number}", TO_ISSUERS) for number in range(4)),
    gateway("parallel", "join"),
    user("joined", TO_ISSUERS),
    END,
    flows(
        "s>fork",
        *(f"fork>branch{number}" for number in range(4)),
        *(f"branch{number}>join" for number in range(4)),
        "join>joined",
        "joined>e",
    ),
    process_id="branches",
)
"""Four branches at once, then one task."""

NUMBERS = diagram(
    START,
    user("ask", TO_ISSUERS),
    job("draw", "case.number", mapping(outputs={"number": "=case_number"})),
    END,
    flows("s>ask", "ask>draw", "draw>e"),
    process_id="numbers",
)


def child(name: str = "ask") -> bytes:
    return diagram(START, user(name, TO_ISSUERS), END, flows(f"s>{name}", f"{name}>e"), process_id="child")


PARENT = diagram(START, call("c", "child"), END, flows("s>c", "c>e"), process_id="parent")

ASKS_ANOTHER = diagram(
    START,
    job(
        "begin",
        "case.start",
        mapping({"process": "answers", "variables": "={asked_by: case_id}", "requester": "=requester"}),
    ),
    catch("answer", event("message", "M")),
    END,
    flows("s>begin", "begin>answer", "answer>e"),
    process_id="asks",
    top=message("M", "answer", "=case_id"),
)
"""Starts a case of ``answers`` and waits for what it says."""

ANSWERS_ANOTHER = diagram(
    START,
    user("think", TO_ISSUERS),
    job(
        "tell",
        "case.tell",
        mapping({"message": "answer", "correlation": "=asked_by", "variables": "={said: 42}"}),
    ),
    END,
    flows("s>think", "think>tell", "tell>e"),
    process_id="answers",
)
