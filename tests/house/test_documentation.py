"""The references name everything there is."""

from __future__ import annotations

import json
import re

import pytest

import workflows
from tests.house.sources import ROOT, tracked_files
from tools.reference import PAGES, forms_page, operators_page
from workflows import operators


@pytest.mark.parametrize("name", PAGES)
def test_a_reference_says_what_there_is(name: str) -> None:
    assert (ROOT / "docs" / name).read_text() == PAGES[name](), "run `make reference`"


def test_the_references_name_every_operator_and_form() -> None:
    listed = operators.documented()
    ids = [json.loads(path.read_text())["id"] for path in sorted((ROOT / "forms").rglob("*.form"))]
    assert listed
    assert ids
    assert [one.type for one in listed if f"## `{one.type}`" not in operators_page() or not one.summary] == []
    assert [form for form in ids if f"## `{form}`" not in forms_page()] == []


def test_every_setting_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text()
    source = (ROOT / "config.py").read_text()
    names = set(re.findall(r'"([A-Z]{4,}(?:_[A-Z]+)*)"', source))
    assert {"PORT", "DATABASE_URL", "SECRET_KEY"} <= names
    assert {name for name in names if f"`{name}`" not in readme} == set()


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs" / "adr"
    index = (folder / "README.md").read_text()
    pages = [path.name for path in sorted(folder.glob("[0-9]*.md"))]
    assert [page for page in pages if f"]({page})" not in index] == []
    assert [int(page[:4]) for page in pages] == list(range(1, len(pages) + 1))


def test_every_link_of_the_documentation_leads_somewhere() -> None:
    broken = []
    for page in (path for path in tracked_files() if path.suffix == ".md"):
        for target in re.findall(r"\]\(([^)#\s]+)|<img src=\"([^\"]+)", page.read_text()):
            link = "".join(target)
            if link and "://" not in link and not (page.parent / link).exists():
                broken.append(f"{page.relative_to(ROOT)}: {link}")
    assert broken == []


def test_the_glossary_knows_every_noun() -> None:
    nouns = re.findall(r"^([A-Z][a-z]+(?: [a-z]+)?) {2,}", workflows.__doc__ or "", re.MULTILINE)
    glossary = (ROOT / "docs" / "glossary.md").read_text()
    assert len(nouns) >= 13
    assert [noun for noun in nouns if f"| {noun} |" not in glossary] == []
