"""A whole authentication over HTTP, as a program at the desk makes it.

The patient's card is in the reader. ``POST /v2/process-instances`` looks up the rights and checks unit, service and
card; the desk finds its task, proves the identity with the card, finds the next task, confirms, and the claim code is
drawn: five requests, three steps of the engine. Two web processes and PostgreSQL share the cores with the clients.
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
        """One whole case."""
        start = {"processDefinitionId": "patient_authentication", "variables": visit(pid, reading)}
        case = self.post("process-instances", start)["processInstanceKey"]
        for answers in ({"method": "card"}, {"confirm": True}):
            wanted = {"filter": {"processInstanceKey": case, "state": "CREATED"}}
            task = self.post("user-tasks/search", wanted)["items"][0]["userTaskKey"]
            self.post(f"user-tasks/{task}/completion", {"variables": answers})

    def post(self, path: str, body: Any) -> Any:
        self.connection.request("POST", f"/v2/{path}", json.dumps(body), self.headers)
        answer = self.connection.getresponse()
        said = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{path}: {answer.status} {said[:300]!r}")
        return json.loads(said) if said else None


def over_http(running: Running, product: Product, seconds: float) -> float:
    """Cases per second of all clients together."""
    desks = [Desk(running, product, share) for share in range(CLIENTS)]
    for desk in desks:
        desk.seconds = seconds
        desk.start()
    for desk in desks:
        desk.join()
    return sum(desk.rate for desk in desks)


def bare(children: list[subprocess.Popen[str]]) -> float:
    """Cases per second of the floor in its processes."""
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    return sum(int(child.stdout.readline()) for child in children if child.stdout is not None) / SECONDS


def authentication_case_vs_floor() -> Iterator[Figure]:
    """Goals: ≥ 60 cases a second on two cores; ≤ 1.6 times the bare steps and transactions, as time per case."""
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
            over_http(running, product, 3.0)
            rounds = [(over_http(running, product, SECONDS), bare(children)) for _ in range(scaled(5))]
        finally:
            for child in children:
                child.kill()
                child.wait()
            running.stop()
            product.database.dispose()
    ours, floor = median(each[0] for each in rounds), median(each[1] for each in rounds)
    yield Figure("authentication_case_vs_floor", ours, "cases/s (wall, two processes)", floor, rate=True)
