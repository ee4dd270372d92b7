"""Deploying diagrams, decision tables and forms."""

from __future__ import annotations

from collections import Counter
from pathlib import PurePosixPath
from typing import Any

from flask import jsonify, request

from app.access import allow, current_actor, product
from app.api.body import storable, wrong
from app.api.describe import KEY, NUMBER, TEXT, describe, list_of, nullable, options, record
from app.api.resource import TENANT, key, refuse_other_tenant, resource
from workflows.commands.deploy_diagrams import DeployDiagrams, Deployed, Deployment
from workflows.rules.scopes import FULL

MOST_FILES = 100

routes = resource("deployments")

_PROCESS = record(
    processDefinitionId=TEXT,
    processDefinitionVersion=NUMBER,
    resourceName=TEXT,
    tenantId=TEXT,
    processDefinitionKey=KEY,
)
_DECISION = record(
    decisionDefinitionId=TEXT,
    version=NUMBER,
    name=TEXT,
    tenantId=TEXT,
    decisionRequirementsId=TEXT,
    decisionDefinitionKey=KEY,
    decisionRequirementsKey=KEY,
)
_REQUIREMENTS = record(
    decisionRequirementsId=TEXT,
    decisionRequirementsName=TEXT,
    version=NUMBER,
    resourceName=TEXT,
    tenantId=TEXT,
    decisionRequirementsKey=KEY,
)
_FORM = record(formId=TEXT, version=NUMBER, resourceName=TEXT, tenantId=TEXT, formKey=KEY)
_NOTHING = {
    "processDefinition": None,
    "decisionDefinition": None,
    "decisionRequirements": None,
    "form": None,
    "resource": None,
}


@routes.post("/deployments")
@allow("api", scope=FULL)
@describe(
    "Deploy files (parts named resources); what is unchanged keeps its key and version",
    body=options(resources=list_of({"type": "string", "format": "binary"}), tenantId=TEXT),
    media="multipart/form-data",
    answers={
        200: record(
            deploymentKey=KEY,
            tenantId=TEXT,
            deployments=list_of(
                record(
                    processDefinition=nullable(_PROCESS),
                    decisionDefinition=nullable(_DECISION),
                    decisionRequirements=nullable(_REQUIREMENTS),
                    form=nullable(_FORM),
                    resource={},
                )
            ),
        )
    },
)
def deploy() -> Any:
    refuse_other_tenant(request.form.get("tenantId"))
    parts = request.files.getlist("resources")
    names = [PurePosixPath((part.filename or "").replace("\\", "/")).name for part in parts]
    if not parts or len(parts) > MOST_FILES:
        raise wrong("resources", f"1 to {MOST_FILES} files", f"ไฟล์ 1 ถึง {MOST_FILES} ไฟล์")
    if not all(name and storable(name) for name in names) or max(Counter(names).values()) > 1:
        raise wrong("resources", "files with different names", "ไฟล์ที่ชื่อไม่ซ้ำกัน")
    files = {name: part.read() for name, part in zip(names, parts, strict=True)}
    deployment = product().runtime.execute(DeployDiagrams(files), current_actor())
    return jsonify(
        deploymentKey=key(deployment.key), tenantId=TENANT, deployments=[_shown(one) for one in _entries(deployment)]
    )


def _entries(deployment: Deployment) -> list[tuple[str, Deployed, Deployed]]:
    """What a client is told of: each definition, and each file of decisions once, by its first decision."""
    told: list[tuple[str, Deployed, Deployed]] = []
    first: dict[str, Deployed] = {}
    for one in deployment.definitions:
        if one.kind == "decision" and one.resource_name not in first:
            first[one.resource_name] = one
            told.append(("requirements", one, one))
        told.append((one.kind, one, first.get(one.resource_name, one)))
    return told


def _shown(entry: tuple[str, Deployed, Deployed]) -> dict[str, Any]:
    kind, one, first = entry
    match kind:
        case "process":
            shown: dict[str, Any] = {
                "processDefinitionId": one.id,
                "processDefinitionVersion": one.version,
                "resourceName": one.resource_name,
                "tenantId": TENANT,
                "processDefinitionKey": key(one.key),
            }
            return {**_NOTHING, "processDefinition": shown}
        case "requirements":
            shown = {
                "decisionRequirementsId": PurePosixPath(one.resource_name).stem,
                "decisionRequirementsName": one.name,
                "version": one.version,
                "resourceName": one.resource_name,
                "tenantId": TENANT,
                "decisionRequirementsKey": key(one.key),
            }
            return {**_NOTHING, "decisionRequirements": shown}
        case "decision":
            shown = {
                "decisionDefinitionId": one.id,
                "version": one.version,
                "name": one.name,
                "tenantId": TENANT,
                "decisionRequirementsId": PurePosixPath(one.resource_name).stem,
                "decisionDefinitionKey": key(one.key),
                "decisionRequirementsKey": key(first.key),
            }
            return {**_NOTHING, "decisionDefinition": shown}
    shown = {
        "formId": one.id,
        "version": one.version,
        "resourceName": one.resource_name,
        "tenantId": TENANT,
        "formKey": key(one.key),
    }
    return {**_NOTHING, "form": shown}
