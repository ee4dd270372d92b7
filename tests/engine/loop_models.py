"""Diagrams that loop, fork and interrupt: where an engine that reads its own history goes wrong.

``MODELS`` maps a name to the files of a bundle. Variables the walks set: ``again`` (boolean) leads back, ``n`` opens
branches, ``ok`` is a vote. The first task of a loop is ``fill``, the last ``review``.
"""

from __future__ import annotations

from tests.engine.diagrams import (
    END,
    NO_BUDGET,
    PAID,
    START,
    boundary,
    call,
    catch,
    diagram,
    end,
    error,
    event_sub_process,
    flows,
    gateway,
    instances,
    job,
    mapping,
    message,
    script,
    sub_process,
    timer,
    user,
)

AGAIN = "[=again]"
HOUR = timer("PT1H")


def loop(body: str, first: str, last: str, *arrows: str, top: str = "") -> bytes:
    """fill → body → review → back to fill, or the end."""
    frame = ("s>fill", f"fill>{first}", f"{last}>review", "review>g", f"g>fill{AGAIN}", "g>e")
    inner = user("fill") + body + user("review") + gateway("exclusive", "g", "e")
    return diagram(START, inner, END, flows(*frame, *arrows), top=top)


def fork(kind: str, *names: str) -> str:
    return gateway(kind, names[0]) + "".join(user(name) for name in names[1:-1]) + gateway(kind, names[-1])


def voters(*, sequential: bool = False, condition: str = "") -> str:
    extensions = '<zeebe:assignmentDefinition assignee="=approver"/>' + mapping({"ok": "=null"})
    return user("u", extensions, instances(sequential=sequential, condition=condition))


def plain_loop(*extra: str, top: str = "") -> bytes:
    frame = flows("s>fill", "fill>review", "review>g", f"g>fill{AGAIN}", "g>e")
    return diagram(START, user("fill"), user("review"), gateway("exclusive", "g", "e"), END, *extra, frame, top=top)


def note(*, interrupting: bool, element_id: str = "es") -> str:
    return event_sub_process(element_id, PAID, user(element_id + "j"), element_id + "j", interrupting=interrupting)


TWO_STEPS = user("a") + user("b") + flows("sp_s>a", "a>b", "b>sp_e")
CHILD = diagram(
    '<bpmn:startEvent id="cs"/>',
    user("ca"),
    fork("parallel", "cf", "cb", "cc", "cj"),
    end("ce"),
    flows("cs>ca", "ca>cf", "cf>cb", "cf>cc", "cb>cj", "cc>cj", "cj>ce"),
    process_id="C",
)

