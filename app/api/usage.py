"""Target systems report when accounts were last used, so that these do not count as dormant."""

from __future__ import annotations

from typing import Any

from flask import jsonify

from app.access import allow, current_actor, product
from app.api.body import read_list
from app.api.describe import NUMBER, TEXT, WHEN, describe, list_of, options, record
from app.api.resource import resource
from workflows.commands.report_usage import ReportUsage
from workflows.rules.scopes import USAGE_WRITE

routes = resource("usage", prefix="/api")
_MOST = 10_000


@routes.post("/usage")
@allow("api", scope=USAGE_WRITE)
@describe(
    "Last uses of accounts in target systems; may come again. Wrong entries are named, the others count",
    body=list_of(options(("username", "at"), username=TEXT, system=TEXT, at=WHEN)),
    answers={
        200: record(taken=NUMBER, errors=list_of(record(index=NUMBER, username=TEXT, message=TEXT, message_th=TEXT)))
    },
)
def report() -> Any:
    entries = read_list(most=_MOST)
    wrong = product().runtime.execute(ReportUsage(entries), current_actor())
    errors = [
        {"index": number, "username": _name(entries[number]), "message": text.en, "message_th": text.th}
        for number, text in wrong.items()
    ]
    return jsonify(taken=len(entries) - len(wrong), errors=errors)


def _name(entry: Any) -> str:
    name = entry.get("username") if isinstance(entry, dict) else None
    return name[:100] if isinstance(name, str) else ""
