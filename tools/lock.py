"""Write the locks anew from what each requirements*.in asks for: every version and every hash."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ["requirements", "requirements-build", "requirements-dev", "card_bridge/requirements"]
COMPILE = [
    "uv",
    "pip",
    "compile",
    "--quiet",
    "--universal",
    "--python-version",
    "3.11",
    "--generate-hashes",
    "--no-header",
]

for lock in LOCKS:
    if (ROOT / f"{lock}.in").is_file():
        program, *arguments = COMPILE
        command = [str(Path(sys.executable).parent / program), *arguments, f"{lock}.in", "-o", f"{lock}.txt"]
        subprocess.run(command, cwd=ROOT, check=True)
        print(f"{lock}.txt")