MODELS: dict[str, tuple[bytes, ...]] = {
    "correction": (plain_loop(),),
    "parallel": (loop(fork("parallel", "f", "A", "B", "j"), "f", "j", "f>A", "f>B", "A>j", "B>j"),),
    "parallel_nested": (
        loop(
            fork("parallel", "f", "A", "j") + fork("parallel", "f2", "B", "C", "j2"),
            "f",
            "j",
            *("f>A", "f>f2", "f2>B", "f2>C", "B>j2", "C>j2", "j2>j", "A>j"),
        ),
    ),
    "branches_that_loop": (
        diagram(
            START,
            fork("parallel", "f", "A", "A2", "B", "B2", "j"),
            gateway("exclusive", "ga", "j"),
            gateway("exclusive", "gb", "j"),
            user("last"),
            END,
            flows("s>f", "f>A", "f>B", "A>A2", "A2>ga", f"ga>A{AGAIN}", "ga>j"),
            flows("B>B2", "B2>gb", f"gb>B{AGAIN}", "gb>j", "j>last", "last>e"),
        ),
    ),
    "loop_inside_a_branch": (
        diagram(
            START,
            gateway("parallel", "F"),
            user("A"),
            user("fill"),
            fork("parallel", "f", "B", "C", "j"),
            user("rev"),
            gateway("exclusive", "g", "J"),
            gateway("parallel", "J"),
            user("last"),
            END,
            flows("s>F", "F>A", "F>fill", "fill>f", "f>B", "f>C", "B>j", "C>j", "j>rev", "rev>g"),
            flows(f"g>fill{AGAIN}", "g>J", "A>J", "J>last", "last>e"),
        ),
    ),
    "loop_inside_a_loop": (
        diagram(
            START,
            user("top"),
            gateway("parallel", "F"),
            user("A"),
            user("fill"),
            fork("parallel", "f", "B", "C", "j"),
            gateway("exclusive", "g", "J"),
            gateway("parallel", "J"),
            user("last"),
            gateway("exclusive", "h", "e"),
            END,
            flows("s>top", "top>F", "F>A", "F>fill", "fill>f", "f>B", "f>C", "B>j", "C>j", "j>g"),
            flows(f"g>fill{AGAIN}", "g>J", "A>J", "J>last", "last>h", f"h>top{AGAIN}", "h>e"),
        ),
    ),
    "parallel_automatic": (
        diagram(
            START,
            user("fill"),
            gateway("exclusive", "m"),
            gateway("parallel", "f"),
            script("q", "=1", "q"),
            user("B"),
            gateway("parallel", "j"),
            gateway("exclusive", "g", "e"),
            END,
            flows("s>fill", "fill>m", "m>f", "f>q", "f>B", "q>j", "B>j", "j>g", f"g>m{AGAIN}", "g>e"),
        ),
    ),
    "inclusive": (
        loop(
            gateway("inclusive", "i", "C") + user("A") + user("B") + user("C") + gateway("inclusive", "j"),
            "i",
            "j",
            *("i>A[=n > 1]", "i>B[=n > 2]", "i>C", "A>j", "B>j", "C>j"),
        ),
    ),
    "inclusive_automatic": (
        diagram(
            START,
            user("fill"),
            gateway("exclusive", "m"),
            gateway("inclusive", "f", "q"),
            script("q", "=1", "q"),
            user("B"),
            user("C"),
            gateway("inclusive", "j"),
            gateway("exclusive", "g", "e"),
            END,
            flows("s>fill", "fill>m", "m>f", "f>q", "f>B[=n > 1]", "f>C[=n > 2]", "q>j", "B>j", "C>j", "j>g"),
            flows("g>m[=again and n > 1]", "g>e"),
        ),
    ),
    "inclusive_uneven": (
        loop(
            gateway("inclusive", "i", "C") + user("A") + user("A2") + user("B") + user("C") + gateway("inclusive", "j"),
            "i",
            "j",
            *("i>A[=n > 1]", "i>B[=n > 2]", "i>C", "A>A2", "A2>j", "B>j", "C>j"),
        ),
    ),
    "votes": (loop(voters(), "u", "u"),),
    "votes_in_turn": (loop(voters(sequential=True), "u", "u"),),
    "votes_until": (loop(voters(condition='=ok = "no" or numberOfCompletedInstances >= 2'), "u", "u"),),
    "votes_interrupted": (
        loop(
            voters() + boundary("bm", "u", PAID) + user("stopped"),
            *("u", "u", "bm>stopped", "stopped>review"),
            top=message(),
        ),
    ),
    "instances_of_a_sub_process": (loop(sub_process("sp", TWO_STEPS, inner=instances()), "sp", "sp"),),
    "instances_that_wait": (
        loop(
            sub_process(
                "sp",
                '<bpmn:receiveTask id="c" messageRef="M"/>' + user("a") + flows("sp_s>c", "c>a", "a>sp_e"),
                inner=instances(),
            ),
            *("sp", "sp"),
            top=message(key="=approver"),
        ),
    ),
    "instances_interrupted": (
        loop(
            sub_process("sp", TWO_STEPS, inner=instances()) + boundary("bt", "sp", HOUR) + user("late"),
            *("sp", "sp", "bt>late", "late>review"),
        ),
    ),
    "event_sub_process": (plain_loop(note(interrupting=False), top=message()),),
    "event_sub_process_interrupting": (plain_loop(note(interrupting=True), top=message()),),
    "event_sub_process_and_parallel": (
        diagram(
            START,
            user("fill"),
            fork("parallel", "f", "A", "B", "j"),
            user("review"),
            gateway("exclusive", "g", "e"),
            END,
            note(interrupting=False),
            flows("s>fill", "fill>f", "f>A", "f>B", "A>j", "B>j", "j>review", "review>g", f"g>fill{AGAIN}", "g>e"),
            top=message(),
        ),
    ),
    "event_sub_process_inside": (
        loop(sub_process("sp", TWO_STEPS, note(interrupting=True)), "sp", "sp", top=message()),
    ),
    "loop_inside_a_sub_process": (
        diagram(
            START,
            sub_process(
                "sp",
                user("a") + user("b") + gateway("exclusive", "sg", "sp_e"),
                flows("sp_s>a", "a>b", "b>sg", f"sg>a{AGAIN}", "sg>sp_e"),
            ),
            user("last"),
            END,
            flows("s>sp", "sp>last", "last>e"),
        ),
    ),
    "sub_process_with_reminder": (
        loop(
            sub_process(
                "sp",
                fork("parallel", "f", "a", "b", "j"),
                flows("sp_s>f", "f>a", "f>b", "a>j", "b>j", "j>sp_e"),
            )
            + boundary("bt", "sp", HOUR, interrupting=False)
            + job("rem", "remind")
            + end("e9"),
            *("sp", "sp", "bt>rem", "rem>e9"),
        ),
    ),
    "sub_process_interrupted": (
        loop(
            sub_process("sp", TWO_STEPS) + boundary("bt", "sp", HOUR) + user("late"),
            *("sp", "sp", "bt>late", "late>review"),
        ),
    ),
    "sub_process_that_fails": (
        loop(
            sub_process(
                "sp",
                user("a") + gateway("exclusive", "sg", "sp_e") + end("x", NO_BUDGET),
                flows("sp_s>a", "a>sg", f"sg>x{AGAIN}", "sg>sp_e"),
            )
            + boundary("be", "sp", NO_BUDGET)
            + user("rejected"),
            *("sp", "sp", "be>rejected", "rejected>review"),
            top=error(),
        ),
    ),
    "failing_beside_another": (
        loop(
            gateway("parallel", "f")
            + sub_process(
                "sp",
                user("a") + gateway("exclusive", "sg", "sp_e") + end("x", NO_BUDGET),
                flows("sp_s>a", "a>sg", f"sg>x{AGAIN}", "sg>sp_e"),
            )
            + boundary("be", "sp", NO_BUDGET)
            + sub_process("sq", user("b"), flows("sq_s>b", "b>sq_e"))
            + boundary("bq", "sq", NO_BUDGET)
            + user("wrong")
            + gateway("exclusive", "m")
            + gateway("parallel", "j"),
            *("f", "j", "f>sp", "f>sq", "sp>m", "be>m", "m>j", "sq>j", "bq>wrong", "wrong>e"),
            top=error(),
        ),
    ),
    "boundary_back_to_its_task": (loop(user("u") + boundary("bt", "u", HOUR), "u", "u", "bt>u"),),
    "boundary_back_to_its_sub_process": (
        loop(sub_process("sp", TWO_STEPS) + boundary("bm", "sp", PAID), "sp", "sp", "bm>sp", top=message()),
    ),
    "message_beside_a_task": (
        loop(
            user("u") + boundary("bm", "u", PAID, interrupting=False) + user("note") + end("e9"),
            *("u", "u", "bm>note", "note>e9"),
            top=message(),
        ),
    ),
    "reminders": (
        loop(
            user("u")
            + boundary("bt", "u", timer("R3/PT1H", "timeCycle"), interrupting=False)
            + user("rem")
            + end("e9"),
            *("u", "u", "bt>rem", "rem>e9"),
        ),
    ),
    "event_based": (
        loop(
            gateway("eventBased", "eg") + catch("c1", PAID) + catch("c2", HOUR) + user("A") + user("B"),
            *("eg", "A", "eg>c1", "eg>c2", "c1>A", "c2>B", "B>review"),
            top=message(),
        ),
    ),
    "two_timers": (
        loop(
            gateway("eventBased", "eg") + catch("c1", timer("PT2H")) + catch("c2", HOUR) + user("A") + user("B"),
            *("eg", "A", "eg>c1", "eg>c2", "c1>A", "c2>B", "B>review"),
        ),
    ),
    "called": (
        loop(call("call", "C", 'propagateAllChildVariables="false"'), "call", "call"),
        CHILD,
    ),
    "two_tokens_on_each_flow": (  # what a join does not take must stay
        diagram(
            START,
            fork("parallel", "f", "A", "B", "C", "D", "j"),
            gateway("exclusive", "x"),
            gateway("exclusive", "y"),
            user("last"),
            END,
            flows("s>f", "f>A", "f>B", "f>C", "f>D", "A>x", "B>x", "x>j", "C>y", "D>y", "y>j", "j>last", "last>e"),
        ),
    ),
}
