"""Last uses of accounts, reported by target systems as a file."""

from __future__ import annotations

import io
from typing import Any

from flask import Blueprint, render_template, request

from app import usage_files
from app.access import allow, current_actor, product
from app.usage_files import Taken
from workflows.errors import FileRejected, Text
from workflows.queries import sweeps

pages = Blueprint("usage", __name__)
_MAY = ("system_owner", "admin")


@pages.get("/usage")
@allow(*_MAY)
def form() -> Any:
    """How to report, and how the last nightly sweep went."""
    return _page()


@pages.post("/usage")
@allow(*_MAY)
def take_over() -> Any:
    """Take over a CSV file; lines that are wrong are shown, the others count."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return _page(error=Text("เลือกไฟล์ CSV ก่อน", "Choose a CSV file first")), 422
    try:
        lines = io.TextIOWrapper(file.stream, encoding="utf-8-sig", newline="")
        done = usage_files.take_over(product(), current_actor(), lines)
    except FileRejected as rejected:
        return _page(error=rejected.text), 422
    return _page(done)


def _page(done: Taken | None = None, error: Text | None = None) -> str:
    with product().runtime.reading() as db:
        last = sweeps.last(db)
    return render_template("usage.html", done=done, error=error, last=last)
