"""What tests of pages begin with: the application over a world of its own, and browsers that are signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.demo.people import PASSWORD
from tests.support.world import World


@pytest.fixture
def app(world: World) -> Iterator[Flask]:
    """The application; nobody guards its forms. The world is checked at the end."""
    app = create_app(wired=world.product)
    app.config["WTF_CSRF_ENABLED"] = False
    yield app
    world.check()


@pytest.fixture
def enter(app: Flask) -> Callable[[str], FlaskClient]:
    """A browser in which this demo person is signed in."""

    def signed_in(username: str) -> FlaskClient:
        client = app.test_client()
        assert client.post("/sign-in", data={"username": username, "password": PASSWORD}).status_code == 302
        return client

    return signed_in
