"""Which rows of a decision table may apply to some values, without asking every row.

An index never decides: it leaves out rows of which a cell is written out and cannot hold, and every other row is tested
as ever. A row is not left out because of a cell that comes after one that computes: that one may fail, and a failure
must not depend on whether there is an index.

Rows are the bits of a number. Each column answers a value with the rows it allows; what all columns allow is tested.
Blocks keep the tables of intervals small: their size is the square of a block's.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final, Protocol

from workflows.feel.expression import Expression
from workflows.feel.literal_tests import SORTED, Literals, literal_tests
from workflows.feel.values import Range

_BLOCK: Final = 256


class Row(Protocol):
    """What the index reads of a rule; a test of None holds for every value."""

    @property
    def tests(self) -> Sequence[Expression | None]: ...


class RowIndex:
    """The rows of one table by the values of its inputs."""

    def __init__(self, rows: Sequence[Row], columns: int, names: Collection[str]) -> None:
        self._blocks = [
            (start, _columns(rows[start : start + _BLOCK], columns, names)) for start in range(0, len(rows), _BLOCK)
        ]
        self._count = len(rows)

    def candidates(self, values: Sequence[Any]) -> Iterator[int]:
        """The positions of the rows that may apply, in order."""
        for start, columns in self._blocks:
            rows = (1 << min(_BLOCK, self._count - start)) - 1
            for position, column in columns:
                rows &= column.allows(values[position])
                if not rows:
                    break
            while rows:
                first = rows & -rows
                yield start + first.bit_length() - 1
                rows ^= first


def _columns(rows: Sequence[Row], count: int, names: Collection[str]) -> list[tuple[int, _Column]]:
    """The columns of a block that can leave out a row, with their positions."""
    cells: list[list[Literals | None]] = [[None] * len(rows) for _ in range(count)]
    for at, row in enumerate(rows):
        for position, test in enumerate(row.tests[:count]):
            if test is None:
                continue
            said = literal_tests(test.tree, names)
            if said is None:
                break
            if not said.others:
                cells[position][at] = said
    return [(position, _Column(column)) for position, column in enumerate(cells) if any(column)]


class _Column:
    """The written-out cells of one column: which rows each value is allowed by."""

    def __init__(self, cells: Sequence[Literals | None]) -> None:
        self._everything = (1 << len(cells)) - 1
        self._always = sum(1 << at for at, cell in enumerate(cells) if cell is None)
        self._true = _rows(cells, True)
        self._equal: dict[type, dict[Any, int]] = {cls: {} for cls in (*SORTED, bool)}
        for at, cell in enumerate(cells):
            for value in () if cell is None else cell.values:
                equal = self._equal[value.__class__]
                equal[value] = equal.get(value, 0) | 1 << at
        self._intervals = {cls: found for cls in SORTED if (found := _Intervals(cls, cells)).points}

    def allows(self, value: Any) -> int:
        """The rows whose cell may hold for the value."""
        if value is None:
            return self._always
        cls = value.__class__
        equal = self._equal.get(cls)
        if equal is None:
            return self._everything
        rows = self._always | equal.get(value, 0)
        if cls is bool:
            return rows
        intervals = self._intervals.get(cls)
        # A cell that says just true holds for everything that is no boolean: it is taken for a condition.
        return rows | self._true | (intervals.around(value) if intervals else 0)


def _rows(cells: Sequence[Literals | None], value: bool) -> int:
    return sum(
        1 << at for at, cell in enumerate(cells) if cell is not None and any(one is value for one in cell.values)
    )


class _Intervals:
    """Intervals between sorted points: the rows at each point and in each gap before, between and after them."""

    def __init__(self, cls: type, cells: Sequence[Literals | None]) -> None:
        found = [
            (at, within)
            for at, cell in enumerate(cells)
            for within in (() if cell is None else cell.ranges)
            if (within.high if within.low is None else within.low).__class__ is cls
        ]
        bounds = {bound for _, within in found for bound in (within.low, within.high) if bound is not None}
        self.points = sorted(bounds)
        self._at = [0] * (2 * len(self.points) + 1)
        for at, within in found:
            for place in self._places(within):
                self._at[place] |= 1 << at

    def around(self, value: Any) -> int:
        """The rows with an interval that the value lies in."""
        place = bisect_left(self.points, value)
        on_point = place < len(self.points) and self.points[place] == value
        return self._at[2 * place + 1 if on_point else 2 * place]

    def _places(self, within: Range) -> range:
        """Point ``i`` is place ``2i + 1``, the gap before it ``2i``."""
        first, last = 0, 2 * len(self.points)
        if within.low is not None:
            first = 2 * bisect_left(self.points, within.low) + (1 if within.low_included else 2)
        if within.high is not None:
            last = 2 * bisect_left(self.points, within.high) + (1 if within.high_included else 0)
        return range(first, last + 1)
