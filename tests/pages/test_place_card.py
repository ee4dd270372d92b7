"""The words beside the line of a place card stand clear of it, whichever way the line runs."""

from __future__ import annotations

from math import hypot

import pytest

from app.place_card import _beside

WORDS = "132.4 กม."
HALF_HEIGHT, HALF_WIDTH = 6, len(WORDS) * 3


@pytest.mark.parametrize("end", [(400, 150), (240, 260), (400, 280), (80, 280), (80, 20), (400, 20), (90, 150)])
def test_no_letter_touches_the_line(end: tuple[float, float]) -> None:
    begin = (240.0, 150.0)
    x, baseline = _beside(begin, end, WORDS)
    y = baseline - 4
    across, down = end[0] - begin[0], end[1] - begin[1]
    sides = [
        (across * (corner_y - begin[1]) - down * (corner_x - begin[0])) / hypot(across, down)
        for corner_x in (x - HALF_WIDTH, x + HALF_WIDTH)
        for corner_y in (y - HALF_HEIGHT, y + HALF_HEIGHT)
    ]
    assert min(sides) > 2 or max(sides) < -2
