from datetime import date

import pytest

from workflows.rules.calendar_import import government_holidays
from workflows.rules.working_days import Calendar


@pytest.fixture(scope="session")
def calendar() -> Calendar:
    """The government calendar of 2025 to 2028 as it would be accepted."""
    return make_calendar()


def make_calendar(
    added: tuple[str, ...] = (), removed: tuple[str, ...] = (), make_up: tuple[str, ...] = ()
) -> Calendar:
    holidays = {row.day: row.name_th for row in government_holidays(range(2025, 2029))}
    holidays.update({date.fromisoformat(day): "วันหยุดพิเศษ" for day in added})
    for day in removed:
        del holidays[date.fromisoformat(day)]
    return Calendar(holidays, date(2025, 1, 1), date(2028, 12, 31), [date.fromisoformat(day) for day in make_up])
