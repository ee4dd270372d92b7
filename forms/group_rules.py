"""Rules about several answers together: those of a group, or the rows of a list. The custom property ``check`` of the
group or list names its rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from workflows.errors import Text
from workflows.rules import places, week_hours

Found = Mapping[str, Text]
"""What is wrong, by the dotted path below the group or list; "" is the group or list itself."""


def _week(hours: Any) -> Found:
    """Hours of service, day by day."""
    return week_hours.problems(hours)


def _personnel(rows: Any) -> Found:
    """Nobody serves at two places at once: rows with the same citizen ID."""
    people = [(str(row.get("pid") or ""), week_hours.kept(row.get("hours"))) for row in _mappings(rows)]
    return {f"{number}.hours": wrong for number, wrong in week_hours.clashes(people).items()}


def _place(answers: Any) -> Found:
    """Coordinates lie in Thailand."""
    latitude, longitude = (answers.get(name) for name in ("latitude", "longitude"))
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        return {}
    return {} if places.in_thailand(latitude, longitude) else {"latitude": places.NOT_IN_THAILAND}


def _mappings(rows: Any) -> Sequence[Mapping[str, Any]]:
    return [row if isinstance(row, Mapping) else {} for row in rows] if isinstance(rows, list) else []


GROUP_RULES: Mapping[str, Callable[[Any], Found]] = {"week": _week, "personnel": _personnel, "place": _place}
"""What the property ``check`` of a group or a list may name."""
