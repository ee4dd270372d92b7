"""Every error of the engine layer has its status and its page."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import app.errors
import forms
import workflows
from workflows.errors import SitthiError


def all_errors(kind: type[SitthiError] = SitthiError) -> Iterator[type[SitthiError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from all_errors(below)


def test_every_error_is_in_the_table() -> None:
    for package in (workflows, forms):
        for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    ours = {kind for kind in all_errors() if kind.__module__.split(".")[0] in ("workflows", "forms", "app")}
    rows = set(app.errors.TABLE) - {SitthiError}
    missing = {
        f"{kind.__module__}.{kind.__qualname__}" for kind in ours - {SitthiError} if not rows & set(kind.__mro__)
    }
    assert missing == set(), "give each a row of its own, or that of a kind it belongs to"
    assert all(400 <= status < 600 for status, _ in app.errors.TABLE.values())
