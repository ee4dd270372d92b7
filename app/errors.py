"""What each error of the engine layer is on the web: status, problem title, page."""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, Response, current_app, jsonify, request
from sqlalchemy.exc import DataError, OperationalError
from werkzeug.exceptions import HTTPException

from app.i18n import language
from workflows import errors
from workflows.commands.accept_reading import ReadingRefused
from workflows.commands.deploy_diagrams import DiagramsRejected
from workflows.decisions import DecisionError
from workflows.eligibility import NotEligible
from workflows.errors import SitthiError, Text
from workflows.feel import FeelError
from workflows.operators.registry import MissingInput
from workflows.rules.scopes import SCOPES
from workflows.rules.sla import EventsOutOfOrder
from workflows.rules.working_days import OutsideCalendar
from workflows.sealing import SealBroken

log = logging.getLogger(__name__)


class InvalidRequest(SitthiError):
    """The request does not say what it must / คำขอไม่ถูกรูปแบบ"""


class ScopeMissing(SitthiError):
    """This token is not for that / โทเคนนี้ใช้ทำรายการนี้ไม่ได้"""

    def __init__(self, scope: str) -> None:
        name = f"“{scope}” ({SCOPES[scope].th})"
        super().__init__(
            Text(
                f"โทเคนนี้ไม่มีขอบเขต {name} ให้ผู้ดูแลสร้างโทเคนใหม่ที่มีขอบเขตนี้",
                f"The token lacks the scope “{scope}” ({SCOPES[scope].en}): have one made that has it",
            ),
            scope=scope,
        )


TABLE: dict[type[SitthiError], tuple[int, str]] = {
    errors.SitthiError: (500, "INTERNAL_ERROR"),
    errors.NotFound: (404, "NOT_FOUND"),
    errors.NotAllowed: (403, "FORBIDDEN"),
    errors.OwnRequest: (403, "FORBIDDEN"),
    NotEligible: (403, "FORBIDDEN"),
    ReadingRefused: (403, "FORBIDDEN"),
    ScopeMissing: (403, "FORBIDDEN"),
    errors.InvalidAnswers: (400, "INVALID_ARGUMENT"),
    InvalidRequest: (400, "INVALID_ARGUMENT"),
    errors.Conflict: (409, "INVALID_STATE"),
    errors.AlreadyDone: (409, "INVALID_STATE"),
    errors.StaleCase: (409, "INVALID_STATE"),
    errors.DiagramRejected: (400, "INVALID_ARGUMENT"),
    DiagramsRejected: (400, "INVALID_ARGUMENT"),
    errors.EngineIncident: (409, "INVALID_STATE"),
    errors.SnapshotRejected: (500, "INTERNAL_ERROR"),
    errors.TooMany: (429, "RESOURCE_EXHAUSTED"),
    errors.SignInRefused: (401, "UNAUTHORIZED"),
    errors.FileRejected: (400, "INVALID_ARGUMENT"),
    FeelError: (400, "INVALID_ARGUMENT"),
    DecisionError: (400, "INVALID_ARGUMENT"),
    MissingInput: (409, "INVALID_STATE"),
    SealBroken: (500, "INTERNAL_ERROR"),
    EventsOutOfOrder: (409, "INVALID_STATE"),
    OutsideCalendar: (409, "INVALID_STATE"),
}
"""Every error has a row; a test of the house proves it."""

_WORDS = {
    400: Text("คำขอไม่ถูกต้อง กรุณาตรวจแล้วส่งใหม่", "The request is not valid; check it and send it again"),
    401: Text("กรุณาเข้าสู่ระบบ", "Please sign in"),
    403: Text("ท่านไม่มีสิทธิทำรายการนี้", "You may not do this"),
    404: Text("ไม่พบหน้าที่ต้องการ", "There is no such page"),
    405: Text("ทำรายการด้วยวิธีนี้ไม่ได้", "This cannot be done this way"),
    413: Text("ไฟล์หรือข้อมูลใหญ่เกินไป", "The file or form is too large"),
    429: Text("ลองหลายครั้งเกินไป กรุณารอสักครู่", "Too many attempts; wait a little"),
    500: Text("ระบบขัดข้อง เราบันทึกเหตุไว้แล้ว กรุณาลองใหม่", "Something went wrong; it was noted. Please try again"),
    503: Text("ระบบไม่พร้อมชั่วคราว กรุณาลองใหม่ในหนึ่งนาที", "Temporarily unavailable; try again in a minute"),
}


