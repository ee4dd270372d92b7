"""WTForms fields for the inputs of form-js. ``data`` is always the JSON answer; errors are bilingual texts.

A field takes a value from the case (``process_data``) or from a person (``process_formdata``). What a person typed
wrongly is kept and shown again as it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import wtforms
from wtforms import widgets
from wtforms.meta import DefaultMeta

from forms import messages_th as say
from forms.options import option_key
from workflows.rules.thai_text import arabic_digits, normalise

_META = DefaultMeta()
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,10})?")


class AnswerField(wtforms.Field):
    """What all fields share. ``kept`` is the typed text to show again."""

    widget = widgets.TextInput()
    empty: Any = None
    unposted_is_empty = False  # a browser posts nothing for an unticked box

    def __init__(self, **wtforms_options: Any) -> None:
        super().__init__(**wtforms_options)
        self.data: Any = self.empty
        self.kept: str | None = None

    def process_data(self, value: Any) -> None:
        self.data = self.empty if value is None else self.from_case(value)

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        # JSON may carry halves of characters, which no page and no database can hold
        typed = [value.encode(errors="replace").decode() for value in valuelist if isinstance(value, str)]
        self.data, self.kept = self.empty, " ".join(typed)
        self.data = self.from_person(typed)
        self.kept = None

    def from_case(self, value: Any) -> Any:
        """The answer for a variable; the empty answer if the variable does not fit."""
        return value

    def from_person(self, typed: list[str]) -> Any:
        """The answer for what was posted; ValueError(Text) if it cannot be read."""
        raise NotImplementedError

    @property
    def is_empty(self) -> bool:
        """Whether there is no answer."""
        return self.data in (None, "", [])

    def _value(self) -> str:
        """What the input shows."""
        return self.kept if self.kept is not None else self.shown()

    def shown(self) -> str:
        """The answer as a person would type it."""
        return "" if self.data is None else str(self.data)


class TextField(AnswerField):
    """One line; spelling and spaces normalised. ``rewrite`` is the one form of a number or code (a citizen ID)."""

    empty = ""

    def __init__(self, rewrite: Callable[[str], str] | None = None, **wtforms_options: Any) -> None:
        self.rewrite = rewrite or normalise
        super().__init__(**wtforms_options)

    def from_case(self, value: Any) -> str:
        if isinstance(value, str):
            return value
        return option_key(value) if isinstance(value, int | float) else ""

    def from_person(self, typed: list[str]) -> str:
        return self.rewrite(typed[0]) if typed else ""


class TextAreaField(TextField):
    """Several lines, each normalised; empty lines at the end are dropped."""

    widget = widgets.TextArea()

    def from_person(self, typed: list[str]) -> str:
        lines = (typed[0] if typed else "").replace("\r\n", "\n").replace("\r", "\n").split("\n")
        return "\n".join(normalise(line) for line in lines).strip()


class NumberField(AnswerField):
    """A decimal number; Thai digits and thousands commas may be typed."""

    def __init__(self, as_text: bool = False, **wtforms_options: Any) -> None:
        self.as_text = as_text
        super().__init__(**wtforms_options)

    def from_case(self, value: Any) -> Any:
        if isinstance(value, bool):
            return None
        text = format(value, "f") if isinstance(value, Decimal | float) else str(value)
        return self._json(Decimal(text)) if _NUMBER.fullmatch(text) else None

    def from_person(self, typed: list[str]) -> Any:
        text = re.sub(r"[\s,]", "", arabic_digits(normalise(typed[0]))) if typed else ""
        if not text:
            return None
        if not _NUMBER.fullmatch(text):
            raise ValueError(say.NOT_A_NUMBER)
        return self._json(Decimal(text))

    @property
    def decimal(self) -> Decimal | None:
        """The exact number."""
        return None if self.data is None else Decimal(str(self.data))

    def shown(self) -> str:
        return "" if self.data is None else format(Decimal(str(self.data)), "f")

    def _json(self, number: Decimal) -> Any:
        if self.as_text:
            return format(number, "f")
        return int(number) if number == number.to_integral_value() else float(number)


class CheckboxField(AnswerField):
    """Yes or no."""

    widget = widgets.CheckboxInput()
    empty = False
    unposted_is_empty = True

    def from_case(self, value: Any) -> bool:
        return value is True

    def from_person(self, typed: list[str]) -> bool:
        return bool(typed) and typed[-1].strip().lower() not in ("", "0", "false", "no", "off")

    @property
    def is_empty(self) -> bool:
        return self.data is not True


def bind(unbound: Any, name: str) -> Any:
    """A field ready to process. Names are dotted paths (``people.0.pid``), ids the same with dashes."""
    return unbound.bind(form=None, name=name, id=f"f-{name.replace('.', '-')}", _meta=_META)
