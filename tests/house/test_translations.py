"""Whoever reads English reads everything in English."""

from __future__ import annotations

from tools.translations import translated, untranslated, used


def test_every_text_of_the_shell_has_english() -> None:
    assert len(used()) > 100, "the search for texts finds none"
    assert untranslated(translated()) == [], "run `make translations` and fill in app/translations/en"