def status_of(error: SitthiError) -> tuple[int, str]:
    """Status and problem title of an error."""
    for kind in type(error).__mro__:
        if kind in TABLE:
            return TABLE[kind]
    return TABLE[SitthiError]


def problem(status: int, title: str, detail: str, **extra: Any) -> Response:
    """An RFC 9457 problem document with the five members that clients of the API insist on."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "instance": request.path}
    answer = jsonify({**body, **extra})
    answer.status_code = status
    answer.content_type = "application/problem+json"
    return answer


def install(app: Flask) -> None:
    """Answer every error with its page, or with a problem document under /v2, /api and /oauth."""

    @app.errorhandler(SitthiError)
    def _ours(error: SitthiError) -> Any:
        status, title = status_of(error)
        if status >= 500:
            log.error("%s at %s: %s", type(error).__name__, request.endpoint, error, exc_info=error)
        return _answer(status, title, error.text, error)

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Any:
        status = error.code or 500
        if 300 <= status < 400:
            return error
        title = (error.name or "ERROR").upper().replace(" ", "_")
        return _answer(status, title, _WORDS.get(status, _WORDS[400 if status < 500 else 500]), None)

    @app.errorhandler(OperationalError)
    def _database(error: OperationalError) -> Any:
        log.error("database at %s: %s", request.endpoint, type(error.orig).__name__)
        answer, status = _answer(503, "SERVICE_UNAVAILABLE", _WORDS[503], None), 503
        answer = app.make_response(answer)
        answer.headers["Retry-After"] = "30"
        return answer, status

    @app.errorhandler(DataError)
    def _unstorable(error: DataError) -> Any:
        log.warning("a value the database cannot hold at %s", request.endpoint)
        return _answer(400, "INVALID_ARGUMENT", _WORDS[400], None)

    @app.errorhandler(Exception)
    def _unforeseen(error: Exception) -> Any:
        log.exception("unforeseen at %s", request.endpoint, exc_info=error)
        return _answer(500, "INTERNAL_ERROR", _WORDS[500], None)


def speaks_json() -> bool:
    """Whether this request is answered with problem documents."""
    return request.path.startswith(("/v2/", "/api/", "/oauth/"))


def _answer(status: int, title: str, text: Text, error: SitthiError | None) -> Any:
    if speaks_json():
        extra: dict[str, Any] = {"detail_th": text.th}
        if isinstance(error, errors.InvalidAnswers):
            extra["errors"] = {key: words.th for key, words in error.errors.items()}
            extra["errors_en"] = {key: words.en for key, words in error.errors.items()}
        if isinstance(error, NotEligible):
            extra["failed"] = error.failed
        if error is not None and error.details.get("who"):
            extra["who"] = error.details["who"]
        if isinstance(error, ScopeMissing):
            extra["scope"] = error.details["scope"]
        answer = problem(status, title, text.en, **extra)
    else:
        # Not render_template: what it gives every page comes from the database, which may be what is wrong
        template = current_app.jinja_env.get_template("errors/error.html")
        page = template.render(status=status, text=text, error=error, lang=language())
        answer = Response(page, status, content_type="text/html; charset=utf-8")
    if status == 401 and speaks_json():
        answer.headers["WWW-Authenticate"] = 'Basic realm="sitthi", charset="UTF-8"'
    if isinstance(error, ScopeMissing):  # as RFC 6750 says it
        answer.headers["WWW-Authenticate"] = f'Bearer error="insufficient_scope", scope="{error.details["scope"]}"'
    if error is not None and error.details.get("retry_after"):
        answer.headers["Retry-After"] = str(error.details["retry_after"])
    return answer
