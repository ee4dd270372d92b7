"""Seats of the provinces and distances from them."""

from __future__ import annotations

import pytest

from app.demo.places import REGIONS
from workflows.rules import places


def test_every_province_has_a_seat_in_thailand() -> None:
    provinces = {province for region in REGIONS.values() for province in region.provinces}
    assert set(places.SEATS) == provinces
    assert len(provinces) == 77
    assert all(places.in_thailand(*seat) for seat in places.SEATS.values())


def test_neighbours_share_a_region() -> None:
    """A seat typed wrongly would lie far from the others of its region."""
    for region in REGIONS.values():
        for province in region.provinces:
            others = [places.SEATS[each] for each in region.provinces if each != province]
            nearest = min((places.distance(places.SEATS[province], other) for other in others), default=0)
            assert nearest < 160, province


@pytest.mark.parametrize(
    ("one", "other", "kilometres"),
    [
        ("กรุงเทพมหานคร", "เชียงใหม่", 580),
        ("กรุงเทพมหานคร", "นนทบุรี", 12),
        ("ขอนแก่น", "อุดรธานี", 109),
        ("สงขลา", "ยะลา", 105),
    ],
)
def test_known_distances(one: str, other: str, kilometres: int) -> None:
    """Straight-line distances as published, to five per cent and three kilometres."""
    assert places.from_seat(one, *places.SEATS[other]) == pytest.approx(kilometres, rel=0.05, abs=3)


def test_an_unknown_province_and_swapped_degrees() -> None:
    assert places.from_seat("ไม่มี", 16, 102) is None
    assert places.in_thailand(16.44, 102.83)
    assert not places.in_thailand(102.83, 16.44)
