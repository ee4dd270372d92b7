"""The first version of every editable text, one file each; the file name without ``.txt`` is the key.

In a mail the first line is the subject. ``{name}`` places are filled by ``workflows.operators.notices``.
"""

from __future__ import annotations

from pathlib import Path


def texts() -> dict[str, str]:
    """Key → text, without the line end of the file."""
    folder = Path(__file__).resolve().parent
    return {path.stem: path.read_text("utf-8").rstrip("\n") for path in sorted(folder.glob("*.txt"))}
