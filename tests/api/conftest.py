"""A prepared demonstration behind Flask's own client, and callers who sign in with HTTP Basic."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app import create_app, preparation
from app.demo.people import PASSWORD
from app.wiring import Product, build
from config import Settings
from tests.api import samples
from workflows.actor import DEPLOYER
from workflows.commands.deploy_diagrams import DeployDiagrams

BACKENDS = ("sqlite", "postgresql")


def basic(username: str, password: str = PASSWORD) -> str:
    return "Basic " + b64encode(f"{username}:{password}".encode()).decode()


@dataclass(frozen=True)
class Caller:
    """Somebody who calls the API; ``authorization`` empty for nobody."""

    app: Flask
    authorization: str

    def __call__(self, method: str, path: str, body: Any = None, **options: Any) -> TestResponse:
        headers = {
            **({"Authorization": self.authorization} if self.authorization else {}),
            **options.pop("headers", {}),
        }
        if body is not None:
            options["json"] = body
        return self.app.test_client().open(path, method=method, headers=headers, **options)

    def post(self, path: str, body: Any = None, status: int = 200, **options: Any) -> Any:
        return self._expect(self("POST", f"/v2/{path}", body, **options), status)

    def get(self, path: str, status: int = 200, **options: Any) -> Any:
        return self._expect(self("GET", f"/v2/{path}", **options), status)

    def find(self, what: str, page: dict[str, Any] | None = None, sort: Any = None, **filters: Any) -> list[Any]:
        """The items of a search."""
        body = {"filter": filters, **({"page": page} if page else {}), **({"sort": sort} if sort else {})}
        items: list[Any] = self.post(f"{what}/search", body)["items"]
        return items

    @staticmethod
    def _expect(answer: TestResponse, status: int) -> Any:
        assert answer.status_code == status, f"{answer.request.path}: {answer.status_code} {answer.text[:600]}"
        return answer.json if answer.text else None


As = Callable[..., Caller]


def demonstration(url: str, data: Any) -> Flask:
    """The web application on a fresh demo database with the sample processes."""
    settings = Settings(
        database_url=url, secret_key="0" * 64, demo=True, clock_control=True, data_directory=data, base_url="http://x"
    )
    product: Product = build(settings)
    preparation.prepare(product)
    files = {name: make() for name, make in samples.FILES.items()}
    product.runtime.execute(DeployDiagrams(files), DEPLOYER)
    return create_app(settings, product)


@pytest.fixture(scope="session")
def app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One demonstration on SQLite for all tests that do not care; each makes its own cases."""
    with ExitStack() as stack:
        url = stack.enter_context(request.getfixturevalue("sqlite_databases").fresh())
        yield demonstration(url, tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session", params=BACKENDS)
def either_app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The same on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield request.getfixturevalue("app")
        return
    with ExitStack() as stack:
        url = stack.enter_context(request.getfixturevalue("postgres_databases").fresh())
        running = demonstration(url, tmp_path_factory.mktemp("data"))
        yield running
        running.extensions["sitthi"].database.dispose()


@pytest.fixture
def as_(app: Flask) -> As:
    """``as_("requester")`` calls as that person; ``as_("")`` as nobody."""
    return callers(app)


@pytest.fixture
def either(either_app: Flask) -> As:
    """As ``as_``, on both databases."""
    return callers(either_app)


def callers(app: Flask) -> As:
    def make(username: str, password: str = PASSWORD) -> Caller:
        return Caller(app, basic(username, password) if username else "")

    return make


def start(caller: Caller, process: str = "api_order", **variables: Any) -> str:
    """The key of a new case."""
    body = {"processDefinitionId": process, "variables": variables}
    key: str = caller.post("process-instances", body)["processInstanceKey"]
    return key


def task_of(caller: Caller, case: str, element: str | None = None) -> str:
    """The key of the one open task of a case."""
    found = caller.find("user-tasks", processInstanceKey=case, state="CREATED")
    tasks = [task for task in found if element in (None, task["elementId"])]
    assert len(tasks) == 1, found
    key: str = tasks[0]["userTaskKey"]
    return key
