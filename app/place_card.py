"""A place beside the seat of its province, drawn: two dots, the line between them, north up, a scale."""

from __future__ import annotations

from html import escape
from math import cos, hypot, radians

from workflows.rules.places import FAR, SEATS, from_seat

WIDTH, HEIGHT, _EDGE = 480, 300, 72
_KM_PER_DEGREE = 111.2
_SCALES = (0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500)  # kilometres of the bar
_GAP, _LETTER = 8, 8  # pixels between a label and its line, and about half the height and the width of a letter
_INK, _MUTED, _LINE, _UNIT, _SEAT, _FAR = "#16212b", "#4f5d69", "#d5dce2", "#0b5c73", "#8a5200", "#b3261e"


def svg(province: str, latitude: float, longitude: float, words: tuple[str, str]) -> str | None:
    """The card as an SVG document; ``words`` name the seat and the place. None for an unknown province."""
    kilometres = from_seat(province, latitude, longitude)
    if kilometres is None:
        return None
    south, west = SEATS[province]
    east_km = (longitude - west) * _KM_PER_DEGREE * cos(radians((south + latitude) / 2))
    north_km = (latitude - south) * _KM_PER_DEGREE
    room = max(abs(east_km) / (WIDTH - 2 * _EDGE), abs(north_km) / (HEIGHT - 2 * _EDGE), 2 / WIDTH)  # km of a pixel
    seat = WIDTH / 2 - east_km / room / 2, HEIGHT / 2 + north_km / room / 2
    place = seat[0] + east_km / room, seat[1] - north_km / room
    colour = _FAR if kilometres > FAR else _UNIT
    bar = max((each for each in _SCALES if each / room <= WIDTH / 3), default=_SCALES[0])
    return "".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
            'font-family="Sarabun, Noto Sans Thai, sans-serif" font-size="14">',
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff" stroke="{_LINE}"/>',
            _line(seat, place, _MUTED, "4 4"),
            _dot(seat, 6, _SEAT) + _text((seat[0], seat[1] + 22), words[0], _SEAT),
            _dot(place, 8, colour) + _text((place[0], place[1] - 16), words[1], colour),
            _text(_beside(seat, place, f"{kilometres:g} กม."), f"{kilometres:g} กม.", _INK) if kilometres >= 1 else "",
            _line((24, 58), (24, 28), _INK)
            + '<path d="M24 20 l-5 10 h10 z" fill="#16212b"/>'
            + _text((24, 74), "N", _INK),
            _line((16, HEIGHT - 16), (16 + bar / room, HEIGHT - 16), _INK)
            + _text((16 + bar / room / 2, HEIGHT - 22), f"{bar:g} กม.", _MUTED),
            "</svg>",
        )
    )


def _beside(begin: tuple[float, float], end: tuple[float, float], words: str) -> tuple[float, float]:
    """Where words stand beside the middle of a line so that no letter touches it: above it, or to its right."""
    across, down = end[0] - begin[0], end[1] - begin[1]
    length = hypot(across, down) or 1
    right, up = abs(down) / length, abs(across) / length
    if across * down < 0:  # a line that rises to the right leaves more room at its upper left
        right = -right
    away = _GAP + abs(right) * len(words) * _LETTER / 2 + up * _LETTER
    middle = (begin[0] + end[0]) / 2, (begin[1] + end[1]) / 2
    return middle[0] + right * away, middle[1] - up * away + _LETTER / 2


def _dot(at: tuple[float, float], radius: int, colour: str) -> str:
    return f'<circle cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="{radius}" fill="{colour}"/>'


def _line(begin: tuple[float, float], end: tuple[float, float], colour: str, dashes: str = "none") -> str:
    points = f'x1="{begin[0]:.1f}" y1="{begin[1]:.1f}" x2="{end[0]:.1f}" y2="{end[1]:.1f}"'
    return f'<line {points} stroke="{colour}" stroke-width="2" stroke-dasharray="{dashes}"/>'


def _text(at: tuple[float, float], words: str, colour: str) -> str:
    return (
        f'<text x="{at[0]:.1f}" y="{at[1]:.1f}" text-anchor="middle" fill="{colour}" stroke="#fff" '
        f'stroke-width="4" paint-order="stroke">{escape(words)}</text>'
    )
