"""Headers of every answer: what a browser may load, embed, remember."""

from __future__ import annotations

from urllib.parse import quote

from flask import Flask, Response, g, request

_STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src {connect}; frame-src 'self'; object-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors {frame}"
)
_DOCUMENT = "sandbox; default-src 'none'; frame-ancestors 'self'; style-src 'unsafe-inline'; img-src 'self' data:"

_PERMISSIONS = "camera=(self), microphone=(), geolocation=(self), payment=(), loopback-network=(self)"


def uses_card_bridge(address: str) -> None:
    """The page of this request may call the card bridge of the PC it is shown on."""
    g.card_bridge = address


def file_answer(data: bytes, content_type: str, name: str, *, download: bool) -> Response:
    """A file of somebody: opened in the page or saved, kept by no cache, running and embedding nothing."""
    g.serves_document = True
    answer = Response(data, content_type=content_type)
    how = "attachment" if download else "inline"
    answer.headers["Content-Disposition"] = f"{how}; filename*=UTF-8''{quote(name)}"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def install(app: Flask, *, https: bool) -> None:
    """Add the headers to every answer."""

    @app.after_request
    def _headers(answer: Response) -> Response:
        document = bool(g.get("serves_document"))
        frame = "'self'" if document else "'none'"
        bridge: str = g.get("card_bridge", "")
        policy = _DOCUMENT if document else _STRICT.format(frame=frame, connect=f"'self' {bridge}".strip())
        answer.headers.setdefault("Content-Security-Policy", policy)
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["X-Frame-Options"] = "SAMEORIGIN" if document else "DENY"
        answer.headers["Referrer-Policy"] = "same-origin"
        answer.headers["Permissions-Policy"] = _PERMISSIONS
        answer.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        if https:
            answer.headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
        if request.endpoint != "static":
            answer.headers.setdefault("Cache-Control", "no-store")
        return answer
