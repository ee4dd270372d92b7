"""What is granted and what is there: the differences between the register and a target system."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

Access = Mapping[str, Collection[str]]
"""Username → codes of the roles that the account may use."""


class Difference(NamedTuple):
    """A role that an account should have there and has not (missing), or has and should not (extra)."""

    username: str
    role_code: str
    side: str


def differences(granted: Access, actual: Access, accepted: Collection[Difference] = ()) -> Iterator[Difference]:
    """Every difference that nobody has accepted, by username and role."""
    for username in sorted(set(granted) | set(actual)):
        should, does = set(granted.get(username, ())), set(actual.get(username, ()))
        found = [Difference(username, role, "missing") for role in should - does]
        found += [Difference(username, role, "extra") for role in does - should]
        yield from (one for one in sorted(found, key=lambda one: one.role_code) if one not in accepted)
