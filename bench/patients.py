"""A whole authentication over HTTP, from the card in the reader to the claim code.

Rights are looked up, unit, service and card are checked, the identity is proven with the card, the visit is confirmed
and the claim code drawn: three steps of the engine. A hospital's system says all of it in one call of
``POST /api/authentications``; a general client of the engine starts the case, finds the task that waits, answers it,
finds the next and answers that: five calls. Two web processes and PostgreSQL share the cores with the clients.
"""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from threading import Thread
from typing import Any

from sqlalchemy import text

from app.demo.people import PASSWORD
from app.wiring import Product, build
from bench import product as products
from bench.measure import Figure, scaled
from bench.patients_data import DESK, PEOPLE, keep_readings, visit
from bench.patients_floor import SECONDS
from config import Settings
from tests.support.product import Product as Running

CLIENTS = 6
_CLOSE = text("UPDATE authentications SET state = 'closed' WHERE state = 'open' AND pid_index = ANY(:people)")


class Desk(Thread):
    """One client with its own patients, who come again and again; their codes are closed behind the scenes."""

    def __init__(self, running: Running, product: Product, share: int) -> None:
        super().__init__()
        self.product, self.people = product, [person["pid"] for person in PEOPLE[share::CLIENTS]]
        self.indexes = [product.keyring.index("pid", pid) for pid in self.people]
        self.connection = http.client.HTTPConnection("127.0.0.1", running.port)
        key = b64encode(f"{DESK}:{PASSWORD}".encode()).decode()
        self.headers = {"Authorization": f"Basic {key}", "Content-Type": "application/json"}
        self.seconds, self.rate = 0.0, 0.0

    def run(self) -> None:
        """Authenticate patients for some seconds."""
        done, spent = 0, 0.0
        while spent < self.seconds:
            readings = keep_readings(self.product, self.people)
            started = time.monotonic()
            for pid, reading in zip(self.people, readings, strict=True):
                self.authenticate(pid, reading)
            spent += time.monotonic() - started
            done += len(readings)
            with self.product.database.begin() as db:
                db.execute(_CLOSE, {"people": self.indexes})
        self.rate = done / spent

    def authenticate(self, pid: str, reading: str) -> None:
        """One whole case in one call."""
        opened = self.post("/api/authentications", {**visit(pid, reading), "method": "card"})
        if not opened["claim_code"]:
            raise RuntimeError(f"no claim code: {opened}")

    def post(self, path: str, body: Any) -> Any:
        self.connection.request("POST", path, json.dumps(body), self.headers)
        answer = self.connection.getresponse()
        said = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{path}: {answer.status} {said[:300]!r}")
        return json.loads(said) if said else None


class EngineClient(Desk):
    """The same patients through the interface of the engine."""

    def authenticate(self, pid: str, reading: str) -> None:
        """One whole case in five calls."""
        start = {"processDefinitionId": "patient_authentication", "variables": visit(pid, reading)}
        case = self.post("/v2/process-instances", start)["processInstanceKey"]
        for answers in ({"method": "card"}, {"confirm": True}):
            wanted = {"filter": {"processInstanceKey": case, "state": "CREATED"}}
            task = self.post("/v2/user-tasks/search", wanted)["items"][0]["userTaskKey"]
            self.post(f"/v2/user-tasks/{task}/completion", {"variables": answers})


def over_http(running: Running, product: Product, seconds: float, client: type[Desk] = Desk) -> float:
    """Cases per second of all clients together."""
    desks = [client(running, product, share) for share in range(CLIENTS)]
    for desk in desks:
        desk.seconds = seconds
        desk.start()
    for desk in desks:
        desk.join()
    return sum(desk.rate for desk in desks)


def bare(children: list[subprocess.Popen[str]], threads: int) -> float:
    """Cases per second of the floor in its processes, each with so many threads."""
    for child in children:
        assert child.stdin is not None
        child.stdin.write(f"{threads}\n")
        child.stdin.flush()
    return sum(int(child.stdout.readline()) for child in children if child.stdout is not None) / SECONDS


def authentication_case_vs_floor() -> Iterator[Figure]:
    """Goals: ≥ 60 cases a second on two cores; ≤ 1.6 times the bare steps and transactions, as time per case.

    The floor works in two processes with as many threads as there are clients, as the web processes do; its cases per
    second with one thread each, which nothing that serves people can have, are told beside it. So is the same visit
    through the general interface in five calls.
    """
    with products.postgresql() as empty, tempfile.TemporaryDirectory(prefix="sitthi-bench-") as directory:
        url = empty.database.url.render_as_string(hide_password=False)
        running = Running(url, Path(directory), WEB_WORKERS="2", CLOCK_CONTROL="0")
        running.start()
        settings = {"DEMO": "1", "DATABASE_URL": url, "DATA_DIR": directory, "SECRET_KEY": "0" * 64}
        product = build(Settings.from_env(settings))
        command = [sys.executable, "-m", "bench.patients_floor", url, directory]
        children = [
            subprocess.Popen([*command, str(share)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for share in range(2)
        ]
        try:
            for child in children:
                assert child.stdout is not None
                child.stdout.readline()
            for client in (Desk, EngineClient):
                over_http(running, product, 3.0, client)
            rounds = [
                (
                    over_http(running, product, SECONDS),
                    over_http(running, product, SECONDS, EngineClient),
                    bare(children, CLIENTS // 2),
                    bare(children, 1),
                )
                for _ in range(scaled(5))
            ]
        finally:
            for child in children:
                child.kill()
                child.wait()
            running.stop()
            product.database.dispose()
    one_call, five_calls, floor, alone = (median(each) for each in zip(*rounds, strict=True))
    unit = "cases/s (wall, two processes)"
    yield Figure("authentication_case_vs_floor", one_call, unit, floor, rate=True)
    yield Figure("authentication_case_in_five_calls", five_calls, unit, floor, rate=True)
    yield Figure("authentication_floor_without_threads", floor, unit, alone, rate=True)
