"""Every scenario runs twice: as one live object, and dumped and read back after every action."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from tests.engine.running import Running


@pytest.fixture(params=["live", "restored"])
def start(request: pytest.FixtureRequest) -> Any:
    """Starts a case; takes what ``Running`` takes."""
    return partial(Running, restore=request.param == "restored")
