"""Deploy diagrams: what is new gets a number, what is the same stays what it is."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, insert, select

from workflows import engine
from workflows.chain import Event
from workflows.engine.gate import Known, identify
from workflows.engine.gate.folder import inspect_together, known_from
from workflows.engine.problems import Inspection, Problem
from workflows.errors import DiagramRejected, NotAllowed, Text
from workflows.records import DefinitionRow, Setting, new_id
from workflows.work import Work

_ORDER = {"form": 0, "decision": 1, "process": 2}


RELEASE = "release"
"""The setting that names the diagrams a release shipped and deployed last."""


@dataclass(frozen=True, slots=True)
class Deployed:
    """One definition of a deployment; ``is_new`` is false when the same content was already there."""

    key: int
    kind: str
    id: str
    version: int
    name: str
    resource_name: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class Deployment:
    """What a deployment gave."""

    key: int
    definitions: tuple[Deployed, ...]


class DiagramsRejected(DiagramRejected):
    """The files cannot be deployed; every problem is listed / ไฟล์ยังนำขึ้นใช้งานไม่ได้ ดูรายการปัญหาทั้งหมด"""

    def __init__(self, problems: Mapping[str, list[Problem]]) -> None:
        lines = [
            (f"{name} บรรทัด {p.line}: {p.text.th}", f"{name}, line {p.line}: {p.text.en}")
            for name, found in problems.items()
            for p in found
            if p.severity == "error"
        ]
        super().__init__(Text("\n".join(th for th, _ in lines), "\n".join(en for _, en in lines)))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class DeployDiagrams:
    """Inspect all files together and deploy those whose content is new. Raises DiagramsRejected with every problem.

    A process is bound to the called processes of the same deployment, else to their newest version.
    """

    files: Mapping[str, bytes]
    release: str = ""  # digest of the files a release ships; remembered, so that a restart does not deploy them again

    def run(self, work: Work) -> Deployment:
        if not work.actor.is_system and not work.actor.roles & {"designer", "admin"}:
            raise NotAllowed()
        inspections = self._inspect(work)
        deployment_key = new_id()
        deployed: list[Deployed] = []
        keys: dict[str, int] = {}
        for name in self._in_order(inspections):
            for id_, title in inspections[name].ids:
                one = self._deploy(work, name, inspections[name].kind, id_, title, keys, deployment_key)
                if one.kind == "process":
                    keys[one.id] = one.key
                deployed.append(one)
        new = [one for one in deployed if one.is_new]
        if new:
            data = {"definitions": [f"{one.kind}:{one.id}:{one.version}" for one in new]}
            work.record(deployment_key, Event("diagrams.deployed", data=data))
            work.after_commit(work.services.definitions.changed)
        if self.release:
            work.write(delete(Setting).where(Setting.name == RELEASE))
            work.write(insert(Setting), {"name": RELEASE, "value": {"sha256": self.release}})
        return Deployment(deployment_key, tuple(deployed))

    def _inspect(self, work: Work) -> dict[str, Inspection]:
        known = self._known(work)
        inspections = inspect_together(self.files, known)
        problems = {name: list(found.problems) for name, found in inspections.items() if found.problems}
        if any(p.severity == "error" for found in problems.values() for p in found):
            raise DiagramsRejected(problems)
        return inspections

    def _known(self, work: Work) -> Known:
        definitions = work.services.definitions
        brought = known_from(self.files, work.services.interpreter.operators)
        return brought.with_deployed(
            processes=definitions.latest_ids("process"),
            decisions=definitions.latest_ids("decision"),
            forms=definitions.latest_ids("form"),
        )

    def _in_order(self, inspections: Mapping[str, Inspection]) -> list[str]:
        """Forms, decisions, then processes so that a called process comes before its caller."""
        simple = sorted(inspections, key=lambda name: (_ORDER[inspections[name].kind], name))
        processes = {name: engine.calls(self.files[name]) for name in simple if inspections[name].kind == "process"}
        own = {id_: name for name in processes for id_, _ in inspections[name].ids}
        ordered: list[str] = []

        def visit(name: str, path: tuple[str, ...]) -> None:
            if name in ordered or name in path:
                return
            for called in processes[name]:
                if called in own:
                    visit(own[called], (*path, name))
            ordered.append(name)

        for name in processes:
            visit(name, ())
        return [name for name in simple if name not in processes] + ordered

    def _deploy(
        self, work: Work, name: str, kind: str, id_: str, title: str, keys: Mapping[str, int], deployment_key: int
    ) -> Deployed:
        data = self.files[name]
        bundle: dict[str, int] = {}
        start_form = None
        if kind == "process":
            bundle = self._bundle(work, name, keys)
            start_form = engine.start_form(data)
        sha256 = hashlib.sha256(data + repr(sorted(bundle.items())).encode()).hexdigest()
        newest = work.db.execute(
            select(DefinitionRow.key, DefinitionRow.version, DefinitionRow.sha256)
            .where(DefinitionRow.kind == kind, DefinitionRow.id == id_)
            .order_by(DefinitionRow.version.desc())
            .limit(1)
        ).first()
        if newest is not None and newest.sha256 == sha256:
            return Deployed(newest.key, kind, id_, newest.version, title, name, False)
        row: dict[str, Any] = {
            "key": new_id(),
            "kind": kind,
            "id": id_,
            "version": (newest.version if newest else 0) + 1,
            "name": title or id_,
            "resource_name": name,
            "version_tag": None,
            "sha256": sha256,
            "body": data,
            "bundle": bundle,
            "start_form": start_form,
            "deployment_key": deployment_key,
            "deployed_at": work.now,
            "deployed_by": work.actor.id,
        }
        work.write(insert(DefinitionRow), row)
        return Deployed(row["key"], kind, id_, row["version"], row["name"], name, True)

    def _bundle(self, work: Work, name: str, keys: Mapping[str, int]) -> dict[str, int]:
        bundle: dict[str, int] = {}
        wanted = list(engine.calls(self.files[name]))
        while wanted:
            called = wanted.pop()
            if called in bundle:
                continue
            if called in keys:
                bundle[called] = keys[called]
            else:
                newest = select(func.max(DefinitionRow.key)).where(
                    DefinitionRow.kind == "process", DefinitionRow.id == called
                )
                key = work.db.execute(newest).scalar()
                if key is None:
                    raise DiagramRejected(
                        Text(f"ไม่พบกระบวนงาน {called} ที่ถูกเรียก", f"The called process {called} is not deployed")
                    )
                bundle[called] = key
            body = next(
                (data for file, data in self.files.items() if keys.get(called) and called in _ids(file, data)), None
            )
            if body is None:
                body = work.db.execute(
                    select(DefinitionRow.body).where(DefinitionRow.key == bundle[called])
                ).scalar_one()
            wanted += engine.calls(body)
        return bundle


def _ids(name: str, data: bytes) -> set[str]:
    return {id_ for id_, _ in identify(name, data)[1]}
