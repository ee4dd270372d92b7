"""The script engine of one action: everything a diagram evaluates goes through here, and all of it is FEEL.

The library's own script environment ends in Python's ``eval`` and ``exec``; ours refuses to do anything at all, so
nothing of a diagram can become Python even through a corner of the library we do not know.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NoReturn

from SpiffWorkflow.bpmn.script_engine.python_engine import PythonScriptEngine

from workflows.clock import BANGKOK
from workflows.engine import events
from workflows.engine.incidents import decision_failed, expression_failed, not_boolean, operator_failed, wrong_value
from workflows.engine.scope import Scope, plain, propagate, put_path, scopes_of, visible
from workflows.errors import EngineIncident, SitthiError, Text
from workflows.feel import Environment, FeelError, parse_value
from workflows.ports import BpmnError, Change, Context, Message, NeedsWriteLock, OperatorTable, Result

if TYPE_CHECKING:
    from workflows.decisions import DecisionResult, EvaluatedDecision

Decide = Callable[[str, Mapping[str, Any], Environment], "DecisionResult"]
compiled = lru_cache(8192)(parse_value)


class NoPython:
    """Stands where the library keeps its Python environment."""

    globals: Mapping[str, Any] = {}

    def evaluate(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise AssertionError("no Python of a diagram is ever evaluated")

    execute = call_service = evaluate


class Expressions(PythonScriptEngine):
    """Evaluates, maps and runs operators for one action, and collects what the action leaves behind."""

    def __init__(self, context: Context, operators: OperatorTable, decide: Decide) -> None:
        self.environment = NoPython()
        self.context = context
        self.now = context.now
        self.operators = operators
        self.decide = decide
        shown = context.now.astimezone(BANGKOK)
        self.env = Environment(lambda: shown, working_days=context.working_days)
        self.root: Scope = {}
        self.steps: list[tuple[Any, str]] = []
        self.messages: list[Message] = []
        self.changes: list[Change] = []
        self.signals: list[str] = []
        self.decisions: list[EvaluatedDecision] = []
        self.changed: set[str] = set()
        self.results: dict[bytes, Mapping[str, Any]] = {}
        self.conditions_may_differ = False

    def value(
        self, task: Any, source: str, error_type: str = "EXTRACT_VALUE_ERROR", scopes: list[Scope] | None = None
    ) -> Any:
        """What a field of the diagram says in the scopes of the task, as JSON of its own.

        EngineIncident if the expression fails or its value is none a variable can have (a function, a range).
        """
        try:
            return plain(compiled(source).evaluate(visible(scopes or scopes_of(task)), self.env))
        except FeelError as error:
            raise expression_failed(task, error_type, source, error.text) from error

    def condition(self, task: Any, source: str, *, null_is_false: bool = False) -> bool:
        """True or false; anything else is an incident, never a silent false."""
        value = self.value(task, source, "CONDITION_ERROR")
        if value is None and null_is_false:
            return False
        if type(value) is not bool:
            raise not_boolean(task, source, value)
        return value

    def completion_condition(self, instance: Any, source: str, counters: Scope) -> bool:
        value = self.value(instance, source, "CONDITION_ERROR", [counters, *scopes_of(instance)])
        if type(value) is not bool:
            raise not_boolean(instance, source, value)
        return value

    def timer(self, task: Any, source: str, read: Callable[[str], Any]) -> Any:
        """The time a timer's expression names, read from its ISO text; EngineIncident if it names none."""
        value = self.value(task, source)
        try:
            return read(value if isinstance(value, str) else "")
        except (ValueError, OverflowError, KeyError) as error:
            raise wrong_value(task, Text("เวลาของตัวจับเวลา", "the time of the timer"), value) from error

    def enter(self, task: Any) -> None:
        """What happens when a flow node is activated: instance variables, then input mappings into its local scope."""
        spec, data = task.task_spec, task.internal_data
        if "instances" in spec.extensions:
            self._open_body(task, spec.extensions["instances"])
            return
        if "idx" in data and "L" not in data:
            data["L"] = {"loopCounter": data["idx"] + 1}
            element = task.parent.task_spec.extensions["instances"]["element"]
            item = data.pop("item")
            if element:
                data["L"][element] = item
        inputs = spec.extensions.get("inputs")
        if inputs:
            local = data.setdefault("L", {})
            for source, target in inputs:
                put_path(local, target, self.value(task, source, "IO_MAPPING_ERROR"))

    def leave(self, task: Any) -> None:
        """What happens when a flow node completes: its result goes through the output mappings to its variables."""
        extensions = task.task_spec.extensions
        if "instances" in extensions:
            output = extensions["instances"]["output_collection"]
            if output:
                self.write(scopes_of(task)[1:], {output: task.internal_data["L"][output]})
            return
        if "call" in extensions:
            self._return(task, extensions)
        result = self.results.pop(task.id, None)
        outputs = extensions.get("outputs")
        if outputs:
            self._map_out(task, outputs, result or {})
        elif result:
            self.write(scopes_of(task), result)
        if "idx" in task.internal_data:
            self._collect(task)

    def write(self, scopes: list[Scope], values: Mapping[str, Any]) -> None:
        """Propagate values (JSON nobody else holds) outwards and remember what changed."""
        for home, name in propagate(scopes, values):
            self.conditions_may_differ = True
            if home is self.root:
                self.changed.add(name)

    def _map_out(self, task: Any, outputs: list[list[str]], result: Mapping[str, Any]) -> None:
        local = task.internal_data.setdefault("L", {})
        local.update(result)
        inside = scopes_of(task)
        outside = inside[1:]
        mapped: Scope = {}
        for source, target in outputs:
            head, _, rest = target.partition(".")
            if rest and head not in mapped:  # a nested target keeps the other members of the variable
                mapped[head] = plain(visible(outside).get(head))
            put_path(mapped, target, self.value(task, source, "IO_MAPPING_ERROR", [mapped, *inside]))
        self.write(outside, mapped)

    def _open_body(self, task: Any, instances: Mapping[str, Any]) -> None:
        collection = self.value(task, instances["collection"])
        if not isinstance(collection, list):
            raise wrong_value(
                task, Text("รายการของงานหลายรายการต้องเป็น list", "the inputCollection must be a list"), collection
            )
        output = instances["output_collection"]
        task.internal_data.update(
            items=collection,
            total=len(collection),
            done=0,
            L={output: [None] * len(collection)} if output else {},
        )

    def _collect(self, task: Any) -> None:
        instances = task.parent.task_spec.extensions["instances"]
        if instances["output_collection"] and instances["output_element"]:
            value = self.value(task, instances["output_element"])
            task.parent.internal_data["L"][instances["output_collection"]][task.internal_data["idx"]] = value

    def _return(self, task: Any, extensions: Mapping[str, Any]) -> None:
        if extensions["call"]["children"] or extensions.get("outputs"):
            self.results[task.id] = task.workflow.top_workflow.subprocesses[task.id].data["vars"]

    def execute(self, task: Any, script: str, external_context: Any = None) -> bool:
        """The operations our parser writes into specs; nothing else is known."""
        getattr(self, _OPERATIONS[script])(task)
        return True

    def run_script(self, task: Any) -> None:
        script = task.task_spec.extensions["script"]
        self.results[task.id] = {script["result"]: self.value(task, script["expression"])}

    def run_decision(self, task: Any) -> None:
        decision = task.task_spec.extensions["decision"]
        decision_id = self.value(task, decision["id"])
        if not isinstance(decision_id, str):
            raise wrong_value(task, Text("รหัสตารางตัดสินใจ", "the decision id"), decision_id)
        try:
            answer = self.decide(decision_id, visible(scopes_of(task)), self.env)
            output = plain(answer.output)
        except (EngineIncident, NeedsWriteLock):
            raise
        except SitthiError as error:
            raise decision_failed(task, decision_id, error.text) from error
        self.decisions.extend(answer.evaluated)
        self.results[task.id] = {decision["result"]: output}

    def run_job(self, task: Any) -> bool | None:
        """Run a job's operator: True if it is done, None if the task stays open or an event has caught its error."""
        extensions = task.task_spec.extensions
        job_type = self.value(task, extensions["type"])
        if not isinstance(job_type, str):
            raise wrong_value(task, Text("ชนิดของงานอัตโนมัติ", "the job type"), job_type)
        task.internal_data["job"] = job_type
        operator = self.operators.get(job_type)
        if operator is None:
            return None
        local = task.internal_data.get("L", {})
        names = {target.partition(".")[0] for _, target in extensions.get("inputs", ())}
        try:
            answer = operator({name: plain(local[name]) for name in names}, self.context)
            result = answer if isinstance(answer, Result) else Result(variables=answer or {})
            variables = plain(dict(result.variables))
        except BpmnError as error:
            events.route_error(task, error.code, error.variables, error.text)
            return None
        except (EngineIncident, NeedsWriteLock):
            raise
        except Exception as error:
            raise operator_failed(task, job_type, error) from error
        task_id = task.uuid if result.wait else None
        self.messages.extend(
            replace(message, task_id=task_id) if result.wait else message for message in result.messages
        )
        self.changes.extend(result.changes)
        if result.wait:
            if "outputs" in extensions:
                task.internal_data.setdefault("L", {}).update(variables)  # the mappings see it when the answer comes
            else:
                self.write(scopes_of(task), variables)
            return None
        self.results[task.id] = variables
        return True

    def evaluate(self, task: Any, expression: str, external_context: Any = None) -> Any:
        return self.value(task, expression)

    def validate(self, expression: str) -> None:
        compiled(expression)

    def call_service(self, task: Any, **_kwargs: Any) -> NoReturn:
        raise AssertionError("jobs are run by run_job")


_OPERATIONS = {"enter": "enter", "leave": "leave", "script": "run_script", "decision": "run_decision"}
