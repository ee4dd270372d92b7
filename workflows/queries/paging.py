"""Pages of a search, found by key or by number, with the keys of their neighbours."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    FromClause,
    Label,
    Select,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    union_all,
)

from workflows.queries.criteria import Criteria

COUNTED = 10_000
"""The total is counted up to here; beyond, it is a lower bound."""

EXAMINED = 1_000
"""How many rows are looked at when a condition can only be tested row by row."""

_BEYOND_ANY_ID = 2**63

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Order:
    """Sort by a field. What is missing comes last, whichever the direction."""

    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class PageWanted:
    """``limit`` rows from number ``offset`` on, or those next to ``key`` (the values of the order's fields and the id):
    after it, or before it when ``backwards``."""

    limit: int = 100
    offset: int = 0
    key: tuple[Any, ...] | None = None
    backwards: bool = False


@dataclass(frozen=True, slots=True)
class Search:
    """What is wanted, in which order, which page of it. Rows that are equal in that order follow by id."""

    criteria: Criteria = field(default_factory=Criteria)
    order: tuple[Order, ...] = ()
    page: PageWanted = field(default_factory=PageWanted)


@dataclass(frozen=True, slots=True)
class Found:
    """One page. ``total`` is a lower bound when ``more`` is true; ``first`` and ``last`` are the keys of its ends."""

    rows: Sequence[Row]
    total: int
    more: bool = False
    first: tuple[Any, ...] | None = None
    last: tuple[Any, ...] | None = None


@dataclass(frozen=True, slots=True)
class _Key:
    """One column of the sort key, and its value in the key the page is next to."""

    column: ColumnElement[Any]
    descending: bool
    value: Any


def fetch(
    db: Connection, found: Sequence[Select[Any]], search: Search, keep: Callable[[Row], bool] | None = None
) -> Found:
    """One page of the rows of all of ``found``, which have the same columns, among them ``id``.

    Each is read in order by itself, and only as far as the page reaches. ``keep`` tests what SQL cannot.
    """
    if not found:
        return Found((), 0)
    page = search.page
    if keep is not None:
        seen = _read(db, found, replace(search, page=replace(page, offset=0, limit=EXAMINED)))
        kept = [row for row in seen if keep(row)]
        rows = kept[page.offset : page.offset + page.limit]
        return _page(rows, search, len(kept), len(seen) >= EXAMINED)
    beyond = any(isinstance(value, int) and abs(value) >= _BEYOND_ANY_ID for value in page.key or ())
    rows = [] if beyond else _read(db, found, search)
    if page.key is None and page.offset == 0 and len(rows) < page.limit:
        return _page(rows, search, len(rows), False)  # all there are: nothing to count
    counted = sum(db.execute(_counting(one)).scalar_one() for one in found)
    return _page(rows, search, min(counted, COUNTED), counted > COUNTED)


def slice_of(rows: Sequence[Row], search: Search) -> Found:
    """One page of rows that are already at hand (each with an ``id``); what is equal keeps its order."""
    ordered = list(rows)
    for order in reversed(search.order):
        present = [row for row in ordered if row[order.field] is not None]
        present.sort(key=lambda row: row[order.field], reverse=order.descending)
        ordered = present + [row for row in ordered if row[order.field] is None]
    page, start = search.page, search.page.offset
    if page.key is not None:
        at = next((n for n, row in enumerate(ordered) if _key_of(row, search) == page.key), None)
        if at is None:
            start, ordered = 0, []
        else:
            start = max(0, at - page.limit) if page.backwards else at + 1
            ordered = ordered[:at] if page.backwards else ordered
    shown = ordered[start : start + page.limit]
    return _page(shown[::-1] if page.backwards else shown, search, len(rows), False)


def _read(db: Connection, found: Sequence[Select[Any]], search: Search) -> list[Row]:
    """The rows of a page in the order they were read: backwards for a page before a key."""
    optional = {name for one in found for name, column in one.selected_columns.items() if _may_be_null(column)}
    page = search.page
    statement = _sorted(found[0].subquery(), search, optional)
    if len(found) > 1:
        firsts = [_sorted(one.subquery(), search, optional).limit(page.offset + page.limit) for one in found]
        statement = _sorted(union_all(*(select(one.subquery()) for one in firsts)).subquery(), search, optional)
    return [dict(row) for row in db.execute(statement.limit(page.limit).offset(page.offset or None)).mappings()]


def _counting(found: Select[Any]) -> Select[Any]:
    """How many rows there are, as far as they are counted."""
    some = found.with_only_columns(literal(1), maintain_column_froms=True).limit(COUNTED + 1)
    return select(func.count()).select_from(some.subquery())


def _sorted(table: FromClause, search: Search, optional: Container[str]) -> Select[Any]:
    backwards, keys = search.page.backwards, _keys(table, search, optional)
    statement = select(table)
    if search.page.key is not None:
        statement = statement.where(_beyond(keys, backwards))
    return statement.order_by(*(key.column.desc() if key.descending != backwards else key.column.asc() for key in keys))


def _keys(table: FromClause, search: Search, optional: Container[str]) -> list[_Key]:
    values = search.page.key or (None,) * (len(search.order) + 1)
    keys = []
    for order, value in zip(search.order, values, strict=False):
        column: ColumnElement[Any] = table.c[order.field]
        if order.field in optional:
            keys.append(_Key(case((column.is_(None), 1), else_=0), False, int(value is None)))
        if isinstance(column.type, Boolean):  # booleans know no order everywhere
            column, value = case((column, 1), else_=0), None if value is None else int(value)
        keys.append(_Key(column, order.descending, value))
    return [*keys, _Key(table.c.id, False, values[-1])]


def _may_be_null(column: ColumnElement[Any]) -> bool:
    """Whether a column of a result may be missing; what is not simply a column of a table may be."""
    inner = column.element if isinstance(column, Label) else column
    return bool(getattr(inner, "nullable", True))


def _beyond(keys: Sequence[_Key], backwards: bool) -> ColumnElement[bool]:
    """The rows that come after the key's values (before them when ``backwards``)."""
    alternatives: list[ColumnElement[bool]] = []
    same: list[ColumnElement[bool]] = []
    for key in keys:
        if key.value is None:
            continue  # the column before it says that this one is missing
        further = key.column < key.value if key.descending != backwards else key.column > key.value
        alternatives.append(and_(*same, further))
        same.append(key.column == key.value)
    return or_(*alternatives)


def _page(read: Sequence[Row], search: Search, total: int, more: bool) -> Found:
    if not read:
        return Found((), total, more)
    rows = read[::-1] if search.page.backwards else read
    return Found(rows, total, more, _key_of(rows[0], search), _key_of(rows[-1], search))


def _key_of(row: Row, search: Search) -> tuple[Any, ...]:
    return (*(row[order.field] for order in search.order), row["id"])
