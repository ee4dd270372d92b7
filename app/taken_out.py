"""Taking a report out as a file: how often somebody may, who took what, and the file while it is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from flask import Response, stream_with_context

from app import exports
from app.access import current_actor, product
from workflows.commands.count_attempt import CountAttempt
from workflows.commands.record_export import RecordExport
from workflows.errors import Text

FORMATS = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv"}
_MOST, _WINDOW = 20, timedelta(hours=1)


def too_many(kind: str, total: int) -> Text | None:
    """Why so many rows cannot be a file of this kind; None if they can."""
    return exports.TOO_MANY_ROWS if kind == "xlsx" and total > exports.MOST_ROWS_OF_A_SHEET else None


def file(
    name: str,
    kind: str,
    title: str,
    head: Sequence[str],
    rows: Iterable[Sequence[exports.Cell]],
    *,
    told: Mapping[str, str],
    total: int,
) -> Response:
    """The answer that carries the file, row by row. It is counted against the person's limit and told to the audit
    chain (filters, rows) before its first byte.

    Raises TooMany.
    """
    actor, runtime = current_actor(), product().runtime
    runtime.execute(CountAttempt(f"export/{actor.account_id}", _MOST, _WINDOW), actor)
    runtime.execute(RecordExport(name, kind, told, total), actor)
    parts = exports.csv_file(head, rows) if kind == "csv" else exports.excel_file(title, head, rows)
    answer = Response(stream_with_context(parts), content_type=FORMATS[kind])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
