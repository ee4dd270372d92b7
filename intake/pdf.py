"""Whether a PDF can be opened and does nothing but show pages."""

from __future__ import annotations

import io
from typing import Literal

import pikepdf

_ACTIVE_KEYS = {"/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/RichMedia", "/XFA"}
_ACTIVE_ACTIONS = {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Rendition"}
_MOST_OBJECTS, _DEEPEST = 20_000, 40


def problem(data: bytes) -> Literal["broken", "active"] | None:
    """``broken`` (or locked with a password), ``active`` (runs, sends or carries something), or None."""
    if not data.startswith(b"%PDF-"):
        return "broken"
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            if len(pdf.objects) > _MOST_OBJECTS or len(pdf.pages) == 0:
                return "broken"
            return "active" if any(_is_active(found) for found in pdf.objects) else None
    except (pikepdf.PdfError, pikepdf.PasswordError):
        return "broken"


def _is_active(found: object, depth: int = 0) -> bool:
    """Whether an object runs something, sends something or carries another file, also in what it holds directly."""
    if depth > _DEEPEST:
        return True  # nobody writes this by hand
    if isinstance(found, pikepdf.Array):
        inner = list(found)
    elif isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
        if _ACTIVE_KEYS & set(found.keys()) or str(found.get("/S", "")) in _ACTIVE_ACTIONS:
            return True
        inner = [found[key] for key in found.keys()]  # noqa: SIM118 - not a dict: iterating gives something else
    else:
        return False
    return any(_is_active(each, depth + 1) for each in inner if not getattr(each, "is_indirect", False))
