"""What the server is and how it is: topology, status, license, and who the caller is."""

from __future__ import annotations

from typing import Any

from flask import g, jsonify

from app.access import allow, current_actor, product
from app.api.describe import FLAG, NUMBER, TEXT, TEXTS, describe, list_of, nullable, record
from app.api.resource import TENANT, resource
from workflows.queries import metrics
from workflows.rules.scopes import ANY, FULL

VERSION = "8.9.0"
"""The version of the interface that is spoken, as clients compare it."""

routes = resource("service")

_PARTITION = record(partitionId=NUMBER, role=TEXT, health=TEXT, state=TEXT)
_BROKER = record(nodeId=NUMBER, brokerId=TEXT, host=TEXT, port=NUMBER, partitions=list_of(_PARTITION), version=TEXT)


@routes.get("/topology")
@allow("api", scope=ANY)
@describe(
    "The one broker of this installation, as clients of a cluster expect it",
    answers={
        200: record(
            brokers=list_of(_BROKER),
            clusterId=nullable(TEXT),
            clusterSize=NUMBER,
            partitionsCount=NUMBER,
            replicationFactor=NUMBER,
            gatewayVersion=TEXT,
            lastCompletedChangeId=TEXT,
        )
    },
)
def topology() -> Any:
    partition = {"partitionId": 1, "role": "leader", "health": "healthy", "state": "active"}
    broker = {
        "nodeId": 0,
        "brokerId": "0",
        "host": "sitthi",
        "port": product().settings.port,
        "partitions": [partition],
        "version": VERSION,
    }
    return jsonify(
        brokers=[broker],
        clusterId=None,
        clusterSize=1,
        partitionsCount=1,
        replicationFactor=1,
        gatewayVersion=VERSION,
        lastCompletedChangeId="1",
    )


@routes.get("/status")
@allow("public")
@describe("204 when the database answers, else 503", answers={204: None})
def status() -> Any:
    with product().runtime.reading() as db:
        metrics.last_heartbeat(db)
    return "", 204


@routes.get("/license")
@allow("public")
@describe(
    "No license is needed",
    answers={200: record(validLicense=FLAG, licenseType=TEXT, isCommercial=FLAG, expiresAt=nullable(TEXT))},
)
def license_() -> Any:
    return jsonify(validLicense=True, licenseType="open-source", isCommercial=False, expiresAt=None)


@routes.get("/authentication/me")
@allow("api", scope=ANY)
@describe(
    "Who the caller is and which groups work may be offered to them by",
    answers={
        200: record(
            username=TEXT,
            displayName=nullable(TEXT),
            email=nullable(TEXT),
            authorizedComponents=TEXTS,
            tenants=list_of(record(name=TEXT, tenantId=TEXT, description=nullable(TEXT))),
            groups=TEXTS,
            roles=TEXTS,
            scopes=TEXTS,
            salesPlanType=nullable(TEXT),
            c8Links=record(),
            canLogout=FLAG,
        )
    },
)
def me() -> Any:
    actor = current_actor()
    components = ["tasklist", *(["operate"] if actor.sees_everything else [])]
    return jsonify(
        username=actor.id,
        displayName=actor.name or None,
        email=actor.email or None,
        authorizedComponents=components,
        tenants=[{"name": "Default", "tenantId": TENANT, "description": None}],
        groups=sorted(actor.groups),
        roles=sorted(actor.roles),
        scopes=list(g.get("scopes", (FULL,))),
        salesPlanType=None,
        c8Links={},
        canLogout=True,
    )
