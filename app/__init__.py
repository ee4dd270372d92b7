"""The Flask shell: turns HTTP, time and the command line into commands."""

from __future__ import annotations

import logging
from datetime import timedelta

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from app import access, api, cli, errors, i18n, pages, security, uploads
from app.frame import install as install_frame
from app.wiring import Product, build
from config import Settings

MAX_REQUEST = 12 * 1024 * 1024
"""Bytes of one request: several attachments of 2 MB and a form."""


def create_app(settings: Settings | None = None, wired: Product | None = None) -> Flask:
    """The web application. Boot order: settings, wiring, languages, routes, access rules, errors, headers."""
    settings = settings or (wired.settings if wired else Settings.from_env())
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    app = Flask(__name__, static_url_path="/static")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=MAX_REQUEST,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        MAX_FORM_PARTS=2500,  # thirty people of a unit with their weeks
        SESSION_COOKIE_NAME="__Host-sitthi" if settings.secure_cookies else "sitthi",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=24),
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=settings.secure_cookies,
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(days=365),
    )
    if settings.secure_cookies:  # a TLS proxy stands in front: it says who called and how
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    app.extensions["sitthi"] = wired or build(settings)
    i18n.install(app)
    install_frame(app)
    uploads.install(app)  # before anything reads the body of a request
    csrf = CSRFProtect(app)
    pages.install(app)
    api.install(app, csrf)
    access.install(app)
    errors.install(app)
    security.install(app, https=settings.secure_cookies)
    cli.install(app)
    return app
