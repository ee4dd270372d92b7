"""How a register is described: its fields make a form-js schema, so that it is bound, checked and drawn like the forms
of the processes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection

from workflows.errors import Text
from workflows.master_data import Register
from workflows.queries.master_data import every
from workflows.rules import thai_dates

Options = Sequence[tuple[str, Text]]


@dataclass(frozen=True, slots=True)
class Field:
    """One column. ``kind`` is a form-js type; ``more`` is laid over its component. ``options`` are fixed or read from
    the database. Fields with the same ``row`` stand side by side."""

    key: str
    label: Text
    kind: str = "textfield"
    required: bool = False
    options: Options | Callable[[Connection], Options] = ()
    hint: Text | None = None
    row: str = ""
    columns: int | None = None
    more: Mapping[str, Any] = field(default_factory=dict)

    def choices(self, db: Connection) -> Options:
        """The options, read now if they are in the database."""
        return self.options(db) if callable(self.options) else self.options

    def component(self, db: Connection, *, fixed: bool) -> dict[str, Any]:
        """The form-js component. ``fixed``: shown, not open."""
        hint = self.hint or Text("", "")
        properties = {"label_en": self.label.en, "description_en": hint.en, **self.more.get("properties", {})}
        found: dict[str, Any] = {
            "id": f"f_{self.key}",
            "type": self.kind,
            "key": self.key,
            "label": self.label.th,
            "description": hint.th,
            "layout": {"row": self.row or None, "columns": self.columns},
            **self.more,
            "properties": properties,
            "validate": {**({"required": True} if self.required else {}), **self.more.get("validate", {})},
            "readonly": fixed,
        }
        if self.options:
            found["values"] = [{"value": key, "label": text.th, "label_en": text.en} for key, text in self.choices(db)]
        return found


@dataclass(frozen=True, slots=True)
class Description:
    """One register. ``searched`` are columns a search looks into; ``shown`` are the columns of the list, the first two
    of which name an entry. ``numbers`` are fields whose answers are texts of numbers and stored as numbers, ``dates``
    those whose answers are ISO dates and stored as dates; both are null when empty, as ``nothing`` are."""

    table: Register
    title: Text
    one: Text
    about: Text
    fields: tuple[Field, ...]
    shown: tuple[str, ...]
    searched: tuple[str, ...]
    numbers: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    nothing: tuple[str, ...] = ()

    def field(self, key: str) -> Field:
        """The field of a column."""
        return next(each for each in self.fields if each.key == key)

    def schema(self, db: Connection, *, present: bool) -> dict[str, Any]:
        """The form of an entry; the key of one that is present is not open."""
        key = self.table.key
        return {"components": [each.component(db, fixed=present and each.key == key) for each in self.fields]}

    def variables(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        """An entry as its form takes it."""
        found = dict(entry)
        for name in (*self.numbers, *self.dates):
            value = entry.get(name)
            found[name] = "" if value is None else str(value)
        return found

    def values(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """The answers as the register stores them, without the key. ``nothing`` are columns that hold null, not ""."""
        found: dict[str, Any] = {}
        for name in self.table.columns:
            value = answers.get(name)
            if name in self.numbers and value:
                value = int(value)
            elif name in self.dates and value:
                value = date.fromisoformat(str(value))
            null = name in (*self.nothing, *self.numbers, *self.dates)
            found[name] = None if null and value in ("", None) else value
        return found

    def in_use(self, entry: Mapping[str, Any], day: date) -> bool:
        """Whether an entry may be chosen on a day."""
        first, last = entry.get("valid_from"), entry.get("valid_to")
        return bool(entry.get("active", True)) and (first or day) <= day <= (last or day)

    def words(self, db: Connection, name: str, value: Any) -> Text:
        """A value as people read it."""
        if value is None or value == "" or value == []:
            return Text("–", "–")
        if isinstance(value, bool):
            return Text("ใช่", "yes") if value else Text("ไม่ใช่", "no")
        if name in self.dates:
            day = date.fromisoformat(str(value))
            return Text(thai_dates.short(day), thai_dates.short(day, "en"))
        known = next((each for each in self.fields if each.key == name), None)
        options = dict(known.choices(db)) if known and known.options else {}
        parts = [
            options.get(str(each), Text(str(each), str(each)))
            for each in (value if isinstance(value, list) else [value])
        ]
        return Text(", ".join(part.th for part in parts), ", ".join(part.en for part in parts))


def names_of(register: Register) -> Callable[[Connection], Options]:
    """Options that are the entries of another register."""

    def read(db: Connection) -> Options:
        return [
            (str(row["code"]), Text(f"{row['code']} · {row['name']}", f"{row['code']} · {row['name']}"))
            for row in every(db, register)
        ]

    return read


def pattern(expression: str, thai: str, english: str) -> dict[str, Any]:
    """What a field must look like, and what is said otherwise."""
    return {
        "validate": {"pattern": expression, "patternErrorMessage": thai},
        "properties": {"pattern_error_en": english},
    }


def active(thai: str, english: str) -> Field:
    """The field that retires an entry."""
    return Field("active", Text(thai, english), "checkbox")
