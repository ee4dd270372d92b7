"""Texts that the administration edits: agreements, mails, SMS."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from workflows.operators.registry import operator
from workflows.ports import Change, Context, Result

_BLANK_LINES = re.compile(r"\n\s*\n")


def version_of(text: str) -> str:
    """What names a version of a text for good: its SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()


@operator(
    "text.load",
    inputs={"key": "key of the text, such as nda"},
    outputs={"paragraphs": "the text as a list of paragraphs", "version": "SHA-256 of the text that was shown"},
)
def load_text(inputs: Mapping[str, Any], context: Context) -> Result:
    """Load an editable text so that a form can show it, with the version that consent will name; this version is kept
    for good, whatever becomes of the text."""
    text = context.lookups.text(inputs["key"])
    paragraphs = [" ".join(paragraph.split()) for paragraph in _BLANK_LINES.split(text.strip())]
    version = version_of(text)
    return Result(
        {"paragraphs": paragraphs, "version": version},
        changes=(Change("text.keep", {"sha256": version, "body": text}),),
    )
