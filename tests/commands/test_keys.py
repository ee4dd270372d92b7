"""Keys of rows grow from each to the next, so that what was written first is read first."""

from __future__ import annotations

from itertools import count, pairwise

import pytest

from workflows.records import base

NOW = 1_790_000_000_000_000_000
ROUND = 0x800
"""After so many keys the counter begins anew."""


@pytest.fixture(autouse=True)
def _own_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is drawn here at invented moments is forgotten afterwards."""
    monkeypatch.setattr(base, "_newest", 0)


def growing(keys: list[int]) -> bool:
    return all(one < other for one, other in pairwise(keys))


def test_keys_of_one_millisecond_grow_also_where_the_counter_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base.time, "time_ns", lambda: NOW)
    assert growing([base.new_id() for _ in range(3 * ROUND)])
    naive = [key & ~(ROUND - 1) | number % ROUND for key, number in zip([base.new_id()] * 3 * ROUND, count())]
    assert not growing(naive)  # the control: moment, process and counter alone


def test_keys_grow_also_when_the_clock_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter([NOW, NOW + 5_000_000, NOW - 3_600_000_000_000, NOW - 3_600_000_000_000, NOW + 6_000_000])
    monkeypatch.setattr(base.time, "time_ns", lambda: next(moments))
    assert growing([base.new_id() for _ in range(5)])


def test_a_key_tells_its_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base.time, "time_ns", lambda: NOW)
    assert (base.new_id() >> 22) + base._EPOCH_MS == NOW // 1_000_000
    assert base.new_id() < 1 << 63
