"""What a search asks for, as plain data: conditions that become SQL, or are tested on values that are no columns.

A condition names a field of the search, an operator and a value. Operators: ``eq neq in notIn exists gt gte lt lte
like`` (``*`` any letters, ``?`` one letter, ``\\`` takes the next one literally). A missing value is unequal to
everything and neither smaller nor greater than anything.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, false, func, literal, not_, or_, select, true

_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}


@dataclass(frozen=True, slots=True)
class Condition:
    """One field, one operator, one value (a tuple for ``in`` and ``notIn``, whether there is one for ``exists``)."""

    field: str
    operator: str
    value: Any


@dataclass(frozen=True, slots=True)
class Criteria:
    """All of ``every`` must hold and, where ``any_of`` is given, all conditions of at least one of its groups."""

    every: tuple[Condition, ...] = ()
    any_of: tuple[tuple[Condition, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Members:
    """A JSON column that holds a list of texts; a condition holds when it holds for one of them."""

    column: ColumnElement[Any]


Columns = Mapping[str, Any]
"""By field: a column, ``Members`` of a column, or a constant that is the same for all rows."""


def where(criteria: Criteria, columns: Columns, dialect: str) -> list[ColumnElement[bool]]:
    """The criteria as SQL conditions over columns; ``dialect`` is ``sqlite`` or ``postgresql``."""
    clauses = [_clause(condition, columns, dialect) for condition in criteria.every]
    if criteria.any_of:
        groups = [and_(true(), *(_clause(one, columns, dialect) for one in group)) for group in criteria.any_of]
        clauses.append(or_(*groups))
    return clauses


def matches(criteria: Criteria, row: Mapping[str, Any]) -> bool:
    """Whether a row of values meets the criteria."""
    return all(holds(one, row[one.field]) for one in criteria.every) and (
        not criteria.any_of or any(all(holds(one, row[one.field]) for one in group) for group in criteria.any_of)
    )


def holds(condition: Condition, value: Any) -> bool:
    """Whether one value meets a condition."""
    wanted = condition.value
    match condition.operator:
        case "eq":
            return bool(value == wanted)
        case "neq":
            return bool(value != wanted)
        case "in":
            return bool(value in wanted)
        case "notIn":
            return bool(value not in wanted)
        case "exists":
            return bool((value is not None) == wanted)
        case "like":
            return value is not None and re.fullmatch(_regex(wanted), str(value), re.DOTALL) is not None
    return value is not None and bool(_COMPARE[condition.operator](value, wanted))


def _clause(condition: Condition, columns: Columns, dialect: str) -> ColumnElement[bool]:
    found = columns[condition.field]
    if isinstance(found, Members):
        return _member(condition, found, dialect)
    if not isinstance(found, ColumnElement):
        return true() if holds(condition, found) else false()
    target: ColumnElement[Any] = found
    wanted = condition.value
    match condition.operator:
        case "eq":
            return and_(target == wanted)
        case "neq":
            return or_(target != wanted, target.is_(None))
        case "in":
            return target.in_(wanted)
        case "notIn":
            return or_(target.not_in(wanted), target.is_(None))
        case "exists":
            return target.is_not(None) if wanted else target.is_(None)
        case "like":
            return _like(target, wanted, dialect)
    clause: ColumnElement[bool] = _COMPARE[condition.operator](target, wanted)
    return clause


def _member(condition: Condition, target: Members, dialect: str) -> ColumnElement[bool]:
    if dialect == "postgresql":
        each = func.json_array_elements_text(target.column).table_valued("value")
    else:
        each = func.json_each(target.column).table_valued("value")
    name, wanted = condition.operator, condition.value
    if name == "exists":
        some = select(literal(1)).select_from(each).exists()
        return some if wanted else not_(some)
    if name in ("neq", "notIn"):
        opposite = Condition(condition.field, "eq" if name == "neq" else "in", wanted)
        return not_(_member(opposite, target, dialect))
    inner = _clause(condition, {condition.field: each.c.value}, dialect)
    return select(literal(1)).select_from(each).where(inner).exists()


def _like(column: ColumnElement[Any], pattern: str, dialect: str) -> ColumnElement[bool]:
    """Letters are told apart by case in both databases: SQLite's LIKE would not, its GLOB does."""
    text = cast(column, Text)
    if dialect == "sqlite":
        glob = "".join(
            f"[{letter}]" if literal_ and letter in "*?[" else letter for letter, literal_ in _letters(pattern)
        )
        return text.op("GLOB", is_comparison=True)(glob)
    wild = {"*": "%", "?": "_"}
    like = "".join(
        ("\\" + letter if letter in "%_\\" else letter) if literal_ else wild[letter]
        for letter, literal_ in _letters(pattern)
    )
    return text.like(like, escape="\\")


def _regex(pattern: str) -> str:
    wild = {"*": ".*", "?": "."}
    return "".join(re.escape(letter) if literal_ else wild[letter] for letter, literal_ in _letters(pattern))


def _letters(pattern: str) -> Sequence[tuple[str, bool]]:
    """The letters of a pattern, each with whether it stands for itself."""
    found, rest = [], iter(pattern)
    for letter in rest:
        if letter == "\\":
            found.append((next(rest, "\\"), True))
        elif letter == "*" and found and found[-1] == ("*", False):
            continue
        else:
            found.append((letter, letter not in "*?"))
    return found
