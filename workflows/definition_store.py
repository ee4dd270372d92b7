"""Deployed diagrams as the engine needs them: loaded once per process, shared by all threads.

A running case stays on the process definition it was started with. Forms and decision tables are looked up by id in
their newest version at the moment of use, so that a process owner can mend a table without touching running cases.
Another process notices a deployment within two seconds.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, func, select

from workflows import decisions, engine
from workflows.actor import PROCESS_OWNERS, Actor
from workflows.engine import xml
from workflows.errors import NotFound, Text
from workflows.feel import Environment
from workflows.records import DefinitionRow
from workflows.records.database import for_reading

_FRESH_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Process:
    """A deployed process and what the lists show of it."""

    key: int
    id: str
    version: int
    name: str
    start_form: str | None
    definition: engine.Definition

    @property
    def only_called(self) -> bool:
        """Whether it is a part that other processes call (the process's property ``start.by`` is ``call``)."""
        return self._started_by == {"call"}

    @property
    def only_by_system(self) -> bool:
        """Whether the product starts it by itself (``start.by`` is ``system``): nothing for a page to offer."""
        return self._started_by == {"system"}

    @property
    def is_public(self) -> bool:
        """Whether somebody without an account may start it (``start.by`` is ``anyone``)."""
        return self._started_by == {"anyone"}

    def may_start(self, actor: Actor) -> bool:
        """Whether this actor may start it: everybody who is signed in, unless ``start.by`` says ``anyone``, names
        roles, or says ``call`` or ``system`` (only the product and process owners). The own system of a unit where its
        role is named."""
        if self.is_public or actor.is_system:
            return True
        if actor.is_program:
            return bool(actor.roles & self._started_by)
        if actor.account_id is None:
            return False
        return not self._started_by or bool(actor.roles & {*self._started_by, *PROCESS_OWNERS})

    def about(self, name: str, language: str) -> str:
        """What the diagram says of starting it: ``start.about`` (what it is for), ``start.takes`` (how long),
        ``start.needs`` (what to have at hand, separated by ``|``), ``start.done`` (told afterwards, if nothing more is
        asked of who started it), ``start.sent`` (told once it has its ``{number}``); with ``_en`` in English."""
        known = self.definition.properties
        return (known.get(f"start.{name}_en") if language == "en" else None) or known.get(f"start.{name}") or ""

    def said(self, words: str, language: str) -> str:
        """Words that the diagram says (the name of a task, a step, a stage) in a language: in English where it has them
        in English."""
        return self.definition.english.get(words, words) if language == "en" else words

    def title(self, language: str) -> str:
        """The name of the process in a language."""
        return self.said(self.name, language)

    @property
    def never_withdrawn(self) -> Text | None:
        """Why a case cannot be taken back once it is sent, not even by who began it (``withdraw.never`` and
        ``withdraw.never_en``); None where the diagram says nothing of the kind."""
        thai = self.definition.properties.get("withdraw.never")
        return Text(thai, self.definition.properties.get("withdraw.never_en") or thai) if thai else None

    @property
    def _started_by(self) -> frozenset[str]:
        return frozenset(self.definition.properties.get("start.by", "").replace(" ", "").split(",")) - {""}

    @property
    def asks_later(self) -> bool:
        """Whether a program may start it without all answers of its start form, because its first task asks for what is
        missing (``start.variables`` is ``later``). What is given must be right."""
        return self.definition.properties.get("start.variables") == "later"

    @property
    def takes_variables(self) -> bool:
        """Whether whoever starts it may give variables; not where its own forms ask for everything (the property
        ``start.variables`` is ``none``)."""
        return self.definition.properties.get("start.variables") != "none"


class DefinitionStore:
    """Gives processes by key, forms and decisions by id. Raises NotFound for what is not deployed."""

    def __init__(self, database: Engine) -> None:
        self._database = for_reading(database)
        self._lock = threading.Lock()
        self._processes: dict[int, Process] = {}
        self._forms: dict[int, dict[str, Any]] = {}
        self._decisions: dict[int, decisions.DecisionModel] = {}
        self._latest: dict[tuple[str, str], int] = {}
        self._checked = -_FRESH_SECONDS

    def process(self, key: int) -> Process:
        """The process definition with this key."""
        found = self._processes.get(key)
        if found is None:
            row = self._row(key)
            if row.kind != "process":
                raise NotFound(kind="process", definition=key)
            bodies = {f"{row.key}/{row.resource_name}": row.body}  # file names of different deployments may be equal
            for child_key in row.bundle.values():
                child = self._row(child_key)
                bodies[f"{child.key}/{child.resource_name}"] = child.body
            definition = engine.load(row.id, bodies)
            found = Process(row.key, row.id, row.version, row.name, row.start_form, definition)
            self._processes[key] = found
        return found

    def latest_process(self, process_id: str) -> Process:
        """The newest version of a process."""
        return self.process(self._latest_key("process", process_id))

    def process_version(self, process_id: str, version: int) -> Process:
        """One version of a process."""
        wanted = DefinitionRow.kind == "process", DefinitionRow.id == process_id, DefinitionRow.version == version
        with self._database.connect() as db:
            key = db.execute(select(DefinitionRow.key).where(*wanted)).scalar()
        if key is None:
            raise NotFound(kind="process", id=process_id, version=version)
        return self.process(key)

    def form(self, form_id: str) -> dict[str, Any]:
        """The newest version of a form's schema; treat it as read-only."""
        key = self._latest_key("form", form_id)
        if key not in self._forms:
            self._forms[key] = json.loads(self._row(key).body)
        return self._forms[key]

    def form_key(self, form_id: str) -> int:
        """The key of the newest version of a form."""
        return self._latest_key("form", form_id)

    def decide(
        self, decision_id: str, variables: Mapping[str, Any], environment: Environment
    ) -> decisions.DecisionResult:
        """Evaluate the newest version of a decision."""
        return self.decision_model(self.decision_key(decision_id)).evaluate(decision_id, variables, environment)

    def decision_key(self, decision_id: str) -> int:
        """The key of the newest version of a decision."""
        return self._latest_key("decision", decision_id)

    def decision_model(self, key: int) -> decisions.DecisionModel:
        """The model of the file that a decision was deployed with."""
        if key not in self._decisions:
            row = self._row(key)
            if row.kind != "decision":
                raise NotFound(kind="decision", definition=key)
            self._decisions[key] = decisions.parse_dmn(xml.parse(row.body))
        return self._decisions[key]

    def latest_ids(self, kind: str) -> list[str]:
        """The ids of everything deployed of one kind."""
        self._refresh()
        return sorted(id_ for kind_, id_ in self._latest if kind_ == kind)

    def changed(self) -> None:
        """Something was deployed by this process: look again at once."""
        self._checked = -_FRESH_SECONDS

    def _latest_key(self, kind: str, id_: str) -> int:
        self._refresh()
        try:
            return self._latest[kind, id_]
        except KeyError:
            raise NotFound(kind=kind, id=id_) from None

    def _refresh(self) -> None:
        if time.monotonic() - self._checked < _FRESH_SECONDS:
            return
        with self._lock, self._database.connect() as db:
            newest = select(DefinitionRow.kind, DefinitionRow.id, func.max(DefinitionRow.key)).group_by(
                DefinitionRow.kind, DefinitionRow.id
            )
            self._latest = {(kind, id_): key for kind, id_, key in db.execute(newest)}
            self._checked = time.monotonic()

    def _row(self, key: int) -> DefinitionRow:
        with self._database.connect() as db:
            row = db.execute(select(*DefinitionRow.__table__.c).where(DefinitionRow.key == key)).first()
        if row is None:
            raise NotFound(definition=key)
        return row  # type: ignore[return-value]  # a Row with the columns of the table
