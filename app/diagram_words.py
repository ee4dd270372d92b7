"""What a diagram says, in the language of the request: the names of its process and tasks, its steps and stages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.access import product
from app.i18n import language


def title(definition_key: int) -> str:
    """The name of a process."""
    return product().runtime.services.definitions.process(definition_key).title(language())


def said(definition_key: int, words: str) -> str:
    """The name of a task, a step or a stage of a process."""
    if language() != "en":
        return words
    return product().runtime.services.definitions.process(definition_key).said(words, "en")


def header(headers: Mapping[str, Any], name: str) -> str:
    """What a user task says in one of its headers, such as ``ask``; empty where it says nothing."""
    return str((headers.get(f"{name}_en") if language() == "en" else None) or headers.get(name, ""))
