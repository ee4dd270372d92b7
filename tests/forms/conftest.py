from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from forms.builder import BoundForm, build, from_json
from workflows import feel
from workflows.rules import citizen_id

NOW = datetime(2026, 11, 22, 17, 5, tzinfo=UTC)  # 23 November 2569, 00:05 in Bangkok
HOLDER = citizen_id.make("09901", 1)
NEWCOMER = citizen_id.make("09901", 2)
DOCUMENTS = {
    "letter": ("letter.pdf", "application/pdf", 90_000),
    "photo": ("card.JPEG", "image/jpeg", 1_000_000),
    "sheet": ("list.xlsx", "application/vnd.ms-excel", 10_000),
    "huge": ("scan.pdf", "application/pdf", 3_000_000),
}


class Register:
    """A register with one unit, one account holder and a few files."""

    def unit(self, code: str) -> Mapping[str, Any] | None:
        return {"code": code, "name": "รพ.สต. ตัวอย่าง", "kind": "รพ.สต."} if code == "99001" else None

    def units(self, query: str, limit: int = 20) -> list[Mapping[str, Any]]:
        return [{"code": "99001", "name": "รพ.สต. ตัวอย่าง"}] if "99001".startswith(query) else []

    def catalogue(self, unit_kind: str) -> list[Mapping[str, Any]]:
        role = {"code": "378", "name": "OP_Hospital", "form": 1}
        return [{"system": "OP", "name": "OP Individual Record", "roles": [role]}] if unit_kind == "รพ.สต." else []

    def account_of(self, pid: str, realm: str) -> Mapping[str, Any] | None:
        return {"username": "6911990010001", "status": "active"} if (pid, realm) == (HOLDER, "DC") else None

    def email_taken(self, email: str, pid: str) -> bool:
        return email == "holder@example.go.th" and pid != HOLDER

    def document(self, document_id: str) -> Mapping[str, Any] | None:
        if document_id not in DOCUMENTS:
            return None
        name, content_type, size = DOCUMENTS[document_id]
        return {"id": document_id, "file_name": name, "content_type": content_type, "size": size, "sha256": "00"}


@pytest.fixture(scope="session")
def posting():
    """Builds a form of components from what a browser posted and validates it."""

    def post(components: list[dict[str, Any]], answers: Any = None, variables: Any = None, **options: Any) -> BoundForm:
        form = build({"components": components}, variables or {}, answers=answers, **world(), **options)
        if answers is not None:
            form.validate()
        return form

    return post


@pytest.fixture(scope="session")
def sending():
    """Builds a form of components from JSON answers and validates it."""

    def send(components: list[dict[str, Any]], answers: Any, variables: Any = None, **options: Any) -> BoundForm:
        form = from_json({"components": components}, variables or {}, answers, **world(), **options)
        form.validate()
        return form

    return send


def world() -> dict[str, Any]:
    """The clock and the register every test form sees."""
    return {"env": feel.Environment(now=lambda: NOW), "lookups": Register()}
