"""Evidence of consent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows.operators.registry import operator
from workflows.ports import Change, Context, Result


@operator(
    "consent.record",
    inputs={
        "kind": "key of the text that was shown, such as nda",
        "version": "SHA-256 of the text that was shown",
        "accepted": "true if the person accepted, false if they declined",
    },
)
def record_consent(inputs: Mapping[str, Any], context: Context) -> Result:
    """Keep that this person accepted or declined this very text, and when. A refusal is evidence too."""
    values = {
        "text_key": inputs["kind"],
        "text_sha256": inputs["version"],
        "accepted": inputs["accepted"] is True,
        "actor": context.actor.id,
        "at": context.now.isoformat(),
    }
    return Result(changes=(Change("consent.record", values),))
