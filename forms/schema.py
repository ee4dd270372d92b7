"""A form-js schema as a tree of components."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

TEXTS = frozenset({"textfield", "textarea"})
CHOICES = frozenset({"radio", "select", "checklist", "taglist"})
INPUTS = TEXTS | CHOICES | {"number", "checkbox", "datetime", "filepicker"}
CONTAINERS = frozenset({"group", "dynamiclist"})
SHOWN = frozenset({"text", "table", "image", "separator", "spacer", "expression", "documentPreview"})
# Drawn by the page itself (button) or never drawn: foreign markup and foreign pages have no place in an official form.
NOT_DRAWN = frozenset({"button", "html", "iframe"})
KNOWN_TYPES = INPUTS | CONTAINERS | SHOWN | NOT_DRAWN

MOST_COMPONENTS = 500
DEEPEST = 6
_MOST_PARSED = 500


@dataclass(frozen=True, slots=True)
class Component:
    """One component of a form. ``keys`` is where its answer goes: the dotted key or path, split; empty if nowhere."""

    type: str
    id: str
    keys: tuple[str, ...]
    raw: Mapping[str, Any]
    children: tuple[Component, ...] = ()

    @property
    def key(self) -> str:
        """The last part of the key: what domain rules go by."""
        return self.keys[-1] if self.keys else ""

    @property
    def disabled(self) -> bool:
        """Shown but never submitted."""
        return self.raw.get("disabled") is True

    @property
    def own_answer(self) -> bool:
        """Whether what is filled in is only proposed (custom property ``own_answer``): a program must say it itself."""
        return self.custom("own_answer") in (True, "true")

    @property
    def is_list(self) -> bool:
        """Whether the component repeats."""
        return self.type == "dynamiclist"

    def limit(self, name: str) -> Any:
        """An entry of ``validate``: a literal, or FEEL beginning with "="."""
        return _mapping(self.raw.get("validate")).get(name)

    def custom(self, name: str) -> Any:
        """A custom property (the "Custom properties" group of the editor)."""
        return _mapping(self.raw.get("properties")).get(name)

    def custom_number(self, name: str, default: int) -> int:
        """A custom property that is a whole number."""
        try:
            return int(self.custom(name))
        except (TypeError, ValueError):
            return default

    def custom_text(self, name: str, language: str) -> str:
        """A custom property that is a text; in English the one named ``<name>_en`` if there is one."""
        text = (self.custom(f"{name}_en") if language == "en" else None) or self.custom(name)
        return text if isinstance(text, str) else ""

    def text(self, name: str, language: str) -> str:
        """A text of the component; in English the custom property ``<name>_en`` if there is one."""
        english = self.custom(f"{name}_en") if language == "en" else None
        text = english or self.raw.get(name)
        return text if isinstance(text, str) else ""

    @property
    def hide_condition(self) -> Any:
        """The FEEL condition under which the component is not there."""
        return _mapping(self.raw.get("conditional")).get("hide")

    @property
    def columns(self) -> int | None:
        """How many of 16 columns it takes; None for an equal share."""
        columns = _mapping(self.raw.get("layout")).get("columns")
        return columns if isinstance(columns, int) and 1 <= columns <= 16 else None

    @property
    def line(self) -> str:
        """Components with the same line stand side by side."""
        line = _mapping(self.raw.get("layout")).get("row")
        return line if isinstance(line, str) else ""


_parsed: dict[int, tuple[Mapping[str, Any], tuple[Component, ...]]] = {}
"""By the identity of a schema, which is kept with its components so that the identity stays its own."""


def parse(schema: Mapping[str, Any]) -> tuple[Component, ...]:
    """The components of a schema, which is never changed afterwards. What is no component, or lies beyond the limits,
    is left out."""
    known = _parsed.get(id(schema))
    if known is not None:
        return known[1]
    components = _parse(schema.get("components"), DEEPEST)
    if len(_parsed) >= _MOST_PARSED:
        _parsed.clear()
    _parsed[id(schema)] = schema, components
    return components


def walk(components: tuple[Component, ...]) -> Iterator[Component]:
    """Every component, parents first."""
    for component in components:
        yield component
        yield from walk(component.children)


def _parse(found: Any, depth: int) -> tuple[Component, ...]:
    if not isinstance(found, list) or not depth:
        return ()
    return tuple(
        _component(raw, depth)
        for raw in found[:MOST_COMPONENTS]
        if isinstance(raw, Mapping) and str(raw.get("type")) in KNOWN_TYPES
    )


def _component(raw: Mapping[str, Any], depth: int) -> Component:
    kind = str(raw["type"])
    where = raw.get("path" if kind in CONTAINERS else "key")
    keys = tuple(where.split(".")) if isinstance(where, str) and where else ()
    children = _parse(raw.get("components"), depth - 1) if kind in CONTAINERS else ()
    return Component(kind, str(raw.get("id") or ""), keys, raw, children)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
