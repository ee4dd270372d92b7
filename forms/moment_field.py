"""The field for dates and times: typed in the Buddhist era, answered in ISO."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any, TypeVar

from forms.fields import AnswerField
from workflows.clock import BANGKOK
from workflows.errors import Text
from workflows.rules import thai_dates
from workflows.rules.thai_text import arabic_digits, normalise

_T = TypeVar("_T")
_ISO_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}\S*")


class MomentField(AnswerField):
    """A date, a time or both. Typed in the Buddhist era or ISO, answered in ISO, shown as it is typed.

    ``zone`` is form-js' ``timeSerializingFormat``: "utc_offset" adds +07:00, "utc_normalized" gives UTC with Z,
    "no_timezone" leaves Bangkok time bare. A time alone carries no zone unless one is asked for.
    """

    def __init__(self, subtype: str = "datetime", zone: str | None = None, **wtforms_options: Any) -> None:
        self.subtype = subtype if subtype in ("date", "time", "datetime") else "datetime"
        self.zone = zone or ("utc_offset" if self.subtype == "datetime" else "no_timezone")
        super().__init__(**wtforms_options)

    def from_case(self, value: Any) -> str | None:
        try:
            return self._read(value) if isinstance(value, str) and value else None
        except ValueError:
            return None

    def from_person(self, typed: list[str]) -> str | None:
        text = arabic_digits(normalise(" ".join(typed)))
        return self._read(text) if text else None

    def _read(self, text: str) -> str:
        if self.subtype == "date":
            # A whole moment is cut to its Bangkok day: a variable may hold one
            return _right(thai_dates.parse_date(self._day_of(text))).isoformat()
        if self.subtype == "time":
            bare = re.sub(r"(Z|[+-][0-9]{2}:[0-9]{2})$", "", text)
            moment = datetime.combine(datetime(2000, 1, 1), _right(thai_dates.parse_time(bare)), BANGKOK)  # noqa: DTZ001
            return self._zoned(moment).partition("T")[2]
        if _ISO_MOMENT.fullmatch(text):
            return self._zoned(_moment(text))
        day, _, hour = text.replace(" น.", "น.").rpartition(" ")
        at = datetime.combine(_right(thai_dates.parse_date(day)), _right(thai_dates.parse_time(hour)), BANGKOK)
        return self._zoned(at)

    def _day_of(self, text: str) -> str:
        return _moment(text).astimezone(BANGKOK).date().isoformat() if _ISO_MOMENT.fullmatch(text) else text

    def _zoned(self, moment: datetime) -> str:
        local = moment.astimezone(BANGKOK)
        if self.zone == "utc_normalized":
            return f"{local.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"
        return f"{local:%Y-%m-%dT%H:%M:%S}" + ("+07:00" if self.zone == "utc_offset" else "")

    def shown(self) -> str:
        if not self.data:
            return ""
        if self.subtype == "date":
            return thai_dates.numeric(datetime.fromisoformat(self.data).date())
        text = self.data if self.subtype == "datetime" else f"2000-01-01T{self.data}"
        local = _moment(text).astimezone(BANGKOK)
        clock = f"{local:%H:%M}"
        return clock if self.subtype == "time" else f"{thai_dates.numeric(local)} {clock}"

    @property
    def moment(self) -> datetime | None:
        """The answer as an instant; a date is its last moment in Bangkok, so that today is not past."""
        if not self.data or self.subtype == "time":
            return None
        return _moment(self.data if self.subtype == "datetime" else f"{self.data}T23:59:59")


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise ValueError(thai_dates.NOT_A_DATE) from None
    if not thai_dates.FIRST_YEAR <= moment.year <= thai_dates.LAST_YEAR:
        raise ValueError(thai_dates.NOT_A_DATE)
    return moment if moment.tzinfo else moment.replace(tzinfo=BANGKOK)


def _right(value: _T | Text) -> _T:
    """What was read; the message as an error if nothing could be."""
    if isinstance(value, Text):
        raise ValueError(value)
    return value
