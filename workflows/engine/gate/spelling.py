"""Guessing which name was meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from workflows.errors import Text


def hint(wrong: str, right: Iterable[str]) -> Text | None:
    """A question to put after a wrong name that is close to an existing one.

    Singular and plural, or a name with a word more, are different names.
    """
    similar = [name for name in right if abs(len(wrong) - len(name)) <= 1 and wrong.rstrip("s") != name.rstrip("s")]
    near = difflib.get_close_matches(wrong, similar, n=1, cutoff=0.8)
    return Text(f" (หมายถึง {near[0]} หรือไม่)", f" (did you mean {near[0]}?)") if near else None
