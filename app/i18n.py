"""Language and display: Thai first, English in full; dates in the Buddhist era, Bangkok time."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask import Flask, request, session
from flask_babel import Babel

from app.access import product
from workflows.clock import BANGKOK, bangkok_date
from workflows.errors import Text
from workflows.rules import thai_dates

LANGUAGES = ("th", "en")


def language() -> str:
    """The language of this request: chosen before, else Thai."""
    chosen = request.cookies.get("lang") or session.get("lang")
    return chosen if chosen in LANGUAGES else "th"


def install(app: Flask) -> None:
    """Set up translations and the filters templates use."""
    app.config.update(
        BABEL_DEFAULT_LOCALE="th", BABEL_DEFAULT_TIMEZONE="Asia/Bangkok", BABEL_TRANSLATION_DIRECTORIES="translations"
    )
    Babel(app, locale_selector=language)
    filters = {
        "thaidate": thaidate,
        "thaitime": thaitime,
        "thaimonth": thaimonth,
        "due_words": due_words,
        "words": words,
        "filesize": filesize,
    }
    app.jinja_env.filters.update(filters)


def thaidate(value: date | datetime | str | None) -> str:
    """23 พ.ย. 2569"""
    moment = _moment(value)
    return thai_dates.short(moment, language()) if moment else ""


def thaitime(value: datetime | str | None) -> str:
    """14:05 น."""
    moment = _moment(value)
    return thai_dates.clock_time(moment, language()) if isinstance(moment, datetime) else ""


def thaimonth(value: date) -> str:
    """พฤศจิกายน 2569"""
    return thai_dates.month(value, language())


def due_words(value: date | datetime | str | None) -> str:
    """พรุ่งนี้, เกินกำหนด 1 วัน, 30 พ.ย. 2569"""
    moment = _moment(value)
    if moment is None:
        return ""
    return thai_dates.near(moment, bangkok_date(product().runtime.clock.now()), language())


def words(value: Text | str | Any) -> str:
    """A message in the language of the request."""
    if isinstance(value, Text):
        return value.en if language() == "en" else value.th
    return str(value)


def filesize(size: int) -> str:
    """412 KB"""
    return f"{size / 1024 / 1024:.1f} MB" if size >= 1024 * 1024 else f"{max(1, round(size / 1024))} KB"


def _moment(value: date | datetime | str | None) -> date | datetime | None:
    if isinstance(value, str):
        if not value:
            return None
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    if isinstance(value, datetime):
        return value.astimezone(BANGKOK) if value.tzinfo else value
    return value
