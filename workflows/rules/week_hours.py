"""When somebody serves: every day or some days, at most two ranges a day.

As asked in a form: ``{day: {on, from, to, from2, to2}}`` with the days of :data:`DAYS` and ``daily`` (every day), times
as "HH:MM" or "HH:MM:SS". As kept (``unit_personnel.hours``): ``{day: [[from, to], …]}`` with "0" (Monday) to "6",
"holiday" and "every", times as "HH:MM".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from workflows.errors import Text

DAYS: dict[str, Text] = {
    "mon": Text("จันทร์", "Monday"),
    "tue": Text("อังคาร", "Tuesday"),
    "wed": Text("พุธ", "Wednesday"),
    "thu": Text("พฤหัสบดี", "Thursday"),
    "fri": Text("ศุกร์", "Friday"),
    "sat": Text("เสาร์", "Saturday"),
    "sun": Text("อาทิตย์", "Sunday"),
    "holiday": Text("วันหยุดนักขัตฤกษ์", "Public holiday"),
}
DAILY, EVERY = "daily", "every"
"""The same hours every day: as asked, and as kept (in forms ``every`` is a word of FEEL)."""
_NAMES = {**DAYS, DAILY: Text("ทุกวัน", "Every day")}
_KEPT = {DAILY: EVERY, "holiday": "holiday", **{day: str(number) for number, day in enumerate(list(DAYS)[:7])}}
_ASKED = {kept: asked for asked, kept in _KEPT.items()}

HALF = Text("{day}: ใส่เวลาเริ่มและเวลาสิ้นสุดให้ครบคู่", "{day}: give both beginning and end of the range")
BACKWARDS = Text("{day}: เวลาสิ้นสุดต้องอยู่หลังเวลาเริ่ม", "{day}: the end must be after the beginning")
OVERLAP = Text("{day}: ช่วงเวลาซ้อนกัน แก้ไขไม่ให้ซ้อนหรือรวมเป็นช่วงเดียว", "{day}: the ranges overlap; part or join them")
EMPTY_DAY = Text("{day}: เลือกวันไว้แต่ยังไม่ใส่เวลา", "{day}: the day is ticked but has no time")
NO_TIME = Text("ใส่เวลาปฏิบัติงานอย่างน้อยหนึ่งช่วง", "Give at least one range of hours")
ELSEWHERE = Text(
    "{day}: ซ้อนกับเวลาของบุคคลเดียวกันในรายการที่ {number} แก้ไขไม่ให้ซ้อนกัน",
    "{day}: overlaps with the hours of the same person in entry {number}; part them",
)

Range = tuple[str, str]


def ranges(day: Any) -> list[Range]:
    """The complete ranges of a day as asked, as "HH:MM", in the order given."""
    pairs = [(_time(day, "from"), _time(day, "to")), (_time(day, "from2"), _time(day, "to2"))]
    return [(begin, end) for begin, end in pairs if begin and end]


def problem(name: str, day: Any) -> Text | None:
    """What is wrong with one day as asked; None if nothing is."""
    words = _NAMES[name]
    for begin, end in ((_time(day, "from"), _time(day, "to")), (_time(day, "from2"), _time(day, "to2"))):
        if bool(begin) != bool(end):
            return _about(HALF, words)
        if begin and end <= begin:
            return _about(BACKWARDS, words)
    found = ranges(day)
    if _overlap(found):
        return _about(OVERLAP, words)
    ticked = isinstance(day, Mapping) and day.get("on") is True
    return _about(EMPTY_DAY, words) if ticked and not found else None


def problems(hours: Any) -> dict[str, Text]:
    """Everything wrong with a week as asked, by day; under "" that there is no time at all."""
    asked = hours if isinstance(hours, Mapping) else {}
    found = {day: wrong for day in _NAMES if day in asked and (wrong := problem(day, asked[day]))}
    if not found and not any(ranges(asked.get(day)) for day in _NAMES):
        return {"": NO_TIME}
    return found


def kept(hours: Any) -> dict[str, list[list[str]]]:
    """A week as it is kept, each day's ranges in their order."""
    asked = hours if isinstance(hours, Mapping) else {}
    days = {_KEPT[day]: sorted(map(list, ranges(asked.get(day)))) for day in _KEPT}
    return {day: found for day, found in days.items() if found}


def asked(stored: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """A week that is kept, as a form asks for it."""
    return {_ASKED[day]: _fields(found) for day, found in stored.items() if day in _ASKED}


def clashes(people: Sequence[tuple[str, Mapping[str, Any]]]) -> dict[int, Text]:
    """Of (person, kept week) entries, those whose hours overlap with an earlier entry of the same person, by number
    from 0: somebody with two professions is not in two places at once."""
    found: dict[int, Text] = {}
    for number, (person, week) in enumerate(people):
        for earlier, (other, other_week) in enumerate(people[:number]):
            day = _common(week, other_week) if person == other and person else None
            if day is not None:
                found[number] = _about(ELSEWHERE, _NAMES[_ASKED[day]]).format(number=earlier + 1)
                break
    return found


def words(stored: Mapping[str, Any], language: str = "th") -> str:
    """A kept week in words, days with the same hours together: "จันทร์-ศุกร์ 08:30-16:30"."""
    parts = []
    for days, found in _runs(stored):
        first, last = (getattr(_NAMES[_ASKED[day]], language) for day in (days[0], days[-1]))
        parts.append(f"{first if len(days) == 1 else f'{first}-{last}'} {', '.join('-'.join(each) for each in found)}")
    return " · ".join(parts)


def _runs(stored: Mapping[str, Any]) -> Iterable[tuple[list[str], Any]]:
    """Days that follow each other with the same ranges."""
    run: list[str] = []
    for day in (EVERY, *map(str, range(7)), "holiday"):
        if run and stored.get(day) == stored.get(run[0]) and day not in (EVERY, "holiday") and run != [EVERY]:
            run.append(day)
            continue
        if run:
            yield run, stored[run[0]]
        run = [day] if stored.get(day) else []
    if run:
        yield run, stored[run[0]]


def _common(week: Mapping[str, Any], other: Mapping[str, Any]) -> str | None:
    """The first day on which two kept weeks overlap; "every" is every day."""
    for day in (EVERY, *map(str, range(7)), "holiday"):
        mine, theirs = (_of(each, day) for each in (week, other))
        if mine and theirs and any(a[0] < b[1] and b[0] < a[1] for a in mine for b in theirs):
            return day
    return None


def _of(week: Mapping[str, Any], day: str) -> Any:
    if day == EVERY:
        return week.get(EVERY) or []
    return week.get(day) or week.get(EVERY) or []


def _overlap(found: Sequence[Range]) -> bool:
    ordered = sorted(found)
    return any(later[0] < earlier[1] for earlier, later in pairwise(ordered))


def _time(day: Any, name: str) -> str:
    value = day.get(name) if isinstance(day, Mapping) else None
    return value[:5] if isinstance(value, str) else ""


def _fields(found: Sequence[Sequence[str]]) -> dict[str, Any]:
    fields: dict[str, Any] = {"on": True}
    for suffix, (begin, end) in zip(("", "2"), found, strict=False):
        fields |= {f"from{suffix}": begin, f"to{suffix}": end}
    return fields


def _about(text: Text, day: Text) -> Text:
    """A message with the day's name in each language."""
    return Text(text.th.replace("{day}", day.th), text.en.replace("{day}", day.en))
