"""What all resources of the API share: authentication first, keys as numbers, times and keys as text."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint
from werkzeug.routing import BaseConverter, ValidationError

from app.api.authentication import authenticate
from app.errors import InvalidRequest
from workflows.errors import Text

TENANT = "<default>"


def resource(name: str, prefix: str = "/v2") -> Blueprint:
    """A blueprint whose every route that is not public demands an authenticated caller."""
    made = Blueprint(f"api_{name}", __name__, url_prefix=prefix)
    made.before_request(authenticate)
    return made


class KeyConverter(BaseConverter):
    """A key in a path; anything that no row can have is a path that does not exist."""

    regex = "[0-9]{1,25}"

    def to_python(self, value: str) -> int:
        number = int(value)
        if number >= 2**63:
            raise ValidationError
        return number


def when(moment: datetime | None) -> str | None:
    """A moment as the API writes it: UTC, milliseconds, Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z") if moment else None


def key(number: int | None) -> str | None:
    """A key as the API writes it."""
    return str(number) if number is not None else None


def refuse_other_tenant(tenant: str | None) -> None:
    """This installation has one tenant. Raises InvalidRequest for any other."""
    if tenant not in (None, TENANT):
        raise InvalidRequest(
            Text(f"ระบบนี้มีผู้เช่าเดียว: {TENANT}", f"This installation has one tenant only: {TENANT}"), tenant=tenant
        )
