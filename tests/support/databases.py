"""Fresh databases: copies of templates that are made once per test run, one with the product's tables only, one with
everything that is there before the first request (reference data, calendar, diagrams, the demo people)."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.support.locks import once
from tests.support.migrations import upgrade
from tests.support.postgres import PostgresServer, hire_keeper
from tests.support.world import prepare

TEMPLATE = "sitthi_template"
PREPARED = "sitthi_prepared"
_numbers = itertools.count(1)


class SqliteDatabases:
    """Databases as files; a new one is a copy of the migrated template file."""

    def __init__(self, shared: Path, own: Path) -> None:
        self.own = own
        self.shared = shared
        self.template = shared / "template.db"
        self.prepared = shared / "prepared.db"
        once(shared / "sqlite", lambda: self._make_template())

    def _make_template(self) -> None:
        self.template.unlink(missing_ok=True)
        upgrade(f"sqlite:///{self.template}")

    def _make_prepared(self) -> None:
        shutil.copyfile(self.template, self.prepared)
        prepare(f"sqlite:///{self.prepared}", self.own)

    @contextmanager
    def fresh(self, *, empty: bool = False, prepared: bool = False) -> Iterator[str]:
        """The URL of a database nobody else uses, removed afterwards; ``empty`` has no tables."""
        file = self.own / f"sitthi-{next(_numbers)}.db"
        if prepared:
            once(self.shared / "sqlite-prepared", self._make_prepared)
        if not empty:
            shutil.copyfile(self.prepared if prepared else self.template, file)
        try:
            yield f"sqlite:///{file}"
        finally:
            for leftover in self.own.glob(file.name + "*"):
                leftover.unlink()


class PostgresDatabases:
    """Databases of the one server that a test run shares; a new one is a copy of the migrated template database."""

    def __init__(self, shared: Path, directory: Path, owner: int, worker: str) -> None:
        self.worker = worker
        self.shared = shared
        once(shared / "postgresql-server", lambda: hire_keeper(directory, owner))
        self.server = PostgresServer(directory)
        once(shared / "postgresql-template", self._make_template)

    def _make_template(self) -> None:
        self._administer(f'CREATE DATABASE "{TEMPLATE}"')
        upgrade(self.server.url(TEMPLATE))

    def _make_prepared(self) -> None:
        self._administer(f'CREATE DATABASE "{PREPARED}" TEMPLATE "{TEMPLATE}"')
        prepare(self.server.url(PREPARED), self.shared)

    def _administer(self, statement: str) -> None:
        url = self.server.url().replace("postgresql+psycopg", "postgresql")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(statement.encode())

    @contextmanager
    def fresh(self, *, empty: bool = False, prepared: bool = False) -> Iterator[str]:
        """The URL of a database nobody else uses, dropped afterwards; ``empty`` has no tables."""
        name = f"sitthi_{self.worker}_{next(_numbers)}"
        if prepared:
            once(self.shared / "postgresql-prepared", self._make_prepared)
        template = "template0" if empty else PREPARED if prepared else TEMPLATE
        self._administer(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        try:
            yield self.server.url(name)
        finally:
            self._administer(f'DROP DATABASE "{name}" WITH (FORCE)')
