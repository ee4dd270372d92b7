"""Whether the product serves and is ready, for probes and for Prometheus."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, jsonify
from sqlalchemy import text

from app.access import allow, product
from app.migrate import is_current
from workflows.clock import real_now
from workflows.queries import metrics

pages = Blueprint("health", __name__)
_STALE = timedelta(seconds=15)


@pages.get("/healthz")
@allow("public")
def healthz() -> Any:
    """The process serves."""
    return "ok\n", 200, {"Content-Type": "text/plain"}


@pages.get("/readyz")
@allow("public")
def readyz() -> Any:
    """Database, migrations and the worker's heartbeat are good; else 503 and what is not."""
    found: dict[str, str] = {}
    try:
        with product().runtime.reading() as db:
            db.execute(text("SELECT 1"))
            found["database"] = "ok"
            found["migrations"] = "ok" if is_current(db) else "behind: run flask --app wsgi prepare"
            beat = metrics.last_heartbeat(db) if found["migrations"] == "ok" else None
    except Exception as error:  # whatever is wrong with the database, the probe must answer
        found["database"] = type(error).__name__
        beat = None
    fresh = beat is not None and real_now() - beat < _STALE
    found["worker"] = "ok" if fresh else "no heartbeat"
    ready = set(found.values()) == {"ok"}
    return jsonify({"ready": ready, **found}), 200 if ready else 503


@pages.get("/metrics")
@allow("public")
def prometheus() -> Response:
    """Counts in Prometheus' text format; nothing personal."""
    cache = product().runtime.services.cache
    with product().runtime.reading() as db:
        found = metrics.counts(db, product().runtime.clock.now())
    found |= {"sitthi_live_cache_hits_total": cache.hits, "sitthi_live_cache_misses_total": cache.misses}
    lines = [f"{name} {value}" for name, value in found.items()]
    return Response("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4")
