"""A bulk request of 500 persons: what checking the file costs, the process that opens it included."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from statistics import median

from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from app import answers, create_app, preparation, uploads
from app.access import act_as
from bench.measure import Figure, scaled
from bench.product import sqlite
from tests.support.bulk_requests import listed, zipped
from workflows.queries import actors
from workflows.records import Account
from workflows.rules.bulk_list import MOST_PERSONS

_GOAL_SECONDS = 3


def _cpu() -> float:
    """Seconds of processor time of this process and of those it has waited for."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def bulk_500_rows_cpu() -> Iterator[Figure]:
    """The upload of a ZIP with 500 correct rows, of six columns of roles each: opened, stored, every row checked."""
    data = zipped([listed(serial) for serial in range(1, MOST_PERSONS + 1)])
    with sqlite() as product:
        preparation.prepare(product)
        with product.runtime.reading() as db:
            account = db.execute(select(Account.id).where(Account.username == "requester")).scalar_one()
            sender = actors.actor_of(db, account)
        assert sender is not None
        found = []
        with create_app(wired=product).test_request_context():
            act_as(sender)
            for _ in range(scaled(5)):
                began = _cpu()
                stored = uploads.store("99001-หน่วย.zip", data)
                with product.runtime.reading() as db:
                    form = answers.bind_start(db, "bulk_file", MultiDict({"bundle": stored.id}))
                    assert form.validate(), form.errors
                found.append(_cpu() - began)
    yield Figure("bulk_500_rows_cpu", median(found), "s", _GOAL_SECONDS)
