"""The components of one bound form with their fields: repeated groups unrolled, values read."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from forms import fields
from forms import messages_th as say
from forms.choice_fields import ChoiceField, ChoicesField
from forms.files_field import FilesField
from forms.moment_field import MomentField
from forms.posted import Posted
from forms.rules import NEVER_PREFILLED, rules_of
from forms.schema import INPUTS, Component
from workflows.errors import Text
from workflows.ports import Lookups

MOST_ROWS = 50


@dataclasses.dataclass(eq=False, slots=True)
class Node:
    """One component at one place of the answers. ``field`` is a field of ``forms.fields`` for inputs."""

    component: Component
    path: tuple[str | int, ...] = ()
    field: Any = None
    known: Any = None  # what the case knows at this place
    children: list[Node] = dataclasses.field(default_factory=list)
    rows: list[list[Node]] = dataclasses.field(default_factory=list)
    fixed: list[Mapping[str, Any]] = dataclasses.field(default_factory=list)  # the rows as the case knows them
    hidden: bool = False
    readonly: bool = False
    computed: Any = None
    errors: list[Text] = dataclasses.field(default_factory=list)

    @property
    def name(self) -> str:
        """The dotted path: the name of the input and the key of its error."""
        return ".".join(str(part) for part in self.path)

    @property
    def is_open(self) -> bool:
        """Whether a person may answer it."""
        return self.field is not None and not (self.readonly or self.component.disabled)


def grow(
    components: Iterable[Component],
    initial: Any,
    posted: Posted | None,
    lookups: Lookups,
    path: tuple[str | int, ...] = (),
) -> list[Node]:
    """The nodes of components at a path. ``initial`` is the object of the case's variables at that path."""
    return [_node(component, initial, posted, lookups, path) for component in components]


def everywhere(nodes: Iterable[Node]) -> Iterator[Node]:
    """Every visible node, parents first."""
    for node in nodes:
        if not node.hidden:
            yield node
            yield from everywhere(node.children)
            for row in node.rows:
                yield from everywhere(row)


def collect(nodes: Iterable[Node], *, submitted: bool = False) -> dict[str, Any]:
    """The answers of visible nodes as an object; for submission without what is disabled."""
    answers: dict[str, Any] = {}
    for node in nodes:
        component = node.component
        if node.hidden:
            continue
        if component.type == "group":
            inner = collect(node.children, submitted=submitted)
            _place(answers, component.keys, inner) if component.keys else answers.update(inner)
        elif component.is_list and component.keys:
            rows = [row_values(node, number, submitted=submitted) for number in range(len(node.rows))]
            _place(answers, component.keys, rows)
        elif component.type == "expression" and component.keys:
            _place(answers, component.keys, node.computed)
        elif node.field is not None and not (submitted and component.disabled):
            _place(answers, component.keys, node.field.data)
    return answers


def row_values(node: Node, number: int, *, submitted: bool = False) -> dict[str, Any]:
    """The answers of one row of a repeating group. Where rows cannot be added or removed, with what the case knows of
    the row: nobody can change that, and its texts and conditions may refer to it."""
    answers = collect(node.rows[number], submitted=submitted)
    return {**node.fixed[number], **answers} if node.fixed else answers


def most_rows(component: Component) -> int:
    """How many rows a repeating group may have: its property ``max_entries``, else 50."""
    return component.custom_number("max_entries", MOST_ROWS)


def _node(
    component: Component, initial: Any, posted: Posted | None, lookups: Lookups, path: tuple[str | int, ...]
) -> Node:
    node = Node(component, (*path, *component.keys))
    found = _at(initial, component.keys)
    if component.type == "group":
        node.children = grow(component.children, found, posted, lookups, node.path)
        if posted is not None and component.keys and node.name in posted.misfits:
            node.errors.append(say.WRONG_TYPE)
    elif component.is_list and component.keys:
        node.rows = _rows(node, found, posted, lookups)
    elif component.type in INPUTS and component.keys:
        node.field, node.known = fields.bind(_field(component, lookups), node.name), found
        read(node, posted)
    return node


def read(node: Node, posted: Posted | None) -> None:
    """Gives a field its value: what was posted if it is open, else what the case knows, else the form's default. A
    program that leaves out what it must answer itself gives nothing: it has not seen what a page would have shown."""
    component, field = node.component, node.field
    forgets = component.key in NEVER_PREFILLED and node.is_open
    value = component.raw.get("defaultValue") if node.known is None or forgets else node.known
    taken = posted if node.is_open else None
    if taken is not None and not taken.complete and node.name not in taken and component.own_answer:
        value = None
    is_posted = taken is not None and (node.name in taken or (taken.complete and field.unposted_is_empty))
    field.process(taken if is_posted else None, value)
    if taken is not None and node.name in taken.misfits:
        field.process_errors = [*field.process_errors, say.WRONG_TYPE]


def _rows(node: Node, found: Any, posted: Posted | None, lookups: Lookups) -> list[list[Node]]:
    component, name, most = node.component, node.name, most_rows(node.component)
    known = [row for row in found if isinstance(row, Mapping)] if isinstance(found, list) else []
    if component.raw.get("allowAddRemove") is False and known:
        node.fixed = known
        rows: list[Any] = known
    elif posted is None or not posted.has_list(name):
        repetitions = component.raw.get("defaultRepetitions", 1)
        rows = known or [{}] * (repetitions if isinstance(repetitions, int) else 1)
    else:
        numbers = posted.take_rows(name, _removed(posted, name))
        # A row that a program sends stands for itself: its gaps are not filled from the row that had its number before.
        rows = [known[number] if posted.complete and number < len(known) else {} for number in numbers]
        if posted.first("_add") == name:
            rows.append({})
        if name in posted.misfits:
            node.errors.append(say.WRONG_TYPE)
    if len(rows) > most:
        node.errors.append(say.TOO_MANY_ROWS.format(limit=most))
    return [
        grow(component.children, row, posted, lookups, (*node.path, number)) for number, row in enumerate(rows[:most])
    ]


def _removed(posted: Posted, name: str) -> int | None:
    """The row that a "remove" button of this group names (``people:2``)."""
    group, _, number = posted.first("_remove").rpartition(":")
    return int(number) if group == name and number.isascii() and number.isdigit() and len(number) < 5 else None


def _field(component: Component, lookups: Lookups) -> Any:
    match component.type:
        case "textarea":
            return fields.TextAreaField()
        case "number":
            return fields.NumberField(as_text=component.raw.get("serializeToString") is True)
        case "checkbox":
            return fields.CheckboxField()
        case "radio" | "select":
            return ChoiceField()
        case "checklist" | "taglist":
            return ChoicesField()
        case "datetime":
            raw = component.raw
            return MomentField(raw.get("subtype") or "datetime", raw.get("timeSerializingFormat"))
        case "filepicker":
            return FilesField(lookups.document)
        case _:
            rules = rules_of(component)
            return fields.TextField(rules[0].rewrite if rules else None)


def _at(values: Any, keys: tuple[str, ...]) -> Any:
    for key in keys:
        values = values.get(key) if isinstance(values, Mapping) else None
    return values


def _place(answers: dict[str, Any], keys: tuple[str, ...], value: Any) -> None:
    for key in keys[:-1]:
        inner = answers.setdefault(key, {})
        if not isinstance(inner, dict):
            return
        answers = inner
    answers[keys[-1]] = value
