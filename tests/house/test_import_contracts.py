"""Each import contract bites: a breach planted in a copy of the product is reported."""

from __future__ import annotations

import configparser
import os
import shutil
import subprocess

import pytest

from tests.house.sources import PRODUCT, ROOT
from tools.check import BIN

# contract -> (file to plant in, what to plant)
BREACHES = {
    "shell-over-engine": ("workflows/rules/planted.py", "import forms"),
    "inside-workflows": ("workflows/projection.py", "import workflows.work"),
    "one-verb-one-file": ("workflows/commands/planted.py", "import workflows.commands.{command}"),
    "pages-are-independent": ("app/pages/planted.py", "import app.pages.{page}"),
    "engine-layer-has-no-web": ("workflows/queries/planted.py", "import flask"),
    "spiff-lives-in-engine": ("workflows/commands/planted.py", "import SpiffWorkflow"),
    "engine-is-pure": ("workflows/operators/planted.py", "import sqlalchemy"),
    "forms-are-plain": ("forms/planted.py", "import workflows.records"),
    "card-bridge-stands-alone": ("card_bridge/planted.py", "import workflows.errors"),
    "intake-stands-alone": ("intake/planted.py", "import workflows.errors"),
    "no-cycles": ("workflows/rules/planted.py", "import workflows.feel.planted"),
}
HALF_OF_THE_CYCLE = ("workflows/feel/planted.py", "import workflows.rules.planted")
UNPLACED = ("workflows/planted.py", "")


def first_module(package: str) -> str:
    return next(path.stem for path in sorted((ROOT / package).glob("[a-z]*.py")))


@pytest.fixture(scope="module")
def breached(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the checker says about a copy of the product with every breach in it."""
    copy = tmp_path_factory.mktemp("breached")
    for package in PRODUCT:
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("node_modules", "static"))
    for file in (".importlinter", "config.py"):
        shutil.copy(ROOT / file, copy / file)
    names = {"command": first_module("workflows/commands"), "page": first_module("app/pages")}
    for file, line in [*BREACHES.values(), HALF_OF_THE_CYCLE, UNPLACED]:
        with (copy / file).open("a") as planted:
            planted.write("\n" + line.format(**names) + "\n")
    done = subprocess.run(
        [BIN / "lint-imports", "--no-logo", "--no-cache"],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy)},
        capture_output=True,
        text=True,
    )
    return done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("contract", BREACHES)
def test_a_breach_of_the_contract_is_reported(contract: str, breached: str) -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / ".importlinter")
    assert f"{config[f'importlinter:contract:{contract}']['name']} BROKEN" in breached, breached[:3000]


@pytest.mark.slow
def test_a_module_without_a_place_is_reported(breached: str) -> None:
    listed = breached.partition("not listed as layers:")[2].partition("(Since")[0]
    assert listed.split() == ["-", "workflows.planted"]


def test_every_contract_has_a_breach() -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / ".importlinter")
    contracts = {section.rpartition(":")[2] for section in config.sections() if ":contract:" in section}
    assert contracts == set(BREACHES), "plant a breach for each contract"
