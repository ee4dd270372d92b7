"""The report of requests: filter, count, read, take out."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from app import taken_out
from app.access import allow, current_actor, product
from app.pages_support import case_state, from_cursor, pager, to_cursor
from app.request_report import HEAD, Asked, asked, lines, options, sla_options, state_words
from workflows.errors import Text
from workflows.queries import report
from workflows.queries.report import Counts, Key

pages = Blueprint("reports", __name__)
_PAGE = 50


@pages.get("/reports/requests")
@allow("signed-in")
def requests() -> Any:
    """The requests I may see: numbers and a list."""
    wanted = asked(request.args)
    return _page(wanted), 422 if wanted.errors else 200


@pages.post("/reports/requests/export")
@allow("signed-in")
def export() -> Any:
    """The same as a file. Who took what out is told to the audit chain before the first byte."""
    wanted, actor, runtime = asked(request.form), current_actor(), product().runtime
    kind = request.form.get("format", "")
    if wanted.errors or kind not in taken_out.FORMATS:
        return _page(wanted), 422
    with runtime.reading() as db:
        total = report.counts(db, actor, wanted.filters).total
    refused = taken_out.too_many(kind, total)
    if refused is not None:
        return _page(wanted, refused), 422
    rows = lines(actor, wanted.filters)
    return taken_out.file("requests", kind, "รายงานคำขอ", HEAD, rows, told=wanted.filters.told(), total=total)


def _page(wanted: Asked, problem: Text | None = None) -> str:
    actor, typed = current_actor(), dict(wanted.typed)
    after = from_cursor(request.args.get("after"))
    found: list[Any] = []
    counts = Counts(0, {}, {})
    with product().runtime.reading() as db:
        choices = options(db)
        if not wanted.errors:
            counts = report.counts(db, actor, wanted.filters)
            found = report.page(db, actor, wanted.filters, after=Key(*after) if after else None, limit=_PAGE + 1)
    rows = found[:_PAGE]
    key = to_cursor((rows[-1].sent_at, rows[-1].id)) if rows else None
    definitions = dict(choices["process"])
    return render_template(
        "report_requests.html",
        typed=typed,
        errors=wanted.errors,
        problem=problem,
        options=choices,
        states=[
            (state_words(word), number) for word, number in sorted(counts.states.items(), key=lambda pair: -pair[1])
        ],
        clocks=[(words, counts.sla[word]) for word, words in sla_options().items() if counts.sla.get(word)],
        total=counts.total,
        rows=[
            {
                **row._mapping,
                "process": definitions.get(row.process_id, row.process_id),
                "case_state": case_state(row._mapping),
                "clock": sla_options().get(row.sla_state, ""),
                "systems": [dict(choices["system"]).get(code, code) for code in row.systems.split()],
            }
            for row in rows
        ],
        page=pager("/reports/requests", len(found) > _PAGE, **typed, after=key or ""),
    )
