"""Deployed definitions: for process owners to read, upload and deploy."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, abort, flash, render_template, request
from flask_babel import gettext as _

from app.access import allow, current_actor, product
from app.decision_tables import shown
from app.diagram_words import said
from workflows.commands.deploy_diagrams import DeployDiagrams, DiagramsRejected
from workflows.decisions import sheets
from workflows.engine import xml
from workflows.engine.gate import Known, inspect
from workflows.engine.gate.folder import inspect_together, known_from
from workflows.queries import definitions, running

pages = Blueprint("diagrams", __name__)
_READERS = ("designer", "admin", "auditor")
_KINDS = {"process": "bpmn", "decision": "dmn", "form": "form"}
_MOST_FILES, _MOST_BYTES = 40, 2 * 1024 * 1024


@pages.get("/diagrams")
@allow(*_READERS)
def listed() -> Any:
    """Everything deployed, and uploading."""
    return _list([], False)


@pages.post("/diagrams")
@allow("designer", "admin")
def upload() -> Any:
    """Inspect all files together and show every problem at once; deploy all of them or none, unless only asked."""
    files = {
        (file.filename or "").rpartition("/")[2]: file.read(_MOST_BYTES + 1)
        for file in request.files.getlist("files")[:_MOST_FILES]
        if file.filename
    }
    if not files:
        flash(_("เลือกไฟล์อย่างน้อยหนึ่งไฟล์"), "warn")
        return _list([], False), 422
    if request.form.get("only") == "check":
        return _list(_inspected(files, {}), None)
    try:
        deployment = product().runtime.execute(DeployDiagrams(files), current_actor())
    except DiagramsRejected:
        return _list(_inspected(files, {}), False), 422
    return _list(_inspected(files, {one.resource_name: one.version for one in deployment.definitions}), True)


@pages.get("/diagrams/<kind>/<definition_id>")
@allow(*_READERS)
def one(kind: str, definition_id: str) -> Any:
    """One definition: its picture or table, its versions, its problems."""
    stored = {word: name for name, word in _KINDS.items()}.get(kind)
    if stored is None:
        abort(404)
    with product().runtime.reading() as db:
        versions = definitions.versions(db, stored, definition_id)
        if not versions:
            abort(404)
        wanted = request.args.get("version", "")
        chosen = next((v for v in versions if str(v["version"]) == wanted), versions[0])
        body = bytes(definitions.by_key(db, chosen["key"])["body"])
        open_cases = running.cases_by_definition(db, [v["key"] for v in versions])
        tokens = running.tokens(db, chosen["key"]) if stored == "process" else {}
    known = _known({})
    return render_template(
        "diagram.html",
        definition={
            "kind": kind,
            "id": definition_id,
            "name": _name({**chosen, "kind": stored}),
            "version": chosen["version"],
            "deployed": chosen["deployed_at"],
            "by": _by(chosen),
            "key": str(chosen["key"]),
            "note": "",
        },
        versions=[_version(kind, definition_id, v, chosen, open_cases) for v in versions],
        file_url=f"/diagrams/file/{chosen['key']}",
        problems=list(inspect(chosen["resource_name"], body, known=known).problems),
        steps=_steps(chosen["key"]) if stored == "process" else [],
        tables=[shown(sheet) for sheet in sheets(xml.parse(body))] if stored == "decision" else [],
        test_url=_test_url(chosen) if stored == "decision" else None,
        source=json.dumps(json.loads(body), ensure_ascii=False, indent=2) if stored == "form" else None,
        counts=tokens,
        edit_url=None,
    )


@pages.get("/diagrams/file/<int:key>")
@allow("signed-in")
def file(key: int) -> Any:
    """The file as it was deployed; everybody who works on cases may look at their diagram."""
    with product().runtime.reading() as db:
        found = definitions.by_key(db, key)
    if found["kind"] != "process" and not current_actor().roles & set(_READERS):
        abort(404)
    content_type = "application/json" if found["kind"] == "form" else "application/xml"
    return Response(bytes(found["body"]), content_type=f"{content_type}; charset=utf-8")


def _known(files: Mapping[str, bytes]) -> Known:
    """What these files may refer to: each other, the operators, and everything deployed."""
    services = product().runtime.services
    return known_from(files, services.interpreter.operators).with_deployed(
        *(services.definitions.latest_ids(kind) for kind in ("process", "decision", "form"))
    )


def _list(inspected: list[dict[str, Any]], deployed: bool | None) -> str:
    wanted = request.args.get("kind", "")
    with product().runtime.reading() as db:
        rows = definitions.latest(db)
        open_cases = running.cases_by_process(db)
    entries = [
        {
            "kind": _KINDS[row["kind"]],
            "id": row["id"],
            "name": _name(row),
            "version": row["version"],
            "deployed": row["deployed_at"],
            "by": _by(row),
            "open_cases": open_cases.get(row["id"], 0) if row["kind"] == "process" else None,
            "url": f"/diagrams/{_KINDS[row['kind']]}/{row['id']}",
        }
        for row in rows
    ]
    words = {"": _("ทั้งหมด"), "bpmn": _("กระบวนงาน"), "dmn": _("ตารางตัดสินใจ"), "form": _("แบบฟอร์ม")}
    tabs = [
        {
            "href": f"/diagrams?kind={kind}" if kind else "/diagrams",
            "label": label,
            "count": sum(not kind or row["kind"] == kind for row in entries),
            "current": kind == wanted,
        }
        for kind, label in words.items()
    ]
    return render_template(
        "diagrams.html",
        definitions=[row for row in entries if not wanted or row["kind"] == wanted],
        tabs=tabs,
        may_deploy=bool(current_actor().roles & {"designer", "admin"}),
        inspected=inspected,
        deployed=deployed,
    )


def _inspected(files: Mapping[str, bytes], versions: Mapping[str, int]) -> list[dict[str, Any]]:
    entries = []
    for name, found in inspect_together(files, _known(files)).items():
        ids = [id_ for id_, _title in found.ids]
        problems = list(found.problems)
        entries.append(
            {"file": name, "kind": _KINDS[found.kind], "ids": ids, "problems": problems, "version": versions.get(name)}
        )
    return entries


def _version(
    kind: str, id_: str, row: Mapping[str, Any], chosen: Mapping[str, Any], open_cases: Mapping[int, int]
) -> dict[str, Any]:
    return {
        "version": row["version"],
        "deployed": row["deployed_at"],
        "by": _by(row),
        "open_cases": open_cases.get(row["key"], 0),
        "current": row["key"] == chosen["key"],
        "url": f"/diagrams/{kind}/{id_}?version={row['version']}",
        "compare_url": None,
    }


def _by(row: Mapping[str, Any]) -> str:
    """Who deployed it."""
    return str(_("ระบบ") if row["deployed_by"].startswith("system:") else row["deployed_by"])


def _name(row: Mapping[str, Any]) -> str:
    """What a definition is called; a process in the language of the request."""
    return said(row["key"], row["name"]) if row["kind"] == "process" else row["name"]


def _steps(key: int) -> list[dict[str, str]]:
    elements = product().runtime.services.definitions.process(key).definition.elements
    return [{"id": id_, "name": said(key, name), "kind": kind} for id_, (name, kind) in elements.items()]


def _test_url(row: Mapping[str, Any]) -> str:
    return f"/decision-test?decision={quote(row['id'])}&version={row['version']}"
