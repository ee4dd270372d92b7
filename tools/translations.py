"""Keep the English texts complete: ``tools/translations.py`` brings ``app/translations/en`` up to date with the code.

Thai is the source text. New texts enter with an empty translation, texts no longer used leave, translations are kept.
Prints what still lacks one and then exits with an error.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
ENGLISH = ROOT / "app" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
METHODS = [("**/node_modules/**", "ignore"), ("**.py", "python"), ("templates/**", "jinja2")]
OPTIONS = {"templates/**": {"encoding": "utf-8", "silent": "false", "trimmed": "true"}}
SINCE = datetime(2026, 1, 1, tzinfo=UTC)  # a fixed date: bringing up to date twice changes nothing
KEYWORDS = {**DEFAULT_KEYWORDS, "lazy_gettext": None, "_l": None}


def used() -> Catalog:
    """Every text that the shell and its templates show, with the files it is used in; nothing translated yet."""
    catalogue = Catalog("en", project="sitthi", version="1", fuzzy=False, creation_date=SINCE, revision_date=SINCE)
    catalogue.header_comment = "# English texts. Thai is the source; brought up to date by tools/translations.py"
    found = extract_from_dir(str(ROOT / "app"), METHODS, OPTIONS, keywords=KEYWORDS, comment_tags=("i18n:",))
    for file, _line, text, comments, context in found:
        catalogue.add(text, None, [(f"app/{file}", 0)], auto_comments=comments, context=context)
    return catalogue


def translated() -> Catalog:
    """The English catalogue as it is."""
    if not ENGLISH.exists():
        return Catalog(locale="en")
    with ENGLISH.open("rb") as file:
        return read_po(file, locale="en")


def untranslated(catalogue: Catalog) -> list[str]:
    """The texts that lack an English translation, or whose translation is only guessed."""
    return [
        str(message.id)
        for message in used()
        if message.id and not _is_translated(catalogue, message.id, message.context)
    ]


def _is_translated(catalogue: Catalog, text: str | list[str] | tuple[str, ...], context: str | None) -> bool:
    known = catalogue.get(text if isinstance(text, str) else text[0], context)
    if known is None or known.fuzzy:
        return False
    return all(known.string) if isinstance(known.string, list | tuple) else bool(known.string)


def main() -> int:
    old, catalogue = translated(), used()
    for message in catalogue:
        known = old.get(message.id if isinstance(message.id, str) else message.id[0], message.context)
        if message.id and known is not None and not known.fuzzy:
            message.string = known.string
    ENGLISH.parent.mkdir(parents=True, exist_ok=True)
    with ENGLISH.open("wb") as file:
        write_po(file, catalogue, width=120, sort_output=True, include_lineno=False)
    lacking = untranslated(catalogue)
    for text in lacking:
        print(text)
    print(f"{len(catalogue)} texts, {len(lacking)} without English", file=sys.stderr)
    return 1 if lacking else 0


if __name__ == "__main__":
    raise SystemExit(main())
