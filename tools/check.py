"""What a developer runs before each commit: every step runs, every failure is shown, one line sums up."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
FAST_TESTS = ["house", "feel", "decisions", "rules", "operators", "forms", "engine"]
GENERATED_CASES = ["*_fuzz.py", "*_walks.py", "*_hostile.py"]  # minutes; `make test` runs them
STEPS: dict[str, list[str]] = {
    "format": ["ruff", "format", "--check", "."],
    "lint": ["ruff", "check", "."],
    "types": ["mypy"],
    "imports": ["lint-imports", "--no-logo", "--no-cache"],
    "diagrams": ["python", "-m", "workflows.engine.gate", "bpmn", "forms"],
    "tests": ["python", "-m", "pytest", "-n", "2", "-m", "not slow and not browser"]
    + [f"--ignore-glob={pattern}" for pattern in GENERATED_CASES]
    + [f"tests/{name}" for name in FAST_TESTS if (ROOT / "tests" / name).is_dir()],
}


def main() -> int:
    failed = []
    for name, (program, *arguments) in STEPS.items():
        print(f"== {name}", flush=True)
        started = time.monotonic()
        if subprocess.run([BIN / program, *arguments], cwd=ROOT).returncode != 0:
            failed.append(name)
        print(f"   {time.monotonic() - started:.1f} s", flush=True)
    print("check: " + (f"FAILED: {', '.join(failed)}" if failed else "all good"))
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
