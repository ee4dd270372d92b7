"""``python -m card_bridge``: run the bridge, enrol it, or look whether a reader and a card are there."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import threading
from dataclasses import replace
from pathlib import Path

from card_bridge import __version__
from card_bridge.bridge import Bridge
from card_bridge.enrol import ServerRefused, enrol, server_key
from card_bridge.keys import SigningKey, load_or_make, store_for
from card_bridge.local_server import LocalServer
from card_bridge.outbound import Outbound
from card_bridge.settings import Settings, SettingsError, check, default_directory, load
from card_bridge.watch import State, Watch


def say(text: str = "") -> None:
    """Say something to the person at the console."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main(arguments: list[str] | None = None) -> int:
    """The program; gives its exit code."""
    parser = argparse.ArgumentParser("card_bridge", description="Reads Thai ID cards for the pages of one server.")
    parser.add_argument("--directory", type=Path, default=default_directory(), help="where settings and key are kept")
    parser.add_argument("--version", action="version", version=__version__)
    verbs = parser.add_subparsers(dest="verb")
    verbs.add_parser("run", help="serve until Ctrl-C (the default)")
    enrolling = verbs.add_parser("enrol", help="make this computer known to the server")
    enrolling.add_argument("server", help="such as https://sitthi.example")
    enrolling.add_argument("code", help="the code the administrator gave")
    verbs.add_parser("check", help="say whether reader and card are there")
    setting = verbs.add_parser("set", help="change a setting")
    setting.add_argument("name", choices=("port", "outbound", "compatible", "test_readers"))
    setting.add_argument("value")
    asked = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    try:
        settings = load(asked.directory)
        if asked.verb == "enrol":
            return _enrol(settings, asked.server, asked.code)
        if asked.verb == "set":
            return _set(settings, asked.name, asked.value)
        return _check() if asked.verb == "check" else _run(settings)
    except (SettingsError, ServerRefused, ValueError, PermissionError) as error:
        say(f"! {error}")
        return 1


def _key(settings: Settings) -> SigningKey:
    return load_or_make(store_for(settings.directory), settings.device_id)


def _enrol(settings: Settings, server: str, code: str) -> int:
    settings.directory.mkdir(parents=True, exist_ok=True)
    key = _key(settings)
    enrol(settings, key, server, code).save()
    say("ลงทะเบียนแล้ว ให้ผู้ดูแลระบบเทียบลายนิ้วมือกุญแจต่อไปนี้แล้วอนุมัติ")
    say("Enrolled; the administrator compares this fingerprint and approves:")
    say(f"  {key.fingerprint}")
    return 0


def _set(settings: Settings, name: str, value: str) -> int:
    parsed: object = int(value) if name == "port" else value.lower() in ("1", "on", "true", "yes")
    changed = replace(settings, **{name: parsed})  # type: ignore[arg-type]
    check(changed)
    changed.save()
    say(f"{name} = {parsed}")
    return 0


def _check() -> int:
    seen: list[State] = []
    told = threading.Event()

    def changed(state: State) -> None:
        seen.append(state)
        told.set()

    watch = Watch(changed)
    watch.start()
    told.wait(3)
    _tell(watch.state)
    watch.stop()
    return 0 if watch.state.code == "ready" or (seen and seen[-1].code == "ready") else 1


def _tell(state: State) -> None:
    thai, english = state.words
    say(f"• {thai} / {english}")


def _run(settings: Settings) -> int:
    bridge = Bridge(settings, _key(settings), server_key(settings))
    watch = Watch(_tell)
    try:
        server = LocalServer(bridge, watch)
    except OSError as error:
        raise SettingsError(
            f"port {settings.port} is in use ({error.strerror}); close the other program,"
            " or choose another: python -m card_bridge set port N"
        ) from error
    say(f"โปรแกรมอ่านบัตร {__version__} พร้อมที่ http://127.0.0.1:{server.port}/ (Ctrl-C เพื่อปิด)")
    if not settings.enrolled:
        say("! ยังไม่ได้ลงทะเบียน / not enrolled: python -m card_bridge enrol SERVER CODE")
    watch.start()
    outbound = Outbound(bridge) if settings.outbound and settings.enrolled else None
    if outbound is not None:
        outbound.start()
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    threading.Thread(target=server.serve_forever, name="local", daemon=True).start()
    while not stopped.wait(0.5):  # a wait without end cannot be interrupted on Windows
        pass
    server.shutdown()
    watch.stop()
    if outbound is not None:
        outbound.stop()
    say("ปิดแล้ว / closed")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
