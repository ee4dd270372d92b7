"""A bound form as a page draws it: visible components, line by line, every text ready."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from markupsafe import Markup

from forms.conditions import Evaluator, is_expression
from forms.files_field import FilesField
from forms.nodes import Node, most_rows, row_values
from forms.rules import rules_of
from forms.schema import NOT_DRAWN, Component
from forms.templating import render, render_markdown
from workflows.errors import Text

_MOST_TABLE_ROWS = 200
_HTML_TYPES = {"email": "email", "phone": "tel"}
_DATE_HINTS = {
    "date": Text("วว/ดด/ปปปป (พ.ศ.)", "dd/mm/yyyy (B.E.)"),
    "time": Text("ชช:นน", "hh:mm"),
    "datetime": Text("วว/ดด/ปปปป ชช:นน", "dd/mm/yyyy hh:mm"),
}


@dataclasses.dataclass(slots=True)
class Shown:
    """One component to draw. ``kind`` is its form-js type, ``name`` what is posted, ``field`` its WTForms field.

    ``value`` is text for most inputs, a boolean for a checkbox, a list of option keys for several choices.
    """

    kind: str
    name: str = ""
    label: str = ""
    description: str = ""
    field: Any = None
    value: Any = None
    options: Sequence[tuple[str, str]] = ()
    errors: Sequence[Text] = ()
    required: bool = False
    readonly: bool = False
    disabled: bool = False
    columns: int | None = None
    draw: str = ""  # how a page draws a group that has a way of its own: "week"
    attrs: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    prefix: str = ""
    suffix: str = ""
    input: str = "text"
    multiple: bool = False
    accept: str = ""
    documents: Sequence[Mapping[str, Any]] = ()
    rows: Sequence[Sequence[Shown]] = ()
    items: Sequence[Sequence[Sequence[Shown]]] = ()
    can_add: bool = False
    can_remove: bool = False
    header: Sequence[str] = ()
    body: Sequence[Sequence[str]] = ()
    html: Markup | None = None
    reads_card: str = ""  # what for, where a card reader fills it


Lines = list[list[Shown]]


def lines(
    nodes: Iterable[Node],
    scope: Mapping[str, Any],
    evaluator: Evaluator,
    language: str,
    errors: Mapping[str, Text],
) -> Lines:
    """The components to draw; those that share a ``layout.row`` stand in one line."""
    drawn = [
        (node.component.line or f"#{number}", _show(node, scope, evaluator, language, errors))
        for number, node in enumerate(_drawn(list(nodes)))
    ]
    return [[shown for _, shown in line] for _, line in groupby(drawn, key=lambda pair: pair[0])]


def _drawn(nodes: list[Node]) -> Iterable[Node]:
    """What is visible, and the comment beside a decision even while its condition hides it: the page opens it under
    the choice that needs it, without asking the server."""
    decides = any(node.component.key == "decision" and not node.hidden for node in nodes)
    for node in nodes:
        waits = decides and node.component.key == "comment"
        if (not node.hidden or waits) and node.component.type not in NOT_DRAWN:
            yield node


def _show(
    node: Node, scope: Mapping[str, Any], evaluator: Evaluator, language: str, errors: Mapping[str, Text]
) -> Shown:
    component, raw = node.component, node.component.raw

    def text(name: str) -> str:
        return render(component.text(name, language), scope, evaluator)

    shown = Shown(
        kind=component.type,
        name=node.name,
        label=text("label") or text("dateLabel") or text("timeLabel"),
        description=text("description"),
        errors=[errors[node.name]] if node.path and node.name in errors else (),
        required=component.limit("required") is True,
        readonly=node.readonly,
        disabled=component.disabled,
        columns=component.columns,
    )
    match component.type:
        case "text":
            shown.html = render_markdown(component.text("text", language), scope, evaluator)
        case "group":
            shown.rows = lines(node.children, scope, evaluator, language, errors)
            shown.draw = str(component.custom("draw") or "")
        case "dynamiclist":
            _list(shown, node, scope, evaluator, language, errors)
        case "table":
            shown.header, shown.body = _table(component, scope, evaluator, language)
        case "expression":
            shown.value = evaluator.text(node.computed)
        case "image":
            shown.value, shown.label = _own_address(evaluator.value(raw.get("source"), scope)), text("alt")
        case "documentPreview":
            shown.documents = _documents(evaluator.json(raw.get("dataSource"), scope))
    if node.field is not None:
        _input(shown, node, scope, evaluator, language)
    return shown


def _input(shown: Shown, node: Node, scope: Mapping[str, Any], evaluator: Evaluator, language: str) -> None:
    component, field_, raw = node.component, node.field, node.component.raw
    shown.field = field_
    shown.value = field_.data if component.type == "checkbox" else field_._value()
    if component.type in ("checklist", "taglist"):
        shown.value = field_.keys
    if component.type in ("radio", "select", "checklist", "taglist"):
        shown.options = [(option.key, option.label) for option in field_.options]
    adorners = raw.get("appearance")
    if isinstance(adorners, Mapping):
        shown.prefix = render(str(adorners.get("prefixAdorner") or ""), scope, evaluator)
        shown.suffix = render(str(adorners.get("suffixAdorner") or ""), scope, evaluator)
    shown.input = _HTML_TYPES.get(str(component.limit("validationType")), "text")
    if isinstance(field_, FilesField):
        shown.multiple, shown.accept = raw.get("multiple") is True, str(raw.get("accept") or "")
        shown.documents = field_.documents
    shown.attrs = _attributes(component, scope, evaluator, language)
    shown.reads_card = str(component.custom("reads_card") or "")


_HINTS = (
    ("suggest", "data-suggest"),
    ("autocomplete", "autocomplete"),
    ("card", "data-card"),
    ("locate", "data-locate"),
    ("capture", "capture"),
)


def _attributes(component: Component, scope: Mapping[str, Any], evaluator: Evaluator, language: str) -> dict[str, str]:
    """Hints for the browser. Nothing here is relied on: the server checks everything again."""
    found = dict(pair for rule in rules_of(component) for pair in rule.attributes)
    if component.type in ("textfield", "textarea"):
        for name in ("minLength", "maxLength"):
            limit = evaluator.number(component.limit(name), scope)
            if limit is not None and name.lower() not in found and not found.get("inputmode"):
                found[name.lower()] = format(limit, "f")
    if component.type == "datetime":
        hint = _DATE_HINTS.get(str(component.raw.get("subtype")), _DATE_HINTS["datetime"])
        found |= {"placeholder": hint.en if language == "en" else hint.th, "inputmode": "numeric"}
    for name, attribute in _HINTS:
        if component.custom(name):
            found[attribute] = str(component.custom(name))
    return found


def _list(
    shown: Shown,
    node: Node,
    scope: Mapping[str, Any],
    evaluator: Evaluator,
    language: str,
    errors: Mapping[str, Text],
) -> None:
    shown.items = [
        lines(
            row,
            {**scope, **(values := row_values(node, number - 1)), "this": values, "i": [number]},
            evaluator,
            language,
            errors,
        )
        for number, row in enumerate(node.rows, 1)
    ]
    may_change = node.component.raw.get("allowAddRemove") is not False and not node.component.disabled
    shown.can_add = may_change and len(node.rows) < most_rows(node.component)
    shown.can_remove = may_change


def _table(
    component: Component, scope: Mapping[str, Any], evaluator: Evaluator, language: str
) -> tuple[list[str], list[list[str]]]:
    source = component.raw.get("dataSource")
    written = source if is_expression(source) else f"={source}"
    found = evaluator.json(written, scope) if source else None
    columns = evaluator.json(component.raw.get("columnsExpression"), scope) or component.raw.get("columns")
    columns = [column for column in columns if isinstance(column, Mapping)] if isinstance(columns, list) else []
    header = [
        str((column.get("label_en") if language == "en" else None) or column.get("label") or "") for column in columns
    ]
    body = [
        [evaluator.text(row.get(str(column.get("key")))) for column in columns]
        for row in (found[:_MOST_TABLE_ROWS] if isinstance(found, list) else [])
        if isinstance(row, Mapping)
    ]
    return header, body


def _own_address(source: Any) -> str:
    """An image of this site or inside the form; nothing is fetched from elsewhere."""
    text = source if isinstance(source, str) else ""
    is_own = (text.startswith("/") and not text.startswith(("//", "/\\"))) or text.startswith("data:image/")
    return text if is_own else ""


def _documents(references: Any) -> list[dict[str, Any]]:
    """Document references as a page lists them."""
    found = []
    for each in references if isinstance(references, list) else []:
        meta = each.get("metadata") if isinstance(each, Mapping) else None
        if isinstance(meta, Mapping):
            found.append(
                {
                    "id": each.get("documentId"),
                    "file_name": meta.get("fileName"),
                    "content_type": meta.get("contentType"),
                    "size": meta.get("size"),
                }
            )
    return found
