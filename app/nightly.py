"""What happens once in every Bangkok day, by whichever worker comes first. Each part may run twice and does its work
once; so a worker that dies in the middle only leaves the rest to the next tick."""

from __future__ import annotations

import logging
from datetime import date

from app.wiring import Product
from workflows.actor import CLOCK
from workflows.commands.ask_comparisons import AskComparisons
from workflows.commands.expire_holds import ExpireHolds
from workflows.commands.finish_sweep import FinishSweep
from workflows.commands.forget_calls import ForgetCalls
from workflows.commands.forget_deliveries import ForgetDeliveries
from workflows.commands.forget_evidence import ForgetEvidence
from workflows.commands.forget_uploads import ForgetUploads
from workflows.commands.plan_review import PlanReview
from workflows.commands.start_reviews import StartReviews
from workflows.commands.sweep_accounts import Key, SweepAccounts
from workflows.queries import reviews, sweeps

log = logging.getLogger(__name__)


def sweep(product: Product, *, size: int = 250) -> bool:
    """Do what is due tonight; gives whether anything was."""
    runtime = product.runtime
    with runtime.reading() as db:
        day = sweeps.due(db, runtime.clock.now())
    if day is None:
        return False
    counts = sweep_accounts(product, size=size)
    counts["reviews"] = start_reviews(product, day)
    runtime.execute(ForgetDeliveries(), CLOCK)
    runtime.execute(ForgetCalls(), CLOCK)
    counts["compared"] = runtime.execute(AskComparisons(day), CLOCK)
    counts["places"] = expire_holds(product, day)
    counts["forgotten"] = forget_evidence(product)
    counts["uploads"] = forget_uploads(product)
    runtime.execute(FinishSweep(day, counts), CLOCK)
    log.info("the sweep of %s is done: %s", day, counts)
    return True


def start_reviews(product: Product, day: date) -> int:
    """Begin the yearly review if its day has come, and plan the next year's; gives how many units it has."""
    runtime = product.runtime
    with runtime.reading() as db:
        begins = reviews.due(db, day)
    if begins is None:
        return 0
    after: str | None = ""
    count = 0
    while after is not None:
        after, count = runtime.execute(StartReviews(begins.year, after, count), CLOCK)
    leap_day = (begins.month, begins.day) == (2, 29)
    next_on = begins.replace(year=begins.year + 1, **({"day": 28} if leap_day else {}))
    runtime.execute(PlanReview(next_on, begun=count), CLOCK)
    return count


def expire_holds(product: Product, day: date) -> int:
    """Give back what is still held of quotas for days that are over; gives how many places."""
    count = 0
    while given_back := product.runtime.execute(ExpireHolds(day), CLOCK):
        count += given_back
    return count


def forget_evidence(product: Product, *, size: int = 500) -> int:
    """Remove answers about rights and readings of cards that became evidence of no case; gives how many."""
    count = 0
    while removed := product.runtime.execute(ForgetEvidence(size), CLOCK):
        count += removed
    return count


def forget_uploads(product: Product, *, size: int = 500) -> int:
    """Remove uploaded files that became part of no case; gives how many."""
    count = 0
    while removed := product.runtime.execute(ForgetUploads(size), CLOCK):
        count += removed
    return count


def sweep_accounts(product: Product, *, size: int = 250) -> dict[str, int]:
    """Warn and suspend who is due, page by page, each in a transaction of its own."""
    counts = {"warned": 0, "suspended": 0}
    after: Key | None = None
    while True:
        page = product.runtime.execute(SweepAccounts(after, size), CLOCK)
        counts["warned"] += page.warned
        counts["suspended"] += page.suspended
        if page.next is None:
            return counts
        after = page.next
