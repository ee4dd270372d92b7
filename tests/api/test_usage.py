"""Target systems report last uses through the API."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.api.conftest import callers

ENTRY = {"username": "requester2", "system": "ECLAIM", "at": "2020-05-01T09:00:00+07:00"}


def test_a_report_counts_and_names_what_does_not(app: Flask) -> None:
    wrong = {**ENTRY, "username": "nobody"}
    for _ in range(2):
        answer = callers(app)("owner2")("POST", "/api/usage", [ENTRY, wrong, 7])
        assert answer.status_code == 200
        assert answer.json is not None
        assert answer.json["taken"] == 1
        assert [(one["index"], one["username"]) for one in answer.json["errors"]] == [(1, "nobody"), (2, "")]
        assert "nobody" in answer.json["errors"][0]["message"]


@pytest.mark.parametrize(
    ("who", "body", "status"), [("requester", [ENTRY], 403), ("owner2", {"a": 1}, 400), ("owner2", [], 200)]
)
def test_who_may_and_what_is_a_report(app: Flask, who: str, body: object, status: int) -> None:
    assert callers(app)(who)("POST", "/api/usage", body).status_code == status
