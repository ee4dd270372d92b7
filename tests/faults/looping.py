"""A small diagram in which everything happens that a crash could double or lose.

Per lap: a person answers, an outside effect is waited for (``faults.ask``), a timer passes, and an effect is left
behind (``faults.tell``). After LAPS laps the case ends.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.engine.diagrams import END, START, catch, diagram, flows, gateway, job, mapping, script, timer, user
from workflows.operators import operator
from workflows.ports import Context, Message, Result

PROCESS = "faults_loop"
LAPS = 3
GROUP = "auditor"
SENT_PER_LAP = ("ask", "tell")

DIAGRAM = diagram(
    START,
    script("begin", "=0", "lap"),
    user("answer", f'<zeebe:assignmentDefinition candidateGroups="{GROUP}"/>'),
    job("ask", "faults.ask", mapping({"lap": "=lap"})),
    catch("pause", timer("PT0.03S")),
    job("tell", "faults.tell", mapping({"lap": "=lap"})),
    script("count", "=lap + 1", "lap"),
    gateway("exclusive", "again", "e"),
    END,
    flows("s>begin", "begin>answer", "answer>ask", "ask>pause", "pause>tell", "tell>count", "count>again"),
    flows(f"again>answer[=lap < {LAPS}]", "again>e"),
    process_id=PROCESS,
)


def key(case_id: int, lap: int, what: str) -> str:
    return f"faults:{case_id}:{lap}:{what}"


def register() -> None:
    """Make the two operators known in this process."""

    @operator("faults.ask", inputs={"lap": "number of the lap"}, outputs={"heard": "what the outside answered"})
    def ask(inputs: Mapping[str, Any], context: Context) -> Result:
        """Ask the outside and wait for its answer."""
        return Result(messages=(Message("effect", {}, key(context.case_id, inputs["lap"], "ask")),), wait=True)

    @operator("faults.tell", inputs={"lap": "number of the lap"})
    def tell(inputs: Mapping[str, Any], context: Context) -> Result:
        """Tell the outside something and go on."""
        return Result(messages=(Message("effect", {}, key(context.case_id, inputs["lap"], "tell")),))
