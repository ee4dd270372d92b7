"""A small proof of work in place of a picture captcha: a browser must try many numbers, the server checks one."""

from __future__ import annotations

import hashlib

MOST_BITS = 26


def is_solved(challenge: str, about: str, nonce: str, bits: int) -> bool:
    """Whether SHA-256 of challenge, what it is about and the found number begins with so many zero bits: about
    ``2 ** bits`` tries for whoever looks for one."""
    digest = hashlib.sha256(f"{challenge}:{about}:{nonce}".encode()).digest()
    return int.from_bytes(digest) >> (256 - bits) == 0
