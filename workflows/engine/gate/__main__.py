"""``python -m workflows.engine.gate bpmn forms``: print every problem; exit status 1 if a file would be refused."""

from __future__ import annotations

import sys
from pathlib import Path

from workflows.engine.gate.folder import inspect_folder


def main(places: list[str]) -> int:
    """Print ``file:line: element: Thai / English`` for each problem of the folders and files."""
    inspections = inspect_folder(*(Path(place) for place in places))
    for name, inspection in inspections.items():
        for problem in inspection.problems:
            sys.stdout.write(f"{name}:{problem}\n")
    refused = sum(not inspection.accepted for inspection in inspections.values())
    sys.stdout.write(f"{len(inspections)} files, {refused} refused\n")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
