"""The product on a database of its own, and cases to push through it."""

from __future__ import annotations

import atexit
import itertools
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import select

from app import preparation
from app.wiring import Product, build
from bench.diagrams import FILES, VARIABLES, answers
from config import Settings
from tests.support.postgres import PostgresServer, binaries
from workflows.actor import DEPLOYER, Actor
from workflows.clock import FixedClock
from workflows.commands.complete_work_item import CompleteWorkItem
from workflows.commands.deploy_diagrams import DeployDiagrams
from workflows.commands.start_case import StartCase
from workflows.records import WorkItem

NOON = datetime(2026, 1, 5, 5, tzinfo=UTC)
REQUESTER = Actor("t1", "ผู้ขอ", frozenset({"requester:99001"}), "99001", account_id=1)
OFFICER = Actor(
    "t2",
    "เจ้าหน้าที่",
    frozenset({"unit_head:99001", "issuer", *(f"region_officer:{n}" for n in range(1, 5))}),
    "99002",
    account_id=2,
)
_numbers = itertools.count(1)


class NotHere(Exception):
    """This machine lacks what a benchmark needs; the message names it."""


@contextmanager
def sqlite() -> Iterator[Product]:
    """The product on a fresh SQLite file."""
    with tempfile.TemporaryDirectory(prefix="sitthi-bench-") as directory:
        yield from _prepared(f"sqlite:///{directory}/bench.db", Path(directory))


@contextmanager
def postgresql() -> Iterator[Product]:
    """The product on a fresh database of a PostgreSQL server that serves this run only."""
    server = _server()
    name = f"bench_{next(_numbers)}"
    _administer(server, f"CREATE DATABASE {name}")
    with tempfile.TemporaryDirectory(prefix="sitthi-bench-") as directory:
        yield from _prepared(server.url(name), Path(directory))
    _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@cache
def _server() -> PostgresServer:
    if binaries() is None:
        raise NotHere("PostgreSQL is not installed (Debian package: postgresql)")
    directory = Path(tempfile.mkdtemp(prefix="sitthi-bench-"))
    directory.chmod(0o755)  # the server runs as somebody else
    server = PostgresServer(directory / "pg")
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    server.start()
    atexit.register(server.stop)
    return server


def _administer(server: PostgresServer, statement: str) -> None:
    with psycopg.connect(server.url().replace("postgresql+psycopg", "postgresql"), autocommit=True) as connection:
        connection.execute(statement.encode())


def connected(url: str, directory: Path) -> Product:
    """The product on a database that is there already."""
    settings = {"DEMO": "1", "DATABASE_URL": url, "DATA_DIR": str(directory), "SECRET_KEY": "0" * 64}
    return build(Settings.from_env(settings), clock=FixedClock(NOON))


def _prepared(url: str, directory: Path) -> Iterator[Product]:
    product = connected(url, directory)
    preparation.migrate(product)
    preparation.calendar(product)
    product.runtime.execute(DeployDiagrams(FILES), DEPLOYER)
    yield product
    product.database.dispose()


class Walk:
    """A case that goes round its loop; ``lap`` answers everything that is open until the next lap begins."""

    def __init__(self, product: Product, process_id: str, steps: int, **variables: Any) -> None:
        self.runtime = product.runtime
        started = self.runtime.execute(StartCase(process_id, variables={**VARIABLES, **variables}), REQUESTER)
        self.case_id = started.case_id
        self.steps = steps

    def open_items(self) -> list[Any]:
        with self.runtime.reading() as db:
            columns = WorkItem.id, WorkItem.element_id, WorkItem.assignee
            return list(db.execute(select(*columns).where(WorkItem.case_id == self.case_id).order_by(WorkItem.id)))

    def complete(self, item: Any) -> None:
        actor = REQUESTER if item.assignee else OFFICER
        self.runtime.execute(CompleteWorkItem(item.id, answers(item.element_id)), actor)
