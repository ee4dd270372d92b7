"""Run the product on this machine until Ctrl-C: web, and the worker, which first brings the database up to date.

``tools/run.py`` starts the two processes and watches them. When one dies it says which and why, stops the other and
exits with an error: nothing is restarted silently. ``tools/run.py --only deploy`` deploys the diagrams and exits.
"""

from __future__ import annotations

import ctypes
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
READY_SECONDS = 90
STOP_SECONDS = 20
DEMO_DEFAULTS = {"DEMO": "1", "CLOCK_CONTROL": "1", "DEMO_HISTORY": "1500"}
DEFAULTS = {"PORT": "8000", "WEB_WORKERS": "2", "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"}
GUNICORN = ["gunicorn", "wsgi:app", "--preload", "--worker-class", "gthread", "--threads", "8"]
GUNICORN += ["--graceful-timeout", "10", "--log-level", "warning"]
PR_SET_PDEATHSIG = 1


def settings(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment of the product: what the caller set, and the defaults of a demonstration for the rest."""
    demo = DEMO_DEFAULTS if environ.get("DEMO", "1") == "1" else {}
    bind = "127.0.0.1" if demo else "0.0.0.0"  # demo passwords are public, so a demo is not
    return {**DEFAULTS, **demo, "BIND": bind, **environ}


def say(text: str) -> None:
    print(f"sitthi: {text}", flush=True)


def die_with_parent() -> None:
    """Stop when the parent is gone, even if it was killed hard (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def start(arguments: list[str], environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        env=dict(environ),
        start_new_session=True,  # Ctrl-C reaches only the supervisor, which stops its processes in order
        preexec_fn=die_with_parent,
    )


def commands(environ: Mapping[str, str]) -> dict[str, list[str]]:
    web = [*GUNICORN, "--workers", environ["WEB_WORKERS"], "--bind", f"{environ['BIND']}:{environ['PORT']}"]
    return {"web": web, "worker": ["app.worker", "--prepare"]}


def check_settings(environ: Mapping[str, str]) -> None:
    """Say everything that is wrong with the settings once, before anything is started."""
    from config import BadSettings, Settings

    try:
        Settings.from_env(environ)
    except BadSettings as bad:
        say(f"{bad}\nnothing was started")
        raise SystemExit(1) from None


def deploy(environ: Mapping[str, str]) -> int:
    """Bring the database up to date and deploy the diagrams; prints what was new."""
    flask = [sys.executable, "-m", "flask", "--app", "wsgi", "deploy-diagrams"]
    return subprocess.run(flask, cwd=ROOT, env=environ).returncode


def refuse_a_taken_port(environ: Mapping[str, str]) -> None:
    """Say so before anything else is done, instead of dying of it later."""
    port = environ["PORT"]
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", int(port))) == 0:
            say(f"port {port} is taken by another program; stop it, or choose another: PORT=8001 make run")
            raise SystemExit(1)


def ready(environ: Mapping[str, str]) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{environ['PORT']}/readyz", timeout=5):
            return True
    except (urllib.error.URLError, OSError, http.client.HTTPException):  # nobody answers, or not yet in HTTP
        return False


def why(process: subprocess.Popen[bytes]) -> str:
    code = process.returncode
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def watch(processes: Mapping[str, subprocess.Popen[bytes]], environ: Mapping[str, str], stopping: list[int]) -> int:
    """Until a signal or a death; the exit code of the supervisor."""
    deadline = time.monotonic() + READY_SECONDS
    announced = False
    while not stopping:
        for name, process in processes.items():
            if process.poll() is not None:
                say(f"the {name} process died ({why(process)}); stopping the rest")
                return 1
        if not announced and ready(environ):
            say(f"ready at http://127.0.0.1:{environ['PORT']}/ (Ctrl-C stops it)")
            announced = True
        elif not announced and time.monotonic() > deadline:
            say(f"not ready after {READY_SECONDS} s; see http://127.0.0.1:{environ['PORT']}/readyz")
            announced = True
        time.sleep(0.1)
    return 0


def stop(processes: Mapping[str, subprocess.Popen[bytes]]) -> None:
    for process in processes.values():
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for name, process in processes.items():
        try:
            process.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            say(f"the {name} process did not stop in {STOP_SECONDS} seconds; killing it")
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def main(arguments: list[str]) -> int:
    environ = settings(os.environ)
    if arguments == ["--only", "deploy"]:
        return deploy(environ)
    if "MAKELEVEL" in environ:
        die_with_parent()
    check_settings(environ)
    refuse_a_taken_port(environ)
    stopping: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda got, _: stopping.append(got))
    processes: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in commands(environ).items():
            processes[name] = start(command, environ)
        return watch(processes, environ, stopping)
    finally:
        stop(processes)
        say("stopped")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    raise SystemExit(main(sys.argv[1:]))
