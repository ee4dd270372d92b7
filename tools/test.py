"""Run the whole suite: ``tools/test.py [pytest arguments]``. Two workers unless the arguments say otherwise."""

import os
import sys

arguments = sys.argv[1:]
if not any(argument.startswith("-n") for argument in arguments):
    arguments = ["-n", os.environ.get("TEST_WORKERS", "2"), "--dist", "loadfile", *arguments]
os.execv(sys.executable, [sys.executable, "-m", "pytest", *arguments])
