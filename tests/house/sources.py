"""The files that house rules look at."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
PRODUCT = ("app", "workflows", "forms", "card_bridge", "intake")


def python_files(*packages: str) -> list[Path]:
    """The Python files of packages (all of the product when none is named) and of the root."""
    roots = packages or PRODUCT
    files = [path for package in roots for path in sorted((ROOT / package).rglob("*.py"))]
    return [path for path in files if "node_modules" not in path.parts] + (
        sorted(ROOT.glob("*.py")) if not packages else []
    )


def tracked_files() -> list[Path]:
    """Every file under version control, or every file of an unpacked release."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [path for name in listing.decode().split("\0") if name and (path := ROOT / name).is_file()]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))
