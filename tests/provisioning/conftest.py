"""A real SCIM server for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.scim import ScimServer, running


@pytest.fixture
def scim() -> Iterator[ScimServer]:
    with running() as server:
        yield server
