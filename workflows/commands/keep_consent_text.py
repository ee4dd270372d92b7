"""Keep the version of a text that somebody is about to consent to."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.dialects import postgresql, sqlite

from workflows.operators.texts import version_of
from workflows.records import TextVersion
from workflows.work import Work


@dataclass(frozen=True, slots=True)
class KeepConsentText:
    """Keep the present text of this key for good; gives its version (SHA-256)."""

    key: str

    def run(self, work: Work) -> str:
        body = work.register.text(self.key)
        dialect = postgresql if work.db.dialect.name == "postgresql" else sqlite
        row = {"sha256": version_of(body), "body": body}
        work.write(dialect.insert(TextVersion).on_conflict_do_nothing(), row)
        return row["sha256"]
