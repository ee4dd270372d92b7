"""Claim codes: one to one, not guessable, checked."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.rules import claim_code

KEY = b"a key of a test"


@given(st.integers(0, 10**10))
def test_a_code_is_read_as_people_type_it(counter):
    code = claim_code.make(counter, KEY)
    assert len(code) == 12
    assert claim_code.parse(f" {code[:2].lower()}-{code[2:7]} {code[7:]} ") == code


def test_codes_never_repeat_and_show_no_order():
    codes = [claim_code.make(counter, KEY) for counter in range(5_000)]
    assert len(set(codes)) == len(codes)
    assert {code[:2] for code in codes} == {"PP"}
    numbers = [int(code[2:11]) for code in codes]
    rising = sum(one < next_ for one, next_ in pairwise(numbers))
    assert 2_300 < rising < 2_700  # as often up as down
    assert min(numbers) < 10**6 < 10**9 - 10**6 < max(numbers)  # over the whole range
    assert claim_code.make(0, b"another key") != codes[0]


def test_a_prefix_rotates_at_half_its_numbers():
    last, first = (claim_code.make(claim_code.PER_PREFIX + step, KEY) for step in (-1, 0))
    assert (last[:2], first[:2]) == ("PP", "PQ")
    assert first[2:] != claim_code.make(0, KEY)[2:]


@pytest.mark.parametrize("typed", ["", "PP", "PP123456789", "P11234567890", "IO1234567890", "PP12345678901", "ก" * 12])
def test_no_code(typed):
    assert claim_code.parse(typed) is None


def test_one_wrong_digit_is_seen():
    code = claim_code.make(7, KEY)
    for at in range(2, 12):
        wrong = code[:at] + str((int(code[at]) + 1) % 10) + code[at + 1 :]
        assert claim_code.parse(wrong) is None
