"""A tier is a part of the suite that needs something outside Python; here it skips by name, or fails in CI."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def unavailable(tier: str, missing: str) -> NoReturn:
    """Skip the test because its tier lacks something; with ``CI=true`` fail instead, so that CI never goes green by
    skipping."""
    message = f"no {tier} tests here: {missing}"
    if os.environ.get("CI") == "true":
        pytest.fail(message, pytrace=False)
    pytest.skip(message)
