"""Fields that choose from options. A browser posts option keys; the answer holds the options' own values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import widgets
from wtforms.fields.choices import Choice, SelectFieldBase

from forms.fields import AnswerField
from forms.options import Option, option_key


class ChoiceField(AnswerField, SelectFieldBase):
    """One of the options. The options may change while answers are settled; the posted key stays."""

    widget = widgets.Select()
    options: Sequence[Option] = ()
    key: str = ""

    def process_data(self, value: Any) -> None:
        super().process_data(value)
        self.key = "" if value is None else option_key(value)

    def from_person(self, typed: list[str]) -> Any:
        self.key = typed[0] if typed else ""
        return self.key or None

    def offer(self, options: Sequence[Option]) -> None:
        """Takes the present options; the answer becomes the value of the chosen one."""
        self.options = options
        chosen = next((option for option in options if option.key == self.key), None)
        self.data = chosen.value if chosen else self.key or None

    @property
    def is_offered(self) -> bool:
        """Whether the answer is one of the options."""
        return any(option.key == self.key for option in self.options)

    def shown(self) -> str:
        return self.key

    def iter_choices(self) -> list[Choice]:
        """The options for the select widget of WTForms, an empty one first."""
        found = [Choice(option.key, option.label, option.key == self.key, {}) for option in self.options]
        return [Choice("", "—", not self.key, {}), *found]


class ChoicesField(AnswerField, SelectFieldBase):
    """Any of the options, in their order."""

    widget = widgets.Select(multiple=True)
    options: Sequence[Option] = ()
    keys: Sequence[str] = ()
    unposted_is_empty = True

    def __init__(self, **wtforms_options: Any) -> None:
        super().__init__(**wtforms_options)
        self.data = []

    def process_data(self, value: Any) -> None:
        values = value if isinstance(value, list) else []
        self.keys = list(dict.fromkeys(option_key(each) for each in values))
        self.data = list(values)

    def from_person(self, typed: list[str]) -> Any:
        self.keys = list(dict.fromkeys(key for key in typed if key))
        return list(self.keys)

    def offer(self, options: Sequence[Option]) -> None:
        """Takes the present options; the answer becomes the values of the chosen ones and what is not offered."""
        self.options = options
        foreign = [key for key in self.keys if key not in {option.key for option in options}]
        self.data = [option.value for option in options if option.key in self.keys] + foreign

    @property
    def is_offered(self) -> bool:
        """Whether every answer is one of the options."""
        return set(self.keys) <= {option.key for option in self.options}

    def iter_choices(self) -> list[Choice]:
        """The options for the select widget of WTForms."""
        return [Choice(option.key, option.label, option.key in self.keys, {}) for option in self.options]
