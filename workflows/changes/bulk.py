"""The lines of bulk requests. However many they are, each change is a handful of statements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from workflows.bulk_lines import row_of, sealed_reasons
from workflows.chain import Event
from workflows.changes.registry import writes
from workflows.records import BulkLine, Document, table
from workflows.work import Work

_LINES = table(BulkLine)
_ONE = (_LINES.c.case_id == bindparam("of_case"), _LINES.c.line == bindparam("of_line"))
_DECIDED = ("state", "level", "systems", "reasons")
_CORRECTED = (*_DECIDED, "roles", "pid_index", "pid_masked", "person")
_DECIDE = update(_LINES).where(*_ONE).values({name: bindparam(name) for name in _DECIDED})
_CORRECT = update(_LINES).where(*_ONE).values({name: bindparam(name) for name in _CORRECTED})


@writes("bulk.load")
def load(work: Work, case: Any, given: Mapping[str, Any], values: dict[str, Any]) -> Event:
    keyring, known = work.services.keyring, set(given["known"])
    rows = [row_of(keyring, case.id, int(line), person) for line, person in given["lines"].items()]
    new = [row for row in rows if row["line"] not in known]
    corrected = [row for row in rows if row["line"] in known]
    if given["system"] and corrected:
        _keep_decisions(work, case.id, given["system"], corrected)
    if new:
        work.write(insert(_LINES), new)
    if corrected:
        work.write(_CORRECT, [_addressed(row) for row in corrected])
    if given["removed"]:
        gone = (_LINES.c.case_id == case.id, _LINES.c.line.in_(given["removed"]))
        work.write(update(_LINES).where(*gone).values(state="removed"))
    letter = update(Document).where(Document.id == given["letter_id"], Document.case_id.is_(None))
    work.write(letter.values(case_id=case.id))
    numbers = {"new": len(new), "corrected": [row["line"] for row in corrected], "removed": list(given["removed"])}
    return Event("bulk.loaded", data=numbers)


@writes("bulk.decide")
def decide(work: Work, case: Any, given: Mapping[str, Any], values: dict[str, Any]) -> Event | None:
    lines = given["lines"]
    if not lines:
        return None
    keyring = work.services.keyring
    rows = [
        {
            "of_case": case.id,
            "of_line": line["line"],
            "state": line["state"],
            "level": line["level"],
            "systems": line["systems"],
            "reasons": sealed_reasons(keyring, case.id, line["line"], line["reasons"]),
        }
        for line in lines
    ]
    work.write(_DECIDE, rows)
    said = [line.get("decision") or line["state"] for line in lines]
    data = {"level": given["level"], "counts": dict(Counter(said))}
    for word in ("return", "reject", "failed"):
        if word in said:
            data[word] = [line["line"] for line, each in zip(lines, said, strict=True) if each == word]
    return Event("bulk.decided", data=data)


@writes("bulk.withdraw")
def withdraw(work: Work, case: Any, given: Mapping[str, Any], values: dict[str, Any]) -> None:
    waiting = (_LINES.c.case_id == case.id, _LINES.c.state.in_(("open", "returned")))
    work.write(update(_LINES).where(*waiting).values(state="removed"))


def _addressed(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as the statement that corrects it wants it: its key under other names than its columns."""
    rest = {key: value for key, value in row.items() if key not in ("case_id", "line")}
    return {"of_case": row["case_id"], "of_line": row["line"], **rest}


def _keep_decisions(work: Work, case_id: int, system: str, corrected: list[dict[str, Any]]) -> None:
    """An owner's return asks that owner again, nobody else."""
    columns = (BulkLine.line, BulkLine.level, BulkLine.systems)
    before = {row.line: row for row in work.db.execute(select(*columns).where(BulkLine.case_id == case_id))}
    for row in corrected:
        known = before[row["line"]]
        row["level"] = known.level
        row["systems"] = {code: said for code, said in known.systems.items() if code != system}
