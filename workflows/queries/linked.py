"""Two cases of one request: its smart-card roles go by the rounds in a case of their own, under the same number.

The second case has the number of the first with a suffix; people are told the number without it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, or_, select
from sqlalchemy.orm import aliased

from workflows.records import AnySelect, Case

SUFFIX = "-2"
_First, _Second = aliased(Case), aliased(Case)


def first_of(case_id: int) -> AnySelect:
    """Select the id of the request that this case is the second part of."""
    both = select(_First.id).join(_Second, _Second.number == _First.number + SUFFIX)
    return both.where(_Second.id == case_id)


def second_of(case_id: int) -> AnySelect:
    """Select the id of the second part of this request."""
    both = select(_Second.id).join(_First, _Second.number == _First.number + SUFFIX)
    return both.where(_First.id == case_id)


def others(db: Connection, case_id: int) -> Sequence[Mapping[str, Any]]:
    """The other cases of the same request."""
    found = or_(Case.id.in_(first_of(case_id)), Case.id.in_(second_of(case_id)))
    return [dict(row) for row in db.execute(select(*Case.__table__.c).where(found).order_by(Case.id)).mappings()]
