"""The programming interface: Camunda 8 REST under ``/v2``, our own additions under ``/api``.

One module per resource, each with its ``routes``. A route says who may use it (``allow``) and what it takes and gives
(``describe``). The words of Camunda's interface (process instance, user task) exist only in this package.
"""

from __future__ import annotations

from datetime import timedelta
from math import ceil

from flask import Flask
from flask_wtf import CSRFProtect

from app.api import (
    authentication_changes,
    authentications,
    card_bridges,
    card_readings,
    cases,
    clock,
    decision_definitions,
    deployments,
    documents,
    element_instances,
    face,
    incidents,
    line_webhook,
    messages,
    oauth,
    openapi,
    process_definitions,
    process_instances,
    rounds,
    service,
    track,
    usage,
    user_tasks,
    variables,
)
from app.api.authentication import VerifiedPasswords
from app.api.resource import KeyConverter
from app.rate import Limiter

_RESOURCES = (
    service,
    deployments,
    decision_definitions,
    process_definitions,
    process_instances,
    element_instances,
    user_tasks,
    variables,
    incidents,
    messages,
    documents,
    clock,
    oauth,
    authentications,
    cases,
    authentication_changes,
    rounds,
    card_bridges,
    card_readings,
    face,
    track,
    usage,
    line_webhook,
    openapi,
)


def install(app: Flask, csrf: CSRFProtect) -> None:
    """Register all resources; they authenticate by header, so cross-site forgery does not apply."""
    app.url_map.converters["key"] = KeyConverter
    app.extensions["sitthi_passwords"] = VerifiedPasswords()
    settings = app.extensions["sitthi"].settings
    app.extensions["sitthi_token_calls"] = Limiter(
        ceil(settings.api_calls_per_minute / settings.web_workers), timedelta(minutes=1)
    )
    for resource in _RESOURCES:
        csrf.exempt(resource.routes)
        app.register_blueprint(resource.routes)
