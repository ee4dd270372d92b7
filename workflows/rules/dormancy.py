"""When an account that nobody uses is warned, and when it is suspended. Days are Bangkok days.

The day of the last use is day 0. More than 180 full days have passed on day 181: the sweep of that day suspends. The
warnings go out 30, 7 and 1 days earlier, on days 151, 174 and 180. A sweep that could not run makes up for it with the
step that is due by now only: nobody gets three warnings at once.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from workflows.clock import BANGKOK, bangkok_date

FULL_DAYS = 180
SUSPEND = 0
STEPS = (30, 7, 1, SUSPEND)
"""How many days before the suspension each step is taken."""

SWEEPS_FROM = time(1)
"""The sweep of a day may run from this time in Bangkok on."""


def suspension_day(last_use: date) -> date:
    """The day whose sweep suspends the account."""
    return last_use + timedelta(days=FULL_DAYS + 1)


def step_due(last_use: date, today: date) -> int | None:
    """The step that is due today or was due last: 30, 7, 1 days ahead or SUSPEND; None when it is too early for all."""
    left = (suspension_day(last_use) - today).days
    return min((step for step in STEPS if left <= step), default=None)


def latest_use(today: date, step: int) -> datetime:
    """Whoever was used before this moment has come to the step by today."""
    day = today - timedelta(days=FULL_DAYS - step)
    return datetime.combine(day, time.min, BANGKOK)


def sweep_day(now: datetime) -> date | None:
    """The Bangkok day whose sweep may run now; None in the first hour of a day."""
    local = now.astimezone(BANGKOK)
    return bangkok_date(now) if local.time() >= SWEEPS_FROM else None
