"""What an edited text may not lose, and may not invent."""

from __future__ import annotations

import pytest

from app.demo.texts import texts
from app.pages.texts import _has_subject
from workflows.rules.text_places import check

SHIPPED = "เรื่อง {case_number}\n\nเรียน {name} เปิด {link}"


@pytest.mark.parametrize(
    ("text", "wrong", "notes"),
    [
        (SHIPPED, 0, 0),
        ("เรื่อง\n\n{link}", 0, 1),  # leaves places out
        ("เรื่อง {case_number}\n\n{name}", 1, 0),  # no link
        ("เรื่อง {case_number}\n\n{nmae} {link}", 1, 1),  # a slip
        ("เรื่อง {case_number.__class__}\n\n{link} {name}", 1, 1),
        ("เรื่อง {case_number} {name} {link}", 1, 0),  # subject only
        ("", 1, 0),
        ("x\n" * 9_000 + "{case_number}{name}{link}", 1, 0),
    ],
)
def test_what_is_told(text: str, wrong: int, notes: int) -> None:
    checked = check(text, SHIPPED, has_subject=True)
    assert (len(checked.wrong), len(checked.notes)) == (wrong, notes)


@pytest.mark.parametrize("key", texts())
def test_every_shipped_text_passes(key: str) -> None:
    body = texts()[key]
    assert check(body, body, has_subject=_has_subject(key)) == ([], [])
