"""Claim codes: two letters and ten digits, unique, in an order nobody can guess.

The first nine digits are a counter sent through a keyed permutation (a Feistel network with cycle walking), so that
neither the number of visits nor the next code can be read from a code; the tenth is a Damm check digit. A prefix serves
half of its numbers, then the next one follows: a code that is guessed is more likely to be none.
"""

from __future__ import annotations

import hmac
import re
from hashlib import sha256

from workflows.rules.case_number import check_digit
from workflows.rules.thai_text import arabic_digits, normalise

NUMBERS = 10**9
PER_PREFIX = NUMBERS // 2
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # no I and O: they are read as digits
_FIRST_PREFIX = _LETTERS.index("P") * len(_LETTERS) + _LETTERS.index("P")  # PP, as officers know it
_HALF_BITS = 15  # two halves: the smallest even number of bits that holds nine digits
_ROUNDS = 6
_CODE = re.compile(r"([A-HJ-NP-Z]{2})([0-9]{10})")


def make(counter: int, key: bytes) -> str:
    """The code of the counter-th visit (from 0). One key for ever: another key could repeat codes."""
    if counter < 0:
        raise ValueError("the counter begins at 0")
    prefix, number = divmod(counter, PER_PREFIX)
    letters = _prefix(prefix)
    mixed = _permute(number, key + letters.encode())
    while mixed >= NUMBERS:  # outside nine digits: walk on along the cycle, which stays one to one
        mixed = _permute(mixed, key + letters.encode())
    digits = f"{mixed:09d}"
    return f"{letters}{digits}{check_digit(digits)}"


def parse(text: str) -> str | None:
    """A code as people type it (small letters, spaces, dashes, Thai digits) in its one form; None if it is none."""
    plain = re.sub(r"[\s\-]", "", arabic_digits(normalise(text))).upper()
    found = _CODE.fullmatch(plain)
    return plain if found and check_digit(found[2]) == "0" else None


def _prefix(number: int) -> str:
    first, second = divmod((_FIRST_PREFIX + number) % len(_LETTERS) ** 2, len(_LETTERS))
    return _LETTERS[first] + _LETTERS[second]


def _permute(number: int, key: bytes) -> int:
    """A keyed one-to-one mapping of 30-bit numbers (Luby and Rackoff: four rounds suffice, six are for comfort)."""
    left, right = number >> _HALF_BITS, number & ((1 << _HALF_BITS) - 1)
    for turn in range(_ROUNDS):
        digest = hmac.digest(key, turn.to_bytes(1, "big") + right.to_bytes(2, "big"), sha256)
        left, right = right, left ^ (int.from_bytes(digest[:2], "big") >> 1)
    return left << _HALF_BITS | right
