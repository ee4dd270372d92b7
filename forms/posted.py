"""What was submitted, by dotted field name, whether a browser posted it or a program sent JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Protocol

from forms.options import option_key
from forms.schema import CHOICES, TEXTS, Component

_MOST_VALUES = 2_500
_TOO_LARGE = 10**30


class MultiDict(Protocol):
    """What WTForms and Werkzeug call form data."""

    def __iter__(self) -> Any: ...

    def getlist(self, key: str, /) -> list[Any]: ...


class Posted:
    """Values by name. ``complete``: a browser, which posts every input that it shows; a program leaves out what it does
    not change. ``misfits`` are names whose JSON value has a type that no answer of that field has."""

    def __init__(self, values: Mapping[str, list[Any]], *, complete: bool) -> None:
        self._values = dict(values)
        self.complete = complete
        self.misfits: set[str] = set()
        self._rows: dict[str, int] = {}

    @classmethod
    def by_browser(cls, data: MultiDict | Mapping[str, Any]) -> Posted:
        """A posted HTML form."""
        getlist = getattr(data, "getlist", None)
        names = [name for name in data if isinstance(name, str)][:_MOST_VALUES]
        values = {}
        for name in names:
            found = getlist(name) if getlist else data[name]  # type: ignore[index]
            values[name] = list(found)[:_MOST_VALUES] if isinstance(found, list | tuple) else [found]
        posted = cls(values, complete=True)
        posted._copy(posted.first("_copy"))
        return posted

    def _copy(self, source: str) -> None:
        """A "copy to other days" button names the day it stands at (``people.0.hours.mon``): its times go to the other
        days that are ticked, or to all others if none is."""
        week, _, day = source.rpartition(".")
        if not week:
            return
        named = re.compile(re.escape(week) + r"\.([a-z]+)\.([a-z]+[0-9]?)")
        found = [match.groups() for name in self._values if (match := named.fullmatch(name))]
        others = {other for other, _ in found} - {day, "daily"}
        ticked = {other for other in others if self.first(f"{week}.{other}.on")}
        times = [field for other, field in found if other == day and field != "on"]
        self._values[f"{source}.on"] = ["true"]
        for other in ticked or others:
            self._values[f"{week}.{other}.on"] = ["true"]
            self._values |= {f"{week}.{other}.{field}": self._values[f"{source}.{field}"] for field in times}

    @classmethod
    def by_program(cls, components: tuple[Component, ...], answers: Mapping[str, Any]) -> Posted:
        """JSON answers, named as the schema names them. Keys that the form does not have are not looked at."""
        posted = cls({}, complete=False)
        posted._flatten(components, answers, "")
        return posted

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def getlist(self, name: str) -> list[Any]:
        """The values of a name; for WTForms."""
        return self._values.get(name, [])

    def first(self, name: str) -> str:
        """The first text of a name; empty if there is none."""
        found = self._values.get(name, [])
        return found[0] if found and isinstance(found[0], str) else ""

    def has_list(self, name: str) -> bool:
        """Whether the rows of a repeating group were submitted, even if none are left."""
        return self.complete or name in self._rows

    def take_rows(self, name: str, without: int | None = None) -> list[int]:
        """Numbers the rows of a repeating group anew from 0, leaving out one; gives their old numbers."""
        if name in self._rows:
            return list(range(self._rows[name]))
        pattern = re.compile(re.escape(name) + r"\.([0-9]{1,4})\.(.+)", re.DOTALL)
        found = [(int(match[1]), match[2], key) for key in self._values if (match := pattern.fullmatch(key))]
        kept = sorted({row for row, _, _ in found if row != without})
        renamed = {}
        for row, rest, key in found:
            values = self._values.pop(key)
            if row != without:
                renamed[f"{name}.{kept.index(row)}.{rest}"] = values
        self._values.update(renamed)
        return kept

    def _flatten(self, components: Iterable[Component], answers: Any, prefix: str) -> None:
        for component in components:
            if not component.keys:
                self._flatten(component.children, answers, prefix)
                continue
            name = prefix + ".".join(component.keys)
            found, value = _dig(answers, component.keys)
            if not found:
                continue
            if component.type == "group":
                if not isinstance(value, Mapping | None):
                    self.misfits.add(name)
                self._flatten(component.children, value, name + ".")
            elif component.is_list:
                self._flatten_rows(component, value, name)
            else:
                self._take(component, name, value)

    def _flatten_rows(self, component: Component, rows: Any, name: str) -> None:
        found = rows if isinstance(rows, list) else []
        if not isinstance(rows, list | None) or not all(isinstance(row, Mapping) for row in found):
            self.misfits.add(name)
        self._rows[name] = len(found)
        for number, row in enumerate(found[:_MOST_VALUES]):
            self._flatten(component.children, row, f"{name}.{number}.")

    def _take(self, component: Component, name: str, value: Any) -> None:
        many = component.type in ("checklist", "taglist", "filepicker")
        values = value if many and isinstance(value, list) else [] if value is None else [value]
        texts = [_text(component, each) for each in values[:_MOST_VALUES]]
        if any(text is None for text in texts) or (many and not isinstance(value, list | None)):
            self.misfits.add(name)
        self._values[name] = [text for text in texts if text is not None]


def _dig(answers: Any, keys: tuple[str, ...]) -> tuple[bool, Any]:
    for key in keys:
        if not isinstance(answers, Mapping) or key not in answers:
            return False, None
        answers = answers[key]
    return True, answers


def _text(component: Component, value: Any) -> str | None:
    """A JSON value as a browser would have posted it; None if no browser could."""
    if component.type == "filepicker":
        reference = value.get("documentId") if isinstance(value, Mapping) else None
        return reference if isinstance(reference, str) else None
    if isinstance(value, str):
        return value
    if component.type in CHOICES and isinstance(value, bool | int | float):
        return option_key(value)
    if component.type == "checkbox" and isinstance(value, bool):
        return "true" if value else "false"
    takes_numbers = component.type in TEXTS or component.type == "number"
    if takes_numbers and isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _TOO_LARGE:
        return format(Decimal(repr(value)), "f")
    return None
