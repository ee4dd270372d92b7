"""Texts of a form: ``{{expression}}``, ``{{#if condition}}…{{/if}}``, ``{{#loop list}}…{{/loop}}`` and Markdown.

Markup never comes from data: raw HTML is off and a value put into Markdown is escaped. A text that is one FEEL
expression may build its own emphasis, but no links: in it the author's words and a requester's cannot be told apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from markdown_it import MarkdownIt
from markupsafe import Markup

from forms.conditions import Evaluator, is_expression

_TAG = re.compile(r"\{\{\s*(.*?)\s*\}\}", re.DOTALL)
_PUNCTUATION = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~&:/@])")
_MARKDOWN = MarkdownIt("js-default", {"html": False, "linkify": False}).disable("image")
_NO_LINKS = MarkdownIt("js-default", {"html": False, "linkify": False}).disable(
    ["image", "link", "autolink", "reference"]
)
_MOST_TURNS = 500


class _Block(NamedTuple):
    kind: str  # "text", "value", "if", "loop"
    source: str
    body: tuple[_Block, ...] = ()


def render(text: str, scope: Mapping[str, Any], evaluator: Evaluator) -> str:
    """A label or description with its places filled, as plain text."""
    return _render(text, scope, evaluator, lambda value: value)


def render_markdown(text: str, scope: Mapping[str, Any], evaluator: Evaluator) -> Markup:
    """A text component as safe HTML."""
    if is_expression(text):
        html = _NO_LINKS.render(evaluator.text(evaluator.value(text, scope)))
    else:
        html = _MARKDOWN.render(_render(text, scope, evaluator, escape_markdown))
    return Markup(html)  # noqa: S704 - the renderer escapes, raw HTML is switched off


def escape_markdown(value: str) -> str:
    """A value that Markdown shows exactly as it is, on one line."""
    return _PUNCTUATION.sub(r"\\\1", " ".join(value.split()))


def sources(text: str) -> list[str]:
    """Every FEEL expression of a text, for checking it when the form is deployed."""
    if is_expression(text):
        return [text[1:]]
    return [source for tag in _TAG.findall(text) if (source := re.sub(r"^#(if|loop)\b\s*", "", tag)) and tag[0] != "/"]


def _render(text: str, scope: Mapping[str, Any], evaluator: Evaluator, escape: Callable[[str], str]) -> str:
    if is_expression(text):
        return escape(evaluator.text(evaluator.value(text, scope)))
    return "".join(_fill(_parse(text), scope, evaluator, escape)) if "{{" in text else text


def _fill(
    blocks: tuple[_Block, ...], scope: Mapping[str, Any], evaluator: Evaluator, escape: Callable[[str], str]
) -> list[str]:
    out: list[str] = []
    for block in blocks:
        if block.kind == "text":
            out.append(block.source)
            continue
        value = evaluator.feel(block.source, scope)
        if block.kind == "value":
            out.append(escape(evaluator.text(value)))
        elif block.kind == "if" and value is True:
            out += _fill(block.body, scope, evaluator, escape)
        elif block.kind == "loop" and isinstance(value, list | tuple):
            for item in value[:_MOST_TURNS]:
                inner = {**scope, **(item if isinstance(item, Mapping) else {}), "this": item, "parent": scope}
                out += _fill(block.body, inner, evaluator, escape)
    return out


@lru_cache(maxsize=512)
def _parse(text: str) -> tuple[_Block, ...]:
    """The blocks of a text. A block that is never closed ends with the text; a stray end is dropped."""
    open_blocks: list[tuple[str, str, list[_Block]]] = [("", "", [])]
    at = 0

    def close() -> None:
        kind, source, body = open_blocks.pop()
        open_blocks[-1][2].append(_Block(kind, source, tuple(body)))

    for tag in _TAG.finditer(text):
        open_blocks[-1][2].append(_Block("text", text[at : tag.start()]))
        at = tag.end()
        kind, _, rest = tag[1].partition(" ")
        if kind in ("#if", "#loop"):
            open_blocks.append((kind[1:], rest, []))
        elif kind in ("/if", "/loop"):
            if open_blocks[-1][0] == kind[1:]:
                close()
        else:
            open_blocks[-1][2].append(_Block("value", tag[1]))
    open_blocks[-1][2].append(_Block("text", text[at:]))
    while len(open_blocks) > 1:
        close()
    return tuple(open_blocks[0][2])
