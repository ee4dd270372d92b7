"""What every test may ask for. Tests that ask for a database run on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import hypothesis
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.support import browser as browsers
from tests.support import postgres
from tests.support.databases import PostgresDatabases, SqliteDatabases
from tests.support.product import Product
from tests.support.tiers import unavailable
from tests.support.world import World

# A busy machine is not a failure, and in CI the same commit gives the same answer.
hypothesis.settings.register_profile("here", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") == "true" else "here")

BACKENDS = ("sqlite", "postgresql")
NewDatabase = Callable[..., str]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if fixtures & {
            "database_url",
            "clean_database_url",
            "empty_database_url",
            "postgresql_url",
            "world",
            "shared_world",
        }:
            item.add_marker(pytest.mark.database)
        if "browser" in fixtures:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def run_owner() -> int:
    """The process that lives as long as the whole test run: this one, or the one that started the parallel workers."""
    return os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()


@pytest.fixture(scope="session")
def run_directory(run_owner: int, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory that all workers of this test run share."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / f"shared-{run_owner}"
    shared.mkdir(exist_ok=True)
    return shared


@pytest.fixture(scope="session")
def sqlite_databases(run_directory: Path, tmp_path_factory: pytest.TempPathFactory) -> SqliteDatabases:
    return SqliteDatabases(run_directory, tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_databases(run_directory: Path, run_owner: int) -> PostgresDatabases:
    if postgres.binaries() is None:
        unavailable("PostgreSQL", "install the package postgresql")
    socket_directory = Path(tempfile.gettempdir()) / f"sitthi-pg-{run_owner}"  # short: a socket's path has 107 letters
    return PostgresDatabases(run_directory, socket_directory, run_owner, os.environ.get("PYTEST_XDIST_WORKER", "main"))


def _new(request: pytest.FixtureRequest, backend: str, stack: ExitStack, **state: bool) -> str:
    databases: SqliteDatabases | PostgresDatabases
    databases = request.getfixturevalue("sqlite_databases" if backend == "sqlite" else "postgres_databases")
    return stack.enter_context(databases.fresh(**state))


@pytest.fixture(scope="module", params=BACKENDS)
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a fresh, migrated database for this test module; each test runs once per kind of database."""
    with ExitStack() as stack:
        yield _new(request, request.param, stack)


@pytest.fixture(params=BACKENDS)
def clean_database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """As ``database_url``, but fresh for every single test."""
    with ExitStack() as stack:
        yield _new(request, request.param, stack)


@pytest.fixture(params=BACKENDS)
def empty_database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a database without any table, of either kind."""
    with ExitStack() as stack:
        yield _new(request, request.param, stack, empty=True)


@pytest.fixture(scope="module")
def sqlite_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh, migrated SQLite database for this module, where the kind of database does not matter."""
    with ExitStack() as stack:
        yield _new(request, "sqlite", stack)


@pytest.fixture(scope="module")
def postgresql_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh, migrated PostgreSQL database for this module."""
    with ExitStack() as stack:
        yield _new(request, "postgresql", stack)


@pytest.fixture(params=BACKENDS)
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """The wired product on a fresh database of its own, with the demo people and a clock that stands still."""
    with ExitStack() as stack:
        world = World(_new(request, request.param, stack, prepared=True), tmp_path)
        yield world
        world.close()


@pytest.fixture(scope="module", params=BACKENDS)
def shared_world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """As ``world``, but one for all tests of a module: for tests that only look, or bring a case of their own."""
    with ExitStack() as stack:
        world = World(_new(request, request.param, stack, prepared=True), tmp_path_factory.mktemp("world"))
        yield world
        world.close()


@pytest.fixture(scope="module")
def product(sqlite_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The whole product on a fresh demo database, web and worker in their own processes."""
    running = Product(sqlite_url, tmp_path_factory.mktemp("product"))
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real headless Chromium."""
    if browsers.executable() is None:
        unavailable("browser", "install the package chromium")
    with sync_playwright() as playwright:
        running = browsers.launch(playwright)
        yield running
        running.close()


@pytest.fixture
def page(browser: Browser, product: Product) -> Iterator[Page]:
    """A fresh browser window on the running product; the test fails if the page breaks its policy or throws."""
    with browsers.watched_page(browser, product.url) as page:
        yield page
