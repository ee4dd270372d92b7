"""Reading DMN elements by local name: the namespace differs between DMN 1.1 and 1.5, the names do not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from lxml import etree

Element = etree._Element

EXPRESSIONS: Final = frozenset(
    (
        "literalExpression", "decisionTable", "context", "invocation", "functionDefinition", "relation", "list",
        "conditional", "for", "some", "every", "filter",
    )
)  # fmt: skip
"""Elements that are decision logic."""


def local(element: Element) -> str:
    """The element's name without namespace; empty for comments."""
    return str(etree.QName(element).localname) if isinstance(element.tag, str) else ""


def children(element: Element, name: str) -> list[Element]:
    return [child for child in element if local(child) == name]


def child(element: Element | None, name: str) -> Element | None:
    if element is None:
        return None
    return next((found for found in element if local(found) == name), None)


def text_of(element: Element | None, name: str = "text") -> str:
    """The trimmed text of a child element; empty if there is none."""
    found = child(element, name)
    return "" if found is None or found.text is None else found.text.strip()


def expressions(element: Element) -> Iterator[Element]:
    """The children that are decision logic."""
    return (found for found in element if local(found) in EXPRESSIONS)


def expression_of(element: Element | None) -> Element | None:
    """The first child that is decision logic."""
    return None if element is None else next(expressions(element), None)


def type_text(element: Element | None) -> str:
    """The type reference of an element: an attribute since DMN 1.2, a child before; empty if there is none."""
    return "" if element is None else (element.get("typeRef") or text_of(element, "typeRef")).strip()


def name_of(element: Element | None) -> str:
    """The ``name`` attribute with blanks collapsed: line breaks inside a name have no meaning."""
    return "" if element is None else " ".join((element.get("name") or "").split())


def line_of(element: Element) -> int:
    """The line of the file where the element begins; 0 if unknown."""
    line: Any = element.sourceline
    return line if isinstance(line, int) else 0


def nearest_id(element: Element) -> str:
    """The id of the element or of the nearest one around it."""
    found: Element | None = element
    while found is not None:
        if found.get("id"):
            return str(found.get("id"))
        found = found.getparent()
    return ""
