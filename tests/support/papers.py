"""Reading a PDF as its readers do: text by poppler, QR codes by zbar from the printed picture."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tests.support.tiers import unavailable


def text_of(paper: bytes) -> str:
    """The text that a person can search and copy."""
    return _poppler("pdftotext", "-layout", "-", "-", given=paper).decode()


def words_of(paper: bytes) -> str:
    """The text with every stretch of white space as one space: for sentences that run over lines."""
    return " ".join(text_of(paper).split())


def squeezed(text: str) -> str:
    """Text without any white space: Thai lines break between words that no space separates."""
    return "".join(text.split())


def fonts_of(paper: bytes, directory: Path) -> list[tuple[str, bool, bool]]:
    """Name, whether embedded, whether it can be mapped back to text, of every font of a paper."""
    (directory / "paper.pdf").write_bytes(paper)
    rows = _poppler("pdffonts", str(directory / "paper.pdf")).decode().splitlines()[2:]
    return [(row.split()[0].partition("+")[2] or row.split()[0], *_flags(row)) for row in rows]


def pages_of(paper: bytes, directory: Path) -> int:
    (directory / "paper.pdf").write_bytes(paper)
    lines = _poppler("pdfinfo", str(directory / "paper.pdf")).decode().splitlines()
    return int(next(line for line in lines if line.startswith("Pages:")).split()[1])


def qr_codes_of(paper: bytes, directory: Path) -> list[str]:
    """What a phone reads from the printed pages."""
    if shutil.which("zbarimg") is None:
        unavailable("documents", "install the package zbar-tools")
    (directory / "paper.pdf").write_bytes(paper)
    _poppler("pdftoppm", "-r", "150", "-png", str(directory / "paper.pdf"), str(directory / "page"))
    pictures = sorted(directory.glob("page-*.png"))
    found = subprocess.run(["zbarimg", "--quiet", "--raw", *map(str, pictures)], capture_output=True)
    return found.stdout.decode().split()


def _flags(row: str) -> tuple[bool, bool]:
    embedded, _, to_unicode = row.split()[-5:-2]
    return embedded == "yes", to_unicode == "yes"


def _poppler(program: str, *arguments: str, given: bytes | None = None) -> bytes:
    if shutil.which(program) is None:
        unavailable("documents", "install the package poppler-utils")
    return subprocess.run([program, *arguments], input=given, capture_output=True, check=True).stdout
