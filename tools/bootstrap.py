"""Set up everything that a make target needs, from nothing but Python 3.11: ``bootstrap.py run|test``.

Steps that are already done are skipped (each leaves a stamp holding the hash of what it was made from), so a second
call takes a fraction of a second. Only the standard library is used, in syntax that an old Python still parses, so
that it can say what is missing.
"""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Iterable, NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / "python"
NEEDED = (3, 11)
LOCKS = {"run": ["requirements.txt"], "test": ["requirements.txt", "requirements-dev.txt"]}
ASSETS_SECONDS = 45  # after everything else is done
BASE_PACKAGES = ["python3-venv"]


def say(text: str) -> None:
    print("sitthi: " + text, file=sys.stderr, flush=True)


def stop(text: str) -> NoReturn:
    say(text)
    raise SystemExit(1)


def digest(paths: Iterable[Path]) -> str:
    """One hash over the names and contents of files; changes when any of them does."""
    total = hashlib.sha256(repr(sys.version_info[:2]).encode())
    for path in sorted(paths):
        total.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


class Stamp:
    """Remembers in ``.venv`` from what a step was last made."""

    def __init__(self, name: str, paths: Iterable[Path]) -> None:
        self.file = VENV / ".done" / name
        self.value = digest(paths)

    def fresh(self) -> bool:
        return self.file.is_file() and self.file.read_text() == self.value

    def set(self) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(self.value)


def find_python() -> str:
    """This interpreter if it is new enough, else a newer one on the PATH."""
    if sys.version_info >= NEEDED:
        return sys.executable
    for name in ("python3.14", "python3.13", "python3.12", "python3.11"):
        found = shutil.which(name)
        if found:
            return found
    stop(
        "Python 3.11 or newer is needed; this is %d.%d. Install it, or say which: make PYTHON=/path/to/python3.11"
        % sys.version_info[:2]
    )


def can_make_venv(python: str) -> bool:
    return subprocess.call([python, "-c", "import venv, ensurepip"], stderr=subprocess.DEVNULL) == 0


def make_venv() -> None:
    if PYTHON.exists() and subprocess.call([str(PYTHON), "-c", "import pip"], stderr=subprocess.DEVNULL) == 0:
        return
    python = find_python()
    if not can_make_venv(python):
        install_base_packages()
    if not can_make_venv(python):
        stop(
            "Python on this machine cannot make virtual environments. On Debian or Ubuntu: apt-get install python3-venv"
        )
    say("making .venv with " + python)
    shutil.rmtree(str(VENV), ignore_errors=True)
    subprocess.check_call([python, "-m", "venv", str(VENV)])


def install_base_packages() -> None:
    """Debian splits venv off Python: fetch it where this user may."""
    if not shutil.which("apt-get") or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return
    say("installing " + " ".join(BASE_PACKAGES))
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    for arguments in (["update", "-q"], ["install", "-y", "-q", "--no-install-recommends"] + BASE_PACKAGES):
        subprocess.call(["apt-get", "-o", "DPkg::Lock::Timeout=300"] + arguments, env=environment, stdout=sys.stderr)


def pip_install(*arguments: str) -> bool:
    """Whether pip could install; bytecode is left to the first import, which needs a part of it only."""
    command = [str(PYTHON), "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input", "--no-compile"]
    return subprocess.call(command + list(arguments), stdout=sys.stderr) == 0


def install(*locks: str) -> None:
    """Install pinned, hash-checked packages; nothing is resolved, so nothing can drift."""
    stamp = Stamp("packages-" + "-".join(lock.partition(".")[0] for lock in locks), [ROOT / lock for lock in locks])
    if stamp.fresh():
        return
    say("installing " + " and ".join(locks))
    files = [part for lock in locks for part in ("-r", str(ROOT / lock))]
    if not pip_install("--require-hashes", "--no-deps", *files):
        stop("the packages could not be installed; see the lines above (is the package index reachable?)")
    stamp.set()


def install_card_reader() -> None:
    """The card bridge's own packages, for its tests; they are compiled here, so they may fail where no compiler is."""
    lock = ROOT / "card_bridge" / "requirements.txt"
    if not lock.is_file() or Stamp("packages-card-bridge", [lock]).fresh():
        return
    say("installing card_bridge/requirements.txt")
    if pip_install("-r", str(lock)):
        Stamp("packages-card-bridge", [lock]).set()
    else:
        say("the card reader library could not be compiled (libpcsclite-dev, swig, gcc): no card reader tests")


def compile_translations() -> None:
    catalogues = sorted((ROOT / "app" / "translations").glob("*/LC_MESSAGES/*.po"))
    if not catalogues:
        return
    stamp = Stamp("translations", catalogues)
    if stamp.fresh() and all(catalogue.with_suffix(".mo").is_file() for catalogue in catalogues):
        return
    say("compiling translations")
    subprocess.check_call(
        [str(BIN / "pybabel"), "-q", "compile", "--directory", str(ROOT / "app" / "translations")], stdout=sys.stderr
    )
    stamp.set()


class Assets:
    """The browser bundle, built while packages are installed; without it everything but the editors still works."""

    def __init__(self) -> None:
        files = (ROOT / "app" / "frontend").rglob("*")
        self.stamp = Stamp("assets", [path for path in files if path.is_file() and "node_modules" not in path.parts])
        self.process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        if self.stamp.fresh() and (ROOT / "app" / "static" / "dist" / "manifest.json").is_file():
            return
        if not has_node():
            install("requirements-build.txt")
        say("building browser assets")
        # as a file and isolated: the packages that the app itself imports are only being installed
        build = [str(PYTHON), "-I", str(ROOT / "app" / "assets.py")]
        self.process = subprocess.Popen(build, stdout=sys.stderr, cwd=str(ROOT), start_new_session=True)

    def finish(self) -> None:
        if self.process is None:
            return
        try:
            code = self.process.wait(timeout=ASSETS_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            code = 1
        if code == 0:
            self.stamp.set()
        else:
            say(
                "the browser bundle could not be built (is the npm registry reachable?): everything works but the"
                " in-browser diagram editors, and those pages say so. The next start tries again."
            )


def has_node() -> bool:
    """Whether the machine's own Node.js is new enough (18) to build with."""
    if not shutil.which("node") or not shutil.which("npm"):
        return False
    answer = subprocess.run(["node", "--version"], stdout=subprocess.PIPE).stdout.decode()
    return answer.startswith("v") and int(answer[1:].split(".")[0]) >= 18


def main(purpose: str) -> None:
    os.chdir(str(ROOT))
    make_venv()
    assets = Assets()
    assets.start()
    install(*LOCKS[purpose])
    if purpose == "test":
        install_card_reader()
    compile_translations()
    assets.finish()


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in LOCKS:
        stop("usage: bootstrap.py run|test")
    main(sys.argv[1])
